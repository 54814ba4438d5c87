import { colorOf } from '../harness/color-of.ts';

test.each([
  ['#404040', { brightness: 20 }, [115, 115, 115]],
  ['#404040', { contrast: -100 }, [128, 128, 128]],
] as const)('%s with %j', async (color, params, expected) => {
  const got = await colorOf('brightness-contrast', color, params);
  for (const [i, value] of expected.entries()) expect(Math.abs(got[i] - value)).toBeLessThanOrEqual(3);
});
