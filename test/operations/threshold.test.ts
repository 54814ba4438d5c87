import { twoRectangles } from '../harness/drawing.ts';
import { fixture } from '../harness/fixtures.ts';
import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';

const objects = (1200 + 1500) / (200 * 120);

test.each([['otsu'], ['triangle']])('%s separates objects from their ground', async (method) => {
  const { measured } = await run('threshold', await twoRectangles(), { method });
  expect(measured.threshold).toBeGreaterThanOrEqual(20);
  expect(measured.threshold).toBeLessThan(180);
  expect(measured.foregroundFraction).toBe(objects);
});

test('only what is brighter than a given value is white', async () => {
  const bright = async (value: number) =>
    (await run('threshold', await twoRectangles(), { method: 'value', value })).measured.foregroundFraction;
  expect(await bright(179)).toBe(objects);
  expect(await bright(180)).toBe(1200 / (200 * 120));
});

test('inverted, the ground is white', async () => {
  const { bytes, measured } = await run('threshold', await twoRectangles(), { invert: true });
  expect(measured.foregroundFraction).toBeCloseTo(1 - objects, 10);
  expect((await grayPixels(bytes))[0]).toBe(255);
});

const { thresholds } = JSON.parse(fixture('analysis.json').toString());

test.each(Object.keys(thresholds).flatMap((name) => [['li', name] as const, ['yen', name] as const]))(
  '%s of %s is that of scikit-image',
  async (method, name) => {
    const { measured } = await run('threshold', name, { method });
    expect(measured.threshold).toBeCloseTo(thresholds[name][method], 6);
  },
);
