import { parseSteps } from '../../lib/imaging/steps.ts';
import { monotoneCurve } from '../../lib/vision/monotone-curve.ts';
import { gray, rgb } from '../harness/drawing.ts';
import { fixture } from '../harness/fixtures.ts';
import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';

const ramp = () => gray(Buffer.from(Array.from({ length: 256 }, (_, i) => i)), 256, 1);

test('the curve goes through its points and is level beyond them', async () => {
  const points = [
    [32, 10],
    [100, 140],
    [220, 250],
  ];
  const levels = await grayPixels((await run('curves', await ramp(), { points })).bytes);
  for (const [from, to] of points) expect(levels[from]).toBe(to);
  expect([levels[0], levels[255]]).toEqual([10, 250]);
  expect(levels.every((level, i) => i === 0 || level >= levels[i - 1])).toBe(true);
});

test('a straight curve changes nothing, and one of a channel changes that alone', async () => {
  const straight = [
    [0, 0],
    [255, 255],
  ];
  const before = await rgb(fixture('coffee.png'));
  expect((await rgb((await run('curves', 'coffee.png', { points: straight })).bytes)).equals(before)).toBe(true);
  const after = await rgb((await run('curves', 'coffee.png', { channel: 'green' })).bytes);
  const differs = [0, 1, 2].map((c) => before.some((sample, i) => i % 3 === c && after[i] !== sample));
  expect(differs).toEqual([false, true, false]);
});

test('between points the curve does not swing beyond them', () => {
  const curve = monotoneCurve([
    [0, 0],
    [100, 5],
    [110, 250],
    [255, 255],
  ]);
  const values = Array.from({ length: 256 }, (_, x) => curve(x));
  expect(values.every((value, x) => x === 0 || value >= values[x - 1] - 1e-9)).toBe(true);
});

test('points out of order are refused', () => {
  const params = {
    points: [
      [100, 0],
      [50, 255],
    ],
  };
  expect(() => parseSteps([{ operation: 'curves', params }])).toThrow(/rising input levels/);
});
