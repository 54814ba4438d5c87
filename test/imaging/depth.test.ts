/** Samples are reduced where a step needs it, by the bits that they use, and never so that the image is gone. */
import sharp from 'sharp';
import { processImage } from '../../lib/imaging/engine-thread.ts';
import { parseSteps } from '../../lib/imaging/steps.ts';
import { grayPixels } from '../harness/pixels.ts';
import { runSteps } from '../harness/run.ts';
import { render } from '../harness/synthetic.ts';

/** Takes 8 bits, and leaves gray as it is. */
const eightBitStep = { operation: 'hue-saturation' };

/** A 16-bit PNG of gray samples. */
function png16(samples: Uint16Array, width: number): Promise<Buffer> {
  return sharp(samples, { raw: { width, height: samples.length / width, channels: 1 } })
    .toColorspace('grey16')
    .png()
    .toBuffer();
}

/** A camera's 12 bits in 16: objects of 1500 on 300. */
async function camera() {
  const objects = [0, 1, 2, 3, 4].map((i) => ({ x: 40 + 60 * i, y: 50, a: 18, b: 18, angle: 0 }));
  const scene = { width: 320, height: 100, objects, background: 50, foreground: 250, vignette: 0, noise: 3, seed: 1 };
  const { png, width } = await render(scene);
  const gray = await grayPixels(png);
  return {
    file: await png16(
      Uint16Array.from(gray, (value) => value * 6),
      width,
    ),
    objects,
  };
}

test('12 bits in 16 keep their gray values', async () => {
  const ramp = Uint16Array.from({ length: 4096 }, (_, i) => i);
  const { bytes, input } = await runSteps(await png16(ramp, 64), [eightBitStep]);
  expect(new Set(await grayPixels(bytes)).size).toBeGreaterThan(250);
  expect(input.bits).toBe(12);
});

test('samples that use all 16 bits are reduced to their upper eight', async () => {
  const ramp = Uint16Array.from({ length: 65_536 }, (_, i) => i);
  const { bytes, input } = await runSteps(await png16(ramp, 256), [
    { operation: 'histogram', params: {} },
    { operation: 'invert' },
  ]);
  expect(input.bits).toBe(16);
  expect(bytes.length).toBeGreaterThan(0);
});

test('objects in a camera\u2019s 12 bits are counted, and their brightness is that of the file', async () => {
  const { file } = await camera();
  const { measurements } = await runSteps(file, [{ operation: 'watershed' }]);
  // biome-ignore lint/suspicious/noExplicitAny: as it comes in JSON
  const { count, objects } = measurements[0] as any;
  expect(count).toBe(5);
  for (const { intensity } of objects) expect(Math.abs(intensity.gray.median - 1500)).toBeLessThan(30);
});

test('a window before a step of 8 bits holds; after one it is refused, and the answer says why', async () => {
  const { file } = await camera();
  const window = { operation: 'window-level', params: { center: 900, width: 1200 } };
  const { bytes } = await runSteps(file, [window, eightBitStep]);
  const pixels = await grayPixels(bytes);
  // 1500 is the window's upper end, 300 its lower.
  expect(pixels[50 * 320 + 40]).toBeGreaterThan(245);
  expect(pixels[5 * 320 + 5]).toBeLessThan(10);
  await expect(runSteps(file, [eightBitStep, window])).rejects.toMatchObject({
    details: { step: 1, operation: 'window-level', detail: expect.stringContaining('hue-saturation') },
  });
});

test('an image of 8 bits takes a window anywhere', async () => {
  const steps = [{ operation: 'median-blur' }, { operation: 'window-level', params: { center: 100, width: 50 } }];
  expect((await runSteps('coins.png', steps)).width).toBe(384);
});

/** What a rule makes of an image on 8 bits. */
async function reducedBy(
  depth: 'percentiles' | 'range' | 'bits' | 'full' | 'window' | 'auto',
  image: Buffer,
  operation: object,
) {
  const { bytes, input, measurements } = await processImage({
    image,
    steps: parseSteps([operation]),
    output: {},
    maxPixels: 1e7,
    depth,
  });
  return { pixels: await grayPixels(Buffer.from(bytes)), input, measurements };
}
test('by its range, an image shows all that it has, and the answer tells which values those are', async () => {
  // Two values of 16 bits that have the upper eight in common; a dead and a hot pixel.
  const samples = new Uint16Array(64 * 64).fill(30_000);
  samples.fill(30_200, 64 * 32);
  samples[5] = 0;
  samples[6] = 65_535;
  const image = await png16(samples, 64);
  await runSteps(image, [eightBitStep]);
  const distance = async (rule: 'bits' | 'full' | 'range' | 'percentiles') => {
    const { pixels, input } = await reducedBy(rule, image, eightBitStep);
    return { levels: pixels[64 * 50 + 30] - pixels[64 * 10 + 30], reducedFrom: input.reducedFrom };
  };
  expect((await distance('bits')).levels).toBeLessThanOrEqual(1);
  expect((await distance('full')).levels).toBeLessThanOrEqual(1);
  expect(await distance('range')).toEqual({ levels: 1, reducedFrom: { min: 0, max: 65_535 } });
  expect(await distance('percentiles')).toEqual({ levels: 255, reducedFrom: { min: 30_000, max: 30_200 } });
});

test('unless a rule is named, an image that spans less than half of its bits is reduced by its range', async () => {
  const ramp = (from: number, to: number) =>
    png16(
      Uint16Array.from({ length: 4096 }, (_, i) => from + ((to - from) * i) / 4095),
      64,
    );
  const levels = ({ pixels }: { pixels: Buffer }) => new Set(pixels).size;
  const narrow = await reducedBy('auto', await ramp(1000, 2000), eightBitStep);
  expect(levels(narrow)).toBe(256);
  expect(narrow.input.reducedFrom).toEqual({ min: 1000, max: 2000 });
  const wide = await reducedBy('auto', await ramp(500, 4000), eightBitStep);
  expect(levels(wide)).toBeGreaterThan(200);
  expect(wide.input.reducedFrom).toBeUndefined();
});

test('what is measured is in the values of the file, whatever the rule', async () => {
  const { file } = await camera();
  const { measurements } = await reducedBy('range', file, { operation: 'watershed' });
  // biome-ignore lint/suspicious/noExplicitAny: as it comes in JSON
  const { count, objects } = measurements[0] as any;
  expect(count).toBe(5);
  for (const { intensity } of objects) expect(Math.abs(intensity.gray.median - 1500)).toBeLessThan(30);
});

test('a window that the file does not have is refused, naming the field', async () => {
  const { file } = await camera();
  await expect(reducedBy('window', file, eightBitStep)).rejects.toMatchObject({ details: { field: 'depth' } });
});

test('what is stretched over 16 bits is reduced from 16, and takes no window of the file any more', async () => {
  const { file } = await camera();
  const steps = [{ operation: 'rescale', params: { low: 0, high: 100 } }];
  const { bytes } = await runSteps(file, [...steps, eightBitStep]);
  const pixels = await grayPixels(bytes);
  const [least, most] = [Math.min(...pixels), Math.max(...pixels)];
  expect(least).toBeLessThan(40);
  expect(most).toBeGreaterThan(215);
  expect(pixels.filter((value) => value === 255).length).toBeLessThan(pixels.length / 100);
  await expect(
    runSteps(file, [...steps, { operation: 'window-level', params: { center: 9, width: 9 } }]),
  ).rejects.toThrow(/rescale/);
});
