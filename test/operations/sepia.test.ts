import { colorOf } from '../harness/color-of.ts';

test.each([
  ['#ffffff', {}, [255, 255, 239]],
  ['#336699', { amount: 0 }, [0x33, 0x66, 0x99]],
] as const)('%s with %j', async (color, params, expected) => {
  const got = await colorOf('sepia', color, params);
  for (const [i, value] of expected.entries()) expect(Math.abs(got[i] - value)).toBeLessThanOrEqual(3);
});
