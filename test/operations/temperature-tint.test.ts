import sharp from 'sharp';
import { fromLinear } from '../../lib/vision/srgb.ts';
import { rgb } from '../harness/drawing.ts';
import { fixture } from '../harness/fixtures.ts';
import { run } from '../harness/run.ts';

/** A gray card in the light of the given chromaticity, as a camera without white balance sees it. */
async function card(x: number, y: number): Promise<Buffer> {
  const [X, Y, Z] = [x / y, 1, (1 - x - y) / y];
  const light = [
    3.2406 * X - 1.5372 * Y - 0.4986 * Z,
    -0.9689 * X + 1.8758 * Y + 0.0415 * Z,
    0.0557 * X - 0.204 * Y + 1.057 * Z,
  ];
  const [r, g, b] = light.map((value) => Math.round(255 * fromLinear(0.2 * value)));
  return sharp({ create: { width: 8, height: 8, channels: 3, background: { r, g, b } } })
    .png()
    .toBuffer();
}

const pixel = async (file: Uint8Array) => [...(await rgb(file)).subarray(0, 3)];

/** Chromaticities by CIE 15. */
test.each([
  ['A', 2856, 0.4476, 0.4074],
  ['D50', 5003, 0.3457, 0.3585],
  ['D75', 7504, 0.299, 0.3149],
])('a gray card in the light of %s becomes gray at its temperature', async (_, temperature, x, y) => {
  const photo = await card(x, y);
  const spread = (samples: number[]) => Math.max(...samples) - Math.min(...samples);
  const before = spread(await pixel(photo));
  const after = spread(await pixel((await run('temperature-tint', photo, { temperature })).bytes));
  expect(before).toBeGreaterThan(12);
  expect(after).toBeLessThanOrEqual(4);
});

test('a higher temperature is warmer, and a greener light makes the picture less green', async () => {
  const photo = await card(0.3127, 0.329);
  const [r, , b] = await pixel((await run('temperature-tint', photo, { temperature: 9000 })).bytes);
  expect(r - b).toBeGreaterThan(15);
  const [red, green, blue] = await pixel((await run('temperature-tint', photo, { tint: 50 })).bytes);
  expect((red + blue) / 2 - green).toBeGreaterThan(5);
});

test('daylight changes nothing', async () => {
  const { bytes } = await run('temperature-tint', 'coffee.png');
  expect((await rgb(bytes)).equals(await rgb(fixture('coffee.png')))).toBe(true);
});
