import { colorOf } from '../harness/color-of.ts';

test.each([
  ['#ff0000', { hue: 120 }, [0, 255, 0]],
  ['#ff0000', { saturation: -100 }, [255, 255, 255]],
] as const)('%s with %j', async (color, params, expected) => {
  const got = await colorOf('hue-saturation', color, params);
  for (const [i, value] of expected.entries()) expect(Math.abs(got[i] - value)).toBeLessThanOrEqual(3);
});
