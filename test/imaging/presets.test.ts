import sharp from 'sharp';
import { presets } from '../../lib/imaging/presets.ts';
import { fixture } from '../harness/fixtures.ts';
import { grayPixels } from '../harness/pixels.ts';
import { runSteps } from '../harness/run.ts';

const runPreset = (name: string, image: string | Uint8Array) => {
  const { steps, output } = presets.get(name) ?? { steps: [], output: {} };
  return runSteps(image, steps, undefined, output);
};

test.each([...presets.keys()])('preset %s works on a photo', async (name) => {
  const { bytes, width, height } = await runPreset(name, 'fruits.jpg');
  expect(await sharp(bytes).metadata()).toMatchObject({ width, height });
});

test('cell-count counts the coins', async () => {
  expect((await runPreset('cell-count', 'coins.png')).measurements.at(-1)).toMatchObject({ count: 24 });
});

test('anonymize leaves no face', async () => {
  const { bytes } = await runPreset('anonymize', 'astronaut.png');
  const { measurements } = await runSteps(bytes, [{ operation: 'face-detection' }]);
  expect(measurements[0].faces).toEqual([]);
});

test('document-scan makes a shaded, skewed page black on white', async () => {
  const stripes = Buffer.alloc(400 * 300, 235);
  for (let y = 40; y < 260; y += 24)
    for (let row = y; row < y + 7; row++) stripes.fill(40, row * 400 + 50, row * 400 + 350);
  const shaded = stripes.map((value, i) => value * (1 - 0.4 * ((i % 400) / 400)));
  const flat = await sharp(shaded, { raw: { width: 400, height: 300, channels: 1 } })
    .toColorspace('b-w')
    .png()
    .toBuffer();
  const page = await sharp(flat).rotate(3, { background: '#ebebeb' }).png().toBuffer();
  const { bytes, measurements } = await runPreset('document-scan', page);
  expect(measurements[2].angle).toBeCloseTo(3, 0);
  const pixels = await grayPixels(bytes);
  expect(new Set(pixels)).toEqual(new Set([0, 255]));
  expect(pixels.filter((value) => value === 255).length / pixels.length).toBeGreaterThan(0.6);
});

test('the output is made smaller without mixing labels', async () => {
  const steps = [{ operation: 'watershed', params: { output: 'labels' } }];
  const { bytes, width } = await runSteps(fixture('coins.png'), steps, undefined, { width: 100 });
  const raw = await sharp(bytes).toColorspace('grey16').raw({ depth: 'ushort' }).toBuffer();
  const labels = new Uint16Array(raw.buffer, raw.byteOffset, raw.length / 2);
  expect(width).toBe(100);
  expect(Math.max(...labels)).toBeLessThanOrEqual(24);
  expect(new Set(labels).size).toBeGreaterThan(20);
});

test('nuclei are counted by their stain, and the other stain is measured in each', async () => {
  const { width, height } = { width: 240, height: 160 };
  const through = (amounts: [vector: number[], amount: number][]) =>
    [0, 1, 2].map((c) => Math.round(255 * Math.exp(-amounts.reduce((sum, [v, amount]) => sum + v[c] * amount, 0))));
  const hematoxylin = [0.65, 0.7, 0.29];
  const eosin = [0.07, 0.99, 0.11];
  const dab = [0.27, 0.57, 0.78];
  const pixels = Buffer.alloc(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const nucleus = Math.hypot((x % 60) - 30, (y % 80) - 40) <= 14;
    // The left half is positive; pink is everywhere.
    const stains: [number[], number][] = [[eosin, 0.4]];
    if (nucleus) stains.push([hematoxylin, 1]);
    if (nucleus && x < width / 2) stains.push([dab, 0.8]);
    pixels.set(through(stains), 3 * i);
  }
  const slide = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  const { measurements } = await runPreset('nuclei-by-stain', slide);
  // biome-ignore lint/suspicious/noExplicitAny: as it comes in JSON
  const { count, objects } = measurements[0] as any;
  expect(count).toBe(8);
  const dabOf = objects.map(({ intensity }: { intensity: Record<string, { median: number }> }) => intensity.dab.median);
  expect(dabOf.filter((value: number) => Math.abs(value - 255 * (1 - Math.exp(-0.8))) < 4)).toHaveLength(4);
  expect(dabOf.filter((value: number) => value < 4)).toHaveLength(4);
});
