import { colorOf } from '../harness/color-of.ts';

test.each([['#102030', {}, [0xef, 0xdf, 0xcf]]] as const)('%s with %j', async (color, params, expected) => {
  const got = await colorOf('invert', color, params);
  for (const [i, value] of expected.entries()) expect(Math.abs(got[i] - value)).toBeLessThanOrEqual(3);
});
