import sharp from 'sharp';
import { parseSteps } from '../../lib/imaging/steps.ts';
import { rgb } from '../harness/drawing.ts';
import { fixture } from '../harness/fixtures.ts';
import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';

const { stains: expected } = JSON.parse(fixture('analysis.json').toString());
const names = ['hematoxylin', 'eosin', 'dab'];

test.each(names)('%s is what scikit-image separates', async (stain) => {
  const { bytes, width, measured } = await run('stain-unmixing', expected.image, { stain });
  const pixels = await grayPixels(bytes);
  const index = names.indexOf(stain);
  for (const { x, y, stains } of expected.pixels) {
    const shown = 255 * (1 - Math.exp(Math.log(1e-6) * stains[index]));
    expect(Math.abs(pixels[y * width + x] - shown)).toBeLessThanOrEqual(0.51);
  }
  // scikit-image counts in units of a millionth of the light, optical density in tenths.
  expect(measured.meanDensity[stain]).toBeCloseTo(6 * expected.means[index], 5);
});

test('a blue nucleus among brown and pink is alone in its stain', async () => {
  const through = (vector: number[], amount: number) => vector.map((v) => Math.round(255 * Math.exp(-v * amount)));
  const colors = [
    [255, 255, 255],
    through([0.65, 0.7, 0.29], 1.2),
    through([0.27, 0.57, 0.78], 1.2),
    through([0.07, 0.99, 0.11], 0.8),
  ];
  const slide = await sharp(Buffer.from(colors.flat()), { raw: { width: 4, height: 1, channels: 3 } })
    .png()
    .toBuffer();
  const gray = await grayPixels((await run('stain-unmixing', slide)).bytes);
  expect(gray[1]).toBeGreaterThan(170);
  expect(Math.max(gray[0], gray[2], gray[3])).toBeLessThanOrEqual(3);
  const color = await rgb((await run('stain-unmixing', slide, { stain: 'dab', output: 'color' })).bytes);
  expect(Math.max(...colors[2].map((value, c) => Math.abs(color[6 + c] - value)))).toBeLessThanOrEqual(3);
  expect(Math.min(...color.subarray(3, 6))).toBeGreaterThan(245);
});

test('stains that look alike are refused', () => {
  const vectors = { hematoxylin: [0.6, 0.7, 0.3], eosin: [0.6, 0.7, 0.3], dab: [0.3, 0.6, 0.8] };
  expect(() => parseSteps([{ operation: 'stain-unmixing', params: { vectors } }])).toThrow(/three different stains/);
});
