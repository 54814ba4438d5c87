import sharp from 'sharp';
import { drawing, plain } from '../harness/drawing.ts';
import { fixture } from '../harness/fixtures.ts';
import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';

/** The samples of a part of a picture. */
const part = (bytes: Uint8Array, left: number, top: number, width: number, height: number) =>
  sharp(bytes).extract({ left, top, width, height }).removeAlpha().raw().toBuffer();

test('each rectangle is filled, to its last pixel and no further', async () => {
  const image = await drawing(60, 40, 90, []);
  const areas = [
    { left: 0, top: 0, width: 3, height: 2 },
    { left: 50, top: 30, width: 100, height: 100 },
  ];
  const { bytes, measured } = await run('redact', image, { areas, color: '#ffffff' });
  expect(measured).toEqual({
    count: 2,
    boxes: [
      { x: 0, y: 0, width: 3, height: 2 },
      { x: 50, y: 30, width: 10, height: 10 },
    ],
  });
  const pixels = await grayPixels(bytes);
  const expected = Array.from({ length: 60 * 40 }, (_, at) => {
    const [x, y] = [at % 60, Math.floor(at / 60)];
    return (x < 3 && y < 2) || (x >= 50 && y >= 30) ? 255 : 90;
  });
  expect([...pixels]).toEqual(expected);
});

test.each(['pixelate', 'blur'])('%s leaves no more than 4 by 4 colors, also when it is done again', async (method) => {
  const areas = [{ left: 170, top: 60, width: 120, height: 120 }];
  const once = await run('redact', fixture('astronaut.png'), { areas, method });
  // What is left is made of the means of 16 cells, and nothing finer.
  const cells = await sharp(await part(once.bytes, 170, 60, 120, 120), {
    raw: { width: 120, height: 120, channels: 3 },
  })
    .resize(4, 4, { kernel: 'nearest' })
    .raw()
    .toBuffer();
  expect(cells).toHaveLength(48);
  const kept = await part(once.bytes, 0, 200, 512, 100);
  expect(kept.equals(await part(fixture('astronaut.png'), 0, 200, 512, 100))).toBe(true);
  if (method === 'blur') return;
  const pixels = await part(once.bytes, 170, 60, 120, 120);
  const colors = new Set(
    Array.from({ length: 120 * 120 }, (_, i) => pixels.subarray(3 * i, 3 * i + 3).toString('hex')),
  );
  expect(colors.size).toBeLessThanOrEqual(16);
});

test('a rectangle beside the image is refused: nothing would be hidden', async () => {
  const areas = [
    { left: 5, top: 5, width: 9, height: 9 },
    { left: 60, top: 0, width: 9, height: 9 },
  ];
  await expect(run('redact', await plain('#888888'), { areas })).rejects.toThrow(
    'Rectangle 2 at (60, 0) is not inside the image of 60 × 60.',
  );
});
