import { colorOf } from '../harness/color-of.ts';

test.each([['#404040', { gamma: 0.5 }, [128, 128, 128]]] as const)('%s with %j', async (color, params, expected) => {
  const got = await colorOf('gamma', color, params);
  for (const [i, value] of expected.entries()) expect(Math.abs(got[i] - value)).toBeLessThanOrEqual(3);
});
