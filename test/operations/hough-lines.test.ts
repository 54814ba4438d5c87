import { drawing, gray } from '../harness/drawing.ts';
import { run } from '../harness/run.ts';

test('a bar has lines along it, with their angle', async () => {
  const { measured } = await run(
    'hough-lines',
    await drawing(200, 100, 20, [{ x: 40, y: 48, width: 120, height: 4, value: 220 }]),
  );
  expect(measured.count).toBeGreaterThanOrEqual(2);
  expect(measured.lines[0].length).toBeGreaterThan(100);
  expect(Math.min(measured.lines[0].angle, 180 - measured.lines[0].angle)).toBeLessThan(2);
});

test('angles are counter-clockwise: a line that rises to the right is below 90°', async () => {
  const size = 200;
  const pixels = Buffer.alloc(size * size);
  // Three pixels wide, at 30°.
  for (let x = 20; x < 180; x++) {
    const y = Math.round(150 - (x - 20) * Math.tan(Math.PI / 6));
    for (const row of [y - 1, y, y + 1]) pixels[row * size + x] = 255;
  }
  const { measured } = await run('hough-lines', await gray(pixels, size, size));
  expect(Math.abs(measured.lines[0].angle - 30)).toBeLessThan(1);
  expect(measured.truncated).toBe(false);
});

test('where more are found than are listed, that is said', async () => {
  const size = 600;
  const noise = Buffer.alloc(size * size);
  for (let i = 0; i < noise.length; i++) noise[i] = (i * 2654435761) % 4294967296 > 2147483648 ? 255 : 0;
  const { measured } = await run('hough-lines', await gray(noise, size, size), { votes: 1, minLength: 1, maxGap: 0 });
  expect(measured.count).toBeGreaterThan(5000);
  expect(measured).toMatchObject({ truncated: true, lines: { length: 5000 } });
});
