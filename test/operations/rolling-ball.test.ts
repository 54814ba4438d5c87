import { gray } from '../harness/drawing.ts';
import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';

const size = 160;
const slope = (i: number) => 40 + 0.4 * (i % size) + 0.2 * Math.floor(i / size);
const isDisc = (i: number, reach = 0) =>
  Math.hypot(((i % size) % 40) - 20, (Math.floor(i / size) % 40) - 20) <= 6 + reach;
const image = (negative = false) =>
  gray(
    Buffer.from(
      Array.from({ length: size * size }, (_, i) => {
        const value = Math.round(slope(i) + (isDisc(i) ? 80 : 0));
        return negative ? 255 - value : value;
      }),
    ),
    size,
    size,
  );
const inside = (i: number) => i % size > 4 && i % size < size - 4 && Math.floor(i / size) > 4 && i < size * (size - 4);

// A larger ball is rolled under a smaller image, whose blocks take the least of the slope.
test.each([
  [12, 4],
  [30, 6],
  [80, 9],
])('a ball of %i leaves the discs, and takes the slope under them away within %i', async (radius, most) => {
  const pixels = await grayPixels((await run('rolling-ball', await image(), { radius })).bytes);
  const off = (index: number, truth: number) => Math.abs(pixels[index] - truth);
  const indices = Array.from({ length: size * size }, (_, i) => i).filter(inside);
  expect(Math.max(...indices.filter((i) => !isDisc(i, 1)).map((i) => off(i, 0)))).toBeLessThanOrEqual(most);
  const discs = indices.filter((i) => isDisc(i)).map((i) => pixels[i]);
  expect(Math.abs(discs.reduce((sum, value) => sum + value, 0) / discs.length - 80)).toBeLessThanOrEqual(most);
});

test('the background is that of the slope; on bright ground all is the other way round', async () => {
  const background = await grayPixels(
    (await run('rolling-ball', await image(), { radius: 30, output: 'background' })).bytes,
  );
  const middle = 20 * size + 20;
  expect(Math.abs(background[middle] - slope(middle))).toBeLessThanOrEqual(6);
  const dark = await grayPixels((await run('rolling-ball', await image(), { radius: 30 })).bytes);
  const bright = await grayPixels(
    (await run('rolling-ball', await image(true), { radius: 30, background: 'bright' })).bytes,
  );
  expect(bright).toEqual(dark.map((value) => 255 - value));
});
