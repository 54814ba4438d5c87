/** TIFF of the kinds that cameras, scanners, microscopes and simulations write: the right pixels, or a reason. */
import sharp from 'sharp';
import { decode } from '../../../lib/imaging/decode.ts';
import { readImageHeader } from '../../../lib/imaging/image-header.ts';
import type { DecodeOptions } from '../../../lib/imaging/pixels.ts';
import { fixture } from '../../harness/fixtures.ts';
import { type TiffInit, writeTiff } from '../../harness/tiff-writer.ts';

const options = (maxDepth: 8 | 16, more: Partial<DecodeOptions> = {}): DecodeOptions => ({
  maxDepth,
  alpha: 'kept',
  maxPixels: 50e6,
  ...more,
});

async function read(file: Uint8Array, maxDepth: 8 | 16 = 8, more: Partial<DecodeOptions> = {}) {
  expect(readImageHeader(file, 50e6).contentType).toBe('image/tiff');
  const { data, depth, ...rest } = await decode(file, options(maxDepth, more));
  const samples = depth === 16 ? [...new Uint16Array(data.buffer, data.byteOffset, data.length / 2)] : [...data];
  return { ...rest, depth, samples };
}

const [width, height] = [5, 2];
const page = (values: ArrayLike<number>, init: Partial<TiffInit> = {}): TiffInit => ({
  width,
  height,
  values,
  ...init,
});

test.each([1, 2, 4])('gray of %i bits, and the same with white as 0', async (bits) => {
  const top = 2 ** bits - 1;
  const values = Array.from({ length: 10 }, (_, i) => i % (top + 1));
  const shown = values.map((value) => (255 / top) * value);
  expect(await read(writeTiff(page(values, { bits })))).toMatchObject({ channels: 1, samples: shown });
  const inverted = await read(writeTiff(page(values, { bits, photometric: 0 })));
  expect(inverted.samples).toEqual(shown.map((value) => 255 - value));
});

test.each([1, 2, 4, 8])('a palette of %i bits', async (bits) => {
  const colors = 2 ** bits;
  const values = Array.from({ length: 10 }, (_, i) => (i * 7) % colors);
  const color = (i: number) => [(i * 37) % 256, (i * 91) % 256, (255 - i) % 256];
  const map = [0, 1, 2].flatMap((c) => Array.from({ length: colors }, (_, i) => 257 * color(i)[c]));
  const file = writeTiff(page(values, { bits, photometric: 3, fields: { 320: map } }));
  expect(await read(file)).toMatchObject({ channels: 3, samples: values.flatMap(color) });
});

const rgb = Array.from({ length: 30 }, (_, i) => (i * 83) % 256);
const planes = [0, 1, 2].flatMap((c) => Array.from({ length: 10 }, (_, i) => rgb[3 * i + c]));

test.each<[string, Partial<TiffInit>]>([
  ['interleaved', {}],
  ['of separate planes', { values: planes, planar: true }],
  ['big-endian', { littleEndian: false }],
  ['BigTIFF', { big: true }],
  ['BigTIFF, big-endian', { big: true, littleEndian: false }],
])('RGB %s', async (_, init) => {
  const file = writeTiff(page(rgb, { samples: 3, photometric: 2, ...init }));
  expect(await read(file)).toMatchObject({ channels: 3, depth: 8, samples: rgb });
  const deepFile = writeTiff(
    page(
      Array.from(init.values ?? rgb, (value) => 257 * value),
      { samples: 3, photometric: 2, bits: 16, ...init, values: Array.from(init.values ?? rgb, (value) => 257 * value) },
    ),
  );
  expect(await read(deepFile, 16)).toMatchObject({ channels: 3, depth: 16, samples: rgb.map((value) => 257 * value) });
});

test.each(['lzw', 'deflate', 'packbits', 'none'] as const)(
  'compressed by %s, in strips and tiles',
  async (compression) => {
    const picture = sharp(fixture('coffee.png')).resize(40, 30);
    const expected = [...(await picture.clone().raw().toBuffer())];
    for (const more of [
      {},
      { tile: true, tileWidth: 16, tileHeight: 16 },
      { predictor: 'horizontal' as const },
      { bigtiff: true },
    ]) {
      expect(
        (
          await read(
            await picture
              .clone()
              .tiff({ compression, ...more })
              .toBuffer(),
          )
        ).samples,
      ).toEqual(expected);
    }
  },
);

test('compressed by JPEG', async () => {
  const picture = sharp(fixture('coffee.png')).resize(40, 30);
  const expected = await picture.clone().raw().toBuffer();
  const { samples } = await read(await picture.clone().tiff({ compression: 'jpeg', quality: 95 }).toBuffer());
  const differences = samples.map((value, i) => Math.abs(value - expected[i]));
  expect(differences.reduce((a, b) => a + b) / samples.length).toBeLessThan(4);
});

test('black and white by CCITT group 4', async () => {
  const data = Buffer.from(Array.from({ length: 30 * 20 }, (_, i) => ((i * 7) % 11 < 4 ? 255 : 0)));
  const file = await sharp(data, { raw: { width: 30, height: 20, channels: 1 } })
    .toColorspace('b-w')
    .tiff({ compression: 'ccittfax4', bitdepth: 1 })
    .toBuffer();
  expect(await read(file)).toMatchObject({ channels: 1, samples: [...data] });
});

test('CMYK comes out in its colors', async () => {
  // Paper, full cyan, full yellow, half black, all inks.
  const inks = [0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0, 128, 255, 255, 255, 255];
  const { samples, channels } = await read(
    writeTiff({ width: 5, height: 1, values: inks, samples: 4, photometric: 5 }),
  );
  expect(channels).toBe(3);
  const [paper, cyan, yellow, gray, all] = [0, 1, 2, 3, 4].map((i) => samples.slice(3 * i, 3 * i + 3));
  expect(Math.min(...paper)).toBeGreaterThan(250);
  expect(cyan[0]).toBeLessThan(80);
  expect(Math.min(cyan[1], cyan[2])).toBeGreaterThan(120);
  expect(yellow[2]).toBeLessThan(80);
  expect(Math.min(yellow[0], yellow[1])).toBeGreaterThan(200);
  expect(gray[0]).toBeGreaterThan(100);
  expect(gray[0]).toBeLessThan(190);
  expect(Math.max(...all)).toBeLessThan(60);
});

const halves = [0, 0x3400, 0x3800, 0x3a00, 0x3c00];

test.each<[string, Partial<TiffInit>, number[], { min: number; max: number }]>([
  ['signed of 32 bits', { bits: 32, sampleFormat: 2 }, [-4e6, -2e6, 0, 2e6, 4e6], { min: -4e6, max: 4e6 }],
  ['unsigned of 32 bits', { bits: 32 }, [0, 1e9, 2e9, 3e9, 4e9], { min: 0, max: 4e9 }],
  ['floating-point', { bits: 32, sampleFormat: 3 }, [-0.5, 0, 0.5, 1, 1.5], { min: -0.5, max: 1.5 }],
  ['floating-point of 16 bits', { bits: 16, sampleFormat: 3 }, halves, { min: 0, max: 1 }],
])('%s samples are scaled by their range, and that is said', async (_, init, values, scaledFrom) => {
  const five = { width: 5, height: 1, values, ...init };
  for (const littleEndian of [true, false]) {
    const file = writeTiff({ ...five, littleEndian });
    expect(await read(file, 16)).toMatchObject({ channels: 1, depth: 16, scaledFrom });
    expect(await read(file, 8)).toMatchObject({ samples: [0, 64, 128, 191, 255], scaledFrom });
  }
  expect((await read(writeTiff({ ...five, photometric: 0 }), 8)).samples).toEqual([255, 191, 127, 64, 0]);
});

test.each<[string, Partial<TiffInit>, number[], number]>([
  ['signed of 8 bits', { bits: 8, sampleFormat: 2 }, [-100, -50, 0, 50, 100], -32_768],
  ['signed of 16 bits', { bits: 16, sampleFormat: 2 }, [-1000, -500, 0, 500, 1000], -32_768],
  ['signed of 32 bits', { bits: 32, sampleFormat: 2 }, [-1000, -500, 0, 500, 1000], -32_768],
  ['unsigned of 32 bits', { bits: 32 }, [0, 15_000, 30_000, 45_000, 60_000], 0],
])('%s samples that fit into 16 bits stay exact', async (_, init, values, offset) => {
  const five = { width: 5, height: 1, values, ...init };
  const deep = await read(writeTiff(five), 16);
  expect(deep).toMatchObject({ depth: 16, values: { offset, factor: 1 } });
  expect(deep.samples).toEqual(values.map((value) => value - offset));
  expect(deep.scaledFrom).toBeUndefined();
  const inverted = await read(writeTiff({ ...five, photometric: 0 }), 16);
  expect(inverted.values).toEqual({ offset: offset + 65_535, factor: -1 });
  expect(inverted.samples).toEqual(values.map((value) => offset + 65_535 - value));
  expect((await read(writeTiff(five), 8)).samples).toEqual([0, 64, 128, 191, 255]);
});

test('floating-point numbers of 16 bits keep what is between whole numbers, small or large', async () => {
  // 0.0625, 0.125, 0.25; and 0.0009765625 times as much; and 16,384 times.
  const exponents = [-4, -3, -2];
  for (const shift of [0, -10, 14]) {
    const values = exponents.map((exponent) => (exponent + shift + 15) << 10);
    const file = writeTiff({ width: 3, height: 1, bits: 16, sampleFormat: 3, values });
    const { samples, scaledFrom } = await read(file, 16);
    const [least, middle, greatest] = exponents.map((exponent) => 2 ** (exponent + shift));
    expect(scaledFrom?.min).toBeCloseTo(least, 5);
    expect((scaledFrom?.max ?? 0) / greatest).toBeCloseTo(1, 3);
    expect(samples[1] / 65_535).toBeCloseTo((middle - least) / (greatest - least), 3);
  }
});

test('floating-point RGB is scaled in all channels alike', async () => {
  const values = [0, 0.25, 0.5, 1, 2, 1];
  const file = writeTiff({ width: 2, height: 1, values, bits: 32, sampleFormat: 3, samples: 3, photometric: 2 });
  expect(await read(file)).toMatchObject({
    channels: 3,
    samples: [0, 32, 64, 128, 255, 128],
    scaledFrom: { min: 0, max: 2 },
  });
});

test('samples that are no numbers do not count for the range', async () => {
  const values = [Number.NaN, 1, 2, 3, Number.POSITIVE_INFINITY];
  const file = writeTiff({ width: 5, height: 1, values, bits: 32, sampleFormat: 3 });
  const { samples, scaledFrom } = await read(file);
  expect(scaledFrom).toEqual({ min: 1, max: 3 });
  expect(samples).toEqual([0, 0, 128, 255, 255]);
});

test('samples that belong to no color are left out; transparency stays', async () => {
  const rgbx = Array.from({ length: 10 }, (_, i) => [...rgb.slice(3 * i, 3 * i + 3), 9]).flat();
  const file = (extraSamples: number[]) => writeTiff(page(rgbx, { samples: 4, photometric: 2, extraSamples }));
  expect(await read(file([0]))).toMatchObject({ channels: 3, samples: rgb });
  expect(await read(file([2]))).toMatchObject({ channels: 4, samples: rgbx });
});

test('a page is read although another one cannot be', async () => {
  const file = writeTiff(page(new Float64Array(10), { bits: 64, sampleFormat: 3 }), page([...Array(10).keys()]));
  expect(await read(file, 8, { page: 2 })).toMatchObject({ samples: [...Array(10).keys()], pages: 2 });
  await expect(read(file, 8, { page: 1 })).rejects.toThrow('BitsPerSample is 64');
});

test('pages may differ in size and kind, and each is judged by itself', async () => {
  const file = writeTiff(
    page([...Array(10).keys()]),
    { width: 3, height: 1, values: rgb.slice(0, 9).map((value) => 257 * value), samples: 3, photometric: 2, bits: 16 },
    page([...Array(10).keys()], { bits: 32, sampleFormat: 3 }),
    { width: 400, height: 300, values: new Uint8Array(120_000) },
  );
  expect(await read(file, 16)).toMatchObject({ width, height, depth: 8, pages: 4 });
  expect(await read(file, 16, { page: 2 })).toMatchObject({ width: 3, height: 1, channels: 3, depth: 16 });
  expect(await read(file, 16, { page: 3 })).toMatchObject({ scaledFrom: { min: 0, max: 9 } });
  await expect(read(file, 8, { page: 4, maxPixels: 1000 })).rejects.toMatchObject({
    details: { type: 'urn:tessera:problem:too-many-pixels' },
  });
  await expect(read(file, 8, { page: 5 })).rejects.toMatchObject({ details: { field: 'page' } });
});

test.each<[string, Partial<TiffInit>, string]>([
  ['a palette of 16 bits', { bits: 16, photometric: 3 }, 'BitsPerSample is 16 with a palette'],
  ['five channels', { samples: 5, values: new Uint8Array(50), extraSamples: [0, 0, 0, 0] }, 'SamplesPerPixel is 5'],
  ['gray with a second channel', { samples: 2, values: new Uint8Array(20), extraSamples: [0] }, 'SamplesPerPixel is 2'],
  [
    'double precision',
    { bits: 64, sampleFormat: 3, values: new Float64Array(10) },
    'BitsPerSample is 64 with SampleFormat 3',
  ],
  ['complex numbers', { bits: 64, sampleFormat: 6 }, 'SampleFormat is 6 (complex floating point)'],
  ['12 bits in a row', { bits: 12 }, 'BitsPerSample is 12'],
  ['YCbCr without JPEG', { samples: 3, values: rgb, photometric: 6 }, 'PhotometricInterpretation is 6'],
  ['L*a*b*', { samples: 3, values: rgb, photometric: 8 }, 'PhotometricInterpretation is 8 (CIE L*a*b*)'],
  ['a camera’s raw data', { photometric: 32_803 }, 'PhotometricInterpretation is 32803 (color filter array)'],
  ['Zstandard', { fields: { 259: [50_000] } }, 'Compression is 50000 (Zstandard)'],
  ['LZMA', { fields: { 259: [34_925] } }, 'Compression is 34925 (LZMA)'],
  ['a compression nobody knows', { fields: { 259: [4711] } }, 'Compression is 4711'],
  [
    'planes in tiles',
    { samples: 3, photometric: 2, values: rgb, planar: true, fields: { 322: [16], 323: [16] } },
    'PlanarConfiguration is 2',
  ],
])('%s: refused, with the field and its value', async (_, init, reason) => {
  const file = writeTiff(page(new Uint8Array(10), init));
  await expect(read(file)).rejects.toMatchObject({
    details: { type: 'urn:tessera:problem:unsupported-image', detail: expect.stringContaining(reason) },
  });
});
