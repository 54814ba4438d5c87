/** What one image costs follows from what was measured. */
import { codecs, costOf, operationCosts, taskCosts } from '../../lib/estimate/image-cost.ts';
import { inputFormats } from '../../lib/estimate/input-formats.ts';
import { parseSteps } from '../../lib/imaging/steps.ts';
import { operations } from '../../lib/operations/registry.ts';

const photo = { output: {}, megapixels: 12, format: 'jpeg' } as const;
const stepsOf = (...steps: object[]) => parseSteps(steps);
const canny = { operation: 'canny' };

test('each operation of the registry has been measured (npm run measure-costs), and nothing else', () => {
  expect(Object.keys(operationCosts).toSorted()).toEqual([...operations.keys()].toSorted());
  for (const cost of Object.values(operationCosts)) {
    for (const { fixed, perMegapixel } of [cost.decodeMs, cost.processMs, cost.encodeMs, cost.resultBytes]) {
      expect(fixed).toBeGreaterThanOrEqual(0);
      expect(perMegapixel).toBeGreaterThanOrEqual(0);
      expect(fixed + perMegapixel).toBeGreaterThan(0);
    }
    expect(cost.resultPixels).toBeGreaterThan(0);
  }
});

test('each format has been measured, and tasks apart from their images', () => {
  expect(Object.keys(codecs)).toEqual([...inputFormats]);
  expect(taskCosts.processMs).toBeGreaterThan(0);
});

test('phases add up, and steps are told apart', () => {
  const cost = costOf({ ...photo, steps: stepsOf({ operation: 'gaussian-blur' }, canny) });
  expect(cost.steps.map(({ operation }) => operation)).toEqual(['gaussian-blur', 'canny']);
  const steps = cost.steps.reduce((sum, { seconds }) => sum + seconds, 0);
  expect(cost.seconds).toBeCloseTo(cost.decodeSeconds + steps + cost.encodeSeconds);
});

test('a chain that reduces the image first costs less', () => {
  const whole = costOf({ ...photo, steps: stepsOf(canny) });
  const reduced = costOf({ ...photo, steps: stepsOf({ operation: 'resize', params: { width: 400 } }, canny) });
  expect(reduced.steps[1].seconds).toBeLessThan(whole.steps[0].seconds / 4);
  expect(reduced.encodeSeconds).toBeLessThan(whole.encodeSeconds);
  expect(reduced.resultBytes).toBeLessThan(whole.resultBytes / 4);
});

test('a crop counts by its own size', () => {
  const cropped = costOf({
    ...photo,
    steps: stepsOf({ operation: 'crop', params: { width: 1000, height: 1000 } }, canny),
  });
  const small = costOf({ ...photo, megapixels: 1, steps: stepsOf(canny) });
  expect(cropped.steps[1].seconds).toBeCloseTo(small.steps[0].seconds);
});

test('a reduced result is smaller and encoded faster', () => {
  const steps = stepsOf({ operation: 'sepia' });
  const [whole, reduced] = [{}, { width: 400 }].map((output) => costOf({ ...photo, steps, output }));
  expect(reduced.encodeSeconds).toBeLessThan(whole.encodeSeconds);
  expect(reduced.resultBytes).toBeLessThan(whole.resultBytes / 4);
});

test('operations that compare read two images', () => {
  const one = costOf({ ...photo, bytes: 1000, steps: stepsOf(canny) });
  const two = costOf({ ...photo, bytes: 1000, steps: stepsOf({ operation: 'difference' }) });
  expect([one.inputs, one.inputBytes, two.inputs, two.inputBytes]).toEqual([1, 1000, 2, 2000]);
});

test('AVIF costs many times as much to write as JPEG', () => {
  const steps = stepsOf({ operation: 'sepia' });
  const [jpeg, avif] = (['jpeg', 'avif'] as const).map((format) => costOf({ ...photo, steps, output: { format } }));
  expect(avif.encodeSeconds).toBeGreaterThan(4 * jpeg.encodeSeconds);
});

test('TIFF gets a rendition that browsers show, a large result one of its own, and all but small ones a thumbnail', () => {
  const steps = stepsOf(canny);
  const renditions = (work: Partial<Parameters<typeof costOf>[0]>) => costOf({ ...photo, steps, ...work }).renditions;
  expect(renditions({ megapixels: 0.1 })).toBe(0);
  expect(renditions({ megapixels: 2 })).toBe(1);
  expect(renditions({ megapixels: 2, format: 'tiff' })).toBe(2);
  expect(renditions({ megapixels: 2, format: 'tiff', output: { format: 'tiff' } })).toBe(3);
});
