/** The same work has the same name. */
import { cacheKey } from '../../lib/tasks/cache-key.ts';

const step = (operation: string, params: Record<string, unknown>) => ({ operation, params });
const work = { inputs: ['a', 'b'], steps: [step('canny', { blur: 1, low: 2 })], output: {}, page: 1 };

test('however its request was written', () => {
  expect(cacheKey({ page: 1, output: {}, steps: [step('canny', { low: 2, blur: 1 })], inputs: ['a', 'b'] })).toBe(
    cacheKey(work),
  );
});

test.each([
  { ...work, inputs: ['b', 'a'] },
  { ...work, inputs: ['a'] },
  { ...work, page: 2 },
  { ...work, output: { format: 'png' as const } },
  { ...work, steps: [step('canny', { blur: 2, low: 2 })] },
  { ...work, steps: [...work.steps, ...work.steps] },
])('other work has another: %j', (other) => {
  expect(cacheKey(other)).not.toBe(cacheKey(work));
});
