/** Operations that take 16 bits make of them what they make of 8, only finer; brightness is said in gray values and in the values of the file. */
import sharp from 'sharp';
import { operations } from '../../lib/operations/registry.ts';
import { dicomFile } from '../harness/dicom.ts';
import { fixture } from '../harness/fixtures.ts';
import { grayPixels } from '../harness/pixels.ts';
import { run, runSteps } from '../harness/run.ts';
import { writeTiff } from '../harness/tiff-writer.ts';

const [width, height] = [192, 150];
/** Samples of 12 bits for one of 8. */
const factor = 16;

/** Coins on 8 bits, and on 12 with noise in the lower four. */
async function coins() {
  const gray = await sharp(fixture('coins.png')).resize(width, height, { fit: 'fill' }).raw().toBuffer();
  // The whole range of 12 bits is used, so that they are told.
  gray[0] = 255;
  const file = (samples: Uint8Array | Uint16Array, space: 'b-w' | 'grey16') =>
    sharp(samples, { raw: { width, height, channels: 1 } })
      .toColorspace(space)
      .png()
      .toBuffer();
  const deep = Uint16Array.from(gray, (value, i) => value * factor + ((i * 7) % factor));
  return { shallow: await file(gray, 'b-w'), deep: await file(deep, 'grey16') };
}

const taken = [...operations.values()].filter(({ maxDepth, inputs }) => maxDepth === 16 && inputs.length === 1);
/** They spread samples over all bits, take values of the file, draw by number or by bins, or make more of the noise. */
const others = new Set([
  ...['rescale', 'window-level', 'invert', 'equalize', 'clahe', 'color-table', 'split-channels'],
  ...['connected-components', 'clear-border', 'histogram', 'custom-kernel'],
  ...['sobel', 'scharr', 'laplacian', 'emboss'],
]);
const needed: Record<string, object> = {
  resize: { width: 100 },
  perspective: {
    corners: [
      [0, 0],
      [191, 0],
      [180, 149],
      [10, 140],
    ],
  },
};

test.each(taken.map(({ name }) => name).filter((name) => !others.has(name)))(
  '%s makes of 12 bits what it makes of 8',
  async (name) => {
    const { shallow, deep } = await coins();
    const params = needed[name] ?? {};
    const [expected, given] = [await run(name, shallow, params), await run(name, deep, params)];
    expect([given.width, given.height]).toEqual([expected.width, expected.height]);
    const { depth } = await sharp(given.bytes).metadata();
    const isDeep = depth === 'ushort';
    const space = isDeep ? 'grey16' : 'b-w';
    const whole = await sharp(expected.bytes).toColorspace('b-w').raw().toBuffer();
    const raw = await sharp(given.bytes)
      .toColorspace(space)
      .raw({ depth: isDeep ? 'ushort' : 'uchar' })
      .toBuffer();
    const samples = isDeep ? new Uint16Array(raw.buffer, raw.byteOffset, raw.length / 2) : raw;
    // Drawings may differ by a line; samples by rounding, and by the noise of the lower bits.
    const far = whole.filter((value, i) => Math.abs(samples[i] / (isDeep ? factor : 1) - value) > 6).length;
    expect(far / whole.length).toBeLessThan(0.02);
    if (isDeep) expect(new Set(samples).size).toBeGreaterThan(256);
    const { threshold, count } = expected.measured;
    if (typeof threshold === 'number') expect(Math.abs(given.measured.threshold - threshold)).toBeLessThan(2);
    if (typeof count === 'number') expect(Math.abs(given.measured.count - count)).toBeLessThanOrEqual(0.1 * count + 1);
  },
);

test.each(['sobel', 'scharr', 'laplacian', 'emboss'])(
  '%s is finer on 12 bits, in the same gray values',
  async (name) => {
    const gray = await sharp(fixture('coins.png')).resize(width, height, { fit: 'fill' }).raw().toBuffer();
    const deep = Uint16Array.from(gray, (value) => value * factor);
    deep[0] = 4095;
    const file = await sharp(deep, { raw: { width, height, channels: 1 } })
      .toColorspace('grey16')
      .png()
      .toBuffer();
    const shallow = await sharp(gray, { raw: { width, height, channels: 1 } })
      .toColorspace('b-w')
      .png()
      .toBuffer();
    const [expected, given] = [await run(name, shallow), await run(name, file)];
    const pixels = await grayPixels(expected.bytes);
    const raw = await sharp(given.bytes).toColorspace('grey16').raw({ depth: 'ushort' }).toBuffer();
    const samples = new Uint16Array(raw.buffer, raw.byteOffset, raw.length / 2);
    // Those at the first pixel see its other value, and those of 8 bits end at 255.
    const wrong = pixels.filter(
      (value, i) => i > 2 * width && value < 255 && Math.abs(samples[i] / factor - value) > 1,
    );
    expect(wrong).toHaveLength(0);
    if (expected.measured.variance) expect(given.measured.variance / expected.measured.variance).toBeCloseTo(1, 2);
    // A step of 8 bits sees the same brightness.
    const [a, b] = [
      await runSteps(shallow, [{ operation: name }, { operation: 'hue-saturation' }]),
      await runSteps(file, [{ operation: name }, { operation: 'hue-saturation' }]),
    ];
    const [first, second] = [await grayPixels(a.bytes), await grayPixels(b.bytes)];
    expect(first.filter((value, i) => i > 2 * width && Math.abs(value - second[i]) > 1)).toHaveLength(0);
  },
);

const ramp = Array.from({ length: 64 * 64 }, (_, i) => i);
const size = { width: 64, height: 64 };
const part = (above: number) => (4095 - above) / 4096;

test('a threshold in Hounsfield units is one', async () => {
  const file = await dicomFile({
    ...size,
    samples: Int16Array.from(ramp, (i) => i - 1000),
    elements: { RescaleSlope: 1, RescaleIntercept: -24, WindowCenter: 40, WindowWidth: 400 },
  });
  const { measured } = await run('threshold', file, { method: 'value', fileValue: 300 });
  expect(measured.fileThreshold).toBe(300);
  expect(measured.foregroundFraction).toBeCloseTo(part(300 + 1024), 5);
  const { gray } = (await run('histogram', file)).measured.channels;
  expect(gray).toMatchObject({ min: -1024, max: 3071, mean: 1023.5 });
});

test.each([
  ['12 bits in 16', { bits: 16, values: Uint16Array.from(ramp) }, 1, 0],
  ['signed', { bits: 16, sampleFormat: 2, values: Int16Array.from(ramp, (i) => i - 2000) }, 1, -2000],
  ['32 bits', { bits: 32, values: Uint32Array.from(ramp, (i) => i * 1e6) }, 1e6, 0],
  [
    'floating point',
    { bits: 32, sampleFormat: 3, values: Float32Array.from(ramp, (i) => i / 4096 - 0.5) },
    1 / 4096,
    -0.5,
  ],
] as const)('of a TIFF file with %s, thresholds and statistics are in its values', async (_, page, step, start) => {
  const file = writeTiff({ ...size, ...page });
  const value = (i: number) => start + step * i;
  const given = (await run('threshold', file, { method: 'value', fileValue: value(3000.5) })).measured;
  expect(given.foregroundFraction).toBeCloseTo(part(3000), 3);
  const otsu = (await run('threshold', file)).measured;
  expect(Math.abs(otsu.fileThreshold - value(2047.5)) / step).toBeLessThan(2);
  const { gray } = (await run('histogram', file)).measured.channels;
  expect(Math.abs(gray.min - value(0)) / step).toBeLessThan(0.01);
  expect(Math.abs(gray.max - value(4095)) / step).toBeLessThan(0.01);
  expect(Math.abs(gray.mean - value(2047.5)) / step).toBeLessThan(0.1);
  expect(gray.counts.reduce((sum: number, count: number) => sum + count, 0)).toBe(4096);
});

const bright = { method: 'value', value: 200 };

/** Values from 0 to 4095, of which low ones are bright. */
const lowIsBright = (window = {}) =>
  dicomFile({
    ...size,
    samples: Uint16Array.from(ramp),
    elements: { PhotometricInterpretation: 'MONOCHROME1', ...window },
  });

test('of a DICOM file whose low values are bright, brightness is what is shown, and values are those of the file', async () => {
  const file = await lowIsBright({ WindowCenter: 2048, WindowWidth: 4096 });
  const shown = (await run('window-level', file)).bytes;
  const expected = (await run('threshold', shown, bright)).measured;
  const { measured } = await run('threshold', file, bright);
  expect(measured.foregroundFraction).toBeCloseTo(expected.foregroundFraction, 2);
  expect(measured.threshold).toBeCloseTo(200, 6);
  expect(measured.fileThreshold).toBeCloseTo(4095 * (1 - 200 / 255), 0);
  const given = (await run('threshold', file, { method: 'value', fileValue: 1000 })).measured;
  expect(given).toMatchObject({ fileThreshold: 1000, foregroundFraction: 1000 / 4096 });
  const { gray } = (await run('histogram', file)).measured.channels;
  expect(gray).toMatchObject({ min: 0, max: 4095, mean: 2047.5 });
  const { ranges } = (await run('rescale', file, { low: 0, high: 100 })).measured;
  expect(ranges).toEqual([{ black: 4095, white: 0 }]);
  const [object] = (await run('measure-objects', file, { threshold: 127.5 })).measured.objects;
  expect(object.intensity.gray).toMatchObject({ min: 0, max: 2047 });
  // Each row of the ramp is 64 values long.
  expect(object.box).toEqual({ x: 0, y: 0, width: 64, height: 32 });
});

test('windows, stretches and thresholds of scaled values are in the values of the file', async () => {
  const dose = await dicomFile({ ...size, samples: Uint16Array.from(ramp), elements: { RescaleSlope: 0.001 } });
  const white = writeTiff({ ...size, bits: 32, sampleFormat: 3, photometric: 0, values: Float32Array.from(ramp) });
  const { measurements } = await runSteps(dose, [{ operation: 'rescale', params: { low: 25, high: 75 } }]);
  // biome-ignore lint/suspicious/noExplicitAny: as it comes in JSON
  const [{ black, white: bright }] = (measurements[0] as any).ranges;
  expect([black, bright]).toEqual([expect.closeTo(1.024, 2), expect.closeTo(3.071, 2)]);
  const pixels = await grayPixels((await run('window-level', dose, { center: 1, width: 1 })).bytes);
  expect([pixels[400], pixels[1000], pixels[1600]]).toEqual([0, 128, 255]);
  // Low values are white in this one.
  const { gray } = (await run('histogram', white)).measured.channels;
  expect(gray).toMatchObject({ min: expect.closeTo(0, 1), max: expect.closeTo(4095, 1) });
  const { measured } = await run('threshold', white, { method: 'value', fileValue: 1000.5 });
  expect(measured.foregroundFraction).toBeCloseTo(1001 / 4096, 4);
  const deep = Uint16Array.from(ramp, (i) => i * 10);
  const inverted = await run('histogram', writeTiff({ ...size, bits: 16, photometric: 0, values: deep }));
  expect(inverted.measured.channels.gray).toMatchObject({ min: 0, max: 40_950 });
});

test('intensities of very small values are not rounded away', async () => {
  const values = Float32Array.from(ramp, (i) => (i < 2048 ? 2e-7 : 6e-7));
  const file = writeTiff({ ...size, bits: 32, sampleFormat: 3, values });
  const { objects } = (await run('measure-objects', file, { objects: 'bright' })).measured;
  expect(objects[0].intensity.gray.mean).toBeCloseTo(6e-7, 11);
  expect(objects[0].intensity.gray.sum).toBeCloseTo(2048 * 6e-7, 8);
});

test('a file value is refused of 8 bits, naming the field', async () => {
  await expect(run('threshold', 'coins.png', { method: 'value', fileValue: 100 })).rejects.toMatchObject({
    details: { field: 'fileValue' },
  });
});
