import sharp from 'sharp';
import { drawing } from '../harness/drawing.ts';
import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';

const plain = () => drawing(400, 200, 128, []);
/** The box around what differs from the plain picture. */
async function inked(bytes: Uint8Array) {
  const pixels = await grayPixels(bytes);
  const marked = [...pixels.keys()].filter((i) => pixels[i] !== 128);
  const [xs, ys] = [marked.map((i) => i % 400), marked.map((i) => Math.floor(i / 400))];
  const edges = (values: number[]) => [
    values.reduce((a, b) => Math.min(a, b)),
    values.reduce((a, b) => Math.max(a, b)),
  ];
  return { x: edges(xs), y: edges(ys), pixels: marked.length };
}

test('text stands where it should, inside the box that is told', async () => {
  for (const position of ['top-left', 'center', 'bottom-right']) {
    const { bytes, measured } = await run('text', await plain(), { text: '© Łucja Ωж', position, size: 10, margin: 5 });
    const { x, y, pixels } = await inked(bytes);
    const { box } = measured;
    expect(pixels).toBeGreaterThan(300);
    expect(x[0]).toBeGreaterThanOrEqual(box.x);
    expect(y[0]).toBeGreaterThanOrEqual(box.y);
    expect(x[1]).toBeLessThan(box.x + box.width);
    expect(y[1]).toBeLessThan(box.y + box.height);
    const corner = {
      'top-left': [10, 10],
      center: [200 - box.width / 2, 100 - box.height / 2],
      'bottom-right': [390 - box.width, 190 - box.height],
    };
    const [left, top] = corner[position as keyof typeof corner];
    expect(Math.abs(box.x - left)).toBeLessThanOrEqual(1);
    expect(Math.abs(box.y - top)).toBeLessThanOrEqual(1);
  }
});

test('an O has a hole, and a bar the height of its letter', async () => {
  const params = { size: 50, position: 'center', outline: 0, opacity: 100 };
  const ring = await grayPixels((await run('text', await plain(), { ...params, text: 'O' })).bytes);
  const { x, y } = await inked((await run('text', await plain(), { ...params, text: 'O' })).bytes);
  const [middle, center] = [Math.round((y[0] + y[1]) / 2), Math.round((x[0] + x[1]) / 2)];
  expect(ring[middle * 400 + center]).toBe(128);
  expect(ring[middle * 400 + x[0] + 5]).toBe(255);
  // Capitals of DejaVu Sans are 1493 of 2048 units high.
  const letter = await inked((await run('text', await plain(), { ...params, text: 'I' })).bytes);
  expect(Math.abs(letter.y[1] - letter.y[0] + 1 - (100 * 1493) / 2048)).toBeLessThan(2);
});

test('color and opacity are as asked', async () => {
  const params = { text: '■', size: 50, position: 'center', color: '#ff0000', opacity: 50, outline: 0 };
  const { bytes, measured } = await run('text', await plain(), params);
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const { box } = measured;
  const at = 3 * (info.width * Math.round(box.y + box.height * 0.6) + Math.round(box.x + box.width / 2));
  expect([...data.subarray(at, at + 3)]).toEqual([192, 64, 64]);
});

test('lines stand below each other', async () => {
  const one = (await run('text', await plain(), { text: 'abc', size: 10 })).measured.box;
  const two = (await run('text', await plain(), { text: 'abc\nabc', size: 10 })).measured.box;
  expect(two.width).toBe(one.width);
  expect(Math.abs(two.height - one.height - 24)).toBeLessThanOrEqual(1);
});

test.each(['漢字', 'שלום', '🦊'])('%s is refused, as the font cannot show it', async (text) => {
  await expect(run('text', await plain(), { text })).rejects.toThrow(/which the font cannot show/);
});
