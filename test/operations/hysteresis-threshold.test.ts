import { parseSteps } from '../../lib/imaging/steps.ts';
import { drawing } from '../harness/drawing.ts';
import { fixture } from '../harness/fixtures.ts';
import { run } from '../harness/run.ts';

const { thresholds } = JSON.parse(fixture('analysis.json').toString());

test.each(Object.keys(thresholds))('%s is parted as by scikit-image', async (name) => {
  const { hysteresis, size } = thresholds[name];
  const { measured } = await run('hysteresis-threshold', name, { low: 100, high: 180, connectivity: 4 });
  expect(Math.round(measured.foregroundFraction * size)).toBe(hysteresis);
});

test('what is faint stays where it touches what is bright', async () => {
  const image = await drawing(60, 20, 10, [
    { x: 5, y: 5, width: 20, height: 4, value: 120 },
    { x: 10, y: 6, width: 2, height: 2, value: 200 },
    { x: 35, y: 5, width: 20, height: 4, value: 120 },
  ]);
  const { measured } = await run('hysteresis-threshold', image, { low: 100, high: 180 });
  expect(measured).toEqual({ count: 1, removed: 1, foregroundFraction: 80 / 1200 });
});

test('a low value above the high one is refused', () => {
  const steps = [{ operation: 'hysteresis-threshold', params: { low: 200, high: 100 } }];
  expect(() => parseSteps(steps)).toThrow(
    expect.objectContaining({ details: expect.objectContaining({ field: 'steps[0].params.low' }) }),
  );
});
