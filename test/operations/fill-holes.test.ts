import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';
import { squares } from '../harness/shapes.ts';

/** Two squares with holes of 4 and 36 pixels, and a bay that is open to the border. */
const holed = () =>
  squares(
    100,
    60,
    [
      [10, 10, 20],
      [50, 10, 30],
      [90, 20, 10],
    ],
    [
      [18, 18, 2],
      [60, 20, 6],
      [96, 24, 4],
    ],
  );
const mask = async (params: object) => grayPixels((await run('fill-holes', await holed(), params)).bytes);

test('all holes are filled, and what is open to the border is none', async () => {
  const { measured } = await run('fill-holes', await holed());
  expect(measured).toMatchObject({ holes: 2, filledPixels: 40 });
  const whole = await squares(
    100,
    60,
    [
      [10, 10, 20],
      [50, 10, 30],
      [90, 20, 10],
    ],
    [[96, 24, 4]],
  );
  expect(await mask({})).toEqual(await grayPixels(whole));
});

test('up to a size, the larger ones stay', async () => {
  const filled = await squares(
    100,
    60,
    [
      [10, 10, 20],
      [50, 10, 30],
      [90, 20, 10],
    ],
    [
      [60, 20, 6],
      [96, 24, 4],
    ],
  );
  expect(await mask({ maxArea: 35 })).toEqual(await grayPixels(filled));
  expect((await run('fill-holes', await holed(), { maxArea: 36 })).measured.holes).toBe(2);
});

test('a hole closed in by pixels that meet at corners is one for 8 neighbors only', async () => {
  const ring = () =>
    squares(20, 20, [
      [9, 8, 1],
      [8, 9, 1],
      [10, 9, 1],
      [9, 10, 1],
    ]);
  expect((await run('fill-holes', await ring())).measured.holes).toBe(1);
  expect((await run('fill-holes', await ring(), { connectivity: 4 })).measured.holes).toBe(0);
});
