/** Medical images: values in their own unit, windows, frames, and nothing of the patient. */
import sharp from 'sharp';
import { decode } from '../../lib/imaging/decode.ts';
import { processImage } from '../../lib/imaging/engine-thread.ts';
import { parseSteps } from '../../lib/imaging/steps.ts';
import { dicomFile, transferSyntaxes } from '../harness/dicom.ts';
import { grayPixels } from '../harness/pixels.ts';
import { run, runSteps } from '../harness/run.ts';

const [width, height] = [64, 48];
const count = width * height;
/** Stored -1000 upward; with the intercept of -24, air of -1024 upward. */
const ramp = Int16Array.from({ length: count }, (_, i) => -1000 + i);
const ct = { RescaleSlope: 1, RescaleIntercept: -24, WindowCenter: 40, WindowWidth: 400 };
const ctFile = (transferSyntax?: string) =>
  dicomFile({ width, height, samples: ramp.slice(), elements: ct, ...(transferSyntax && { transferSyntax }) });

const deep = { maxDepth: 16, alpha: 'kept', maxPixels: 50e6 } as const;
const lossless = [
  'ImplicitVRLittleEndian',
  'ExplicitVRLittleEndian',
  'ExplicitVRBigEndian',
  'RleLossless',
  'JpegLosslessProcess14V1',
  'JpegLsLossless',
  'Jpeg2000Lossless',
  'HtJpeg2000Lossless',
];

test.each(lossless)('%s: values are exact, with slope and intercept applied', async (syntax) => {
  const { data, modality, pages, ...size } = await decode(await ctFile(transferSyntaxes[syntax]), deep);
  expect(size).toMatchObject({ width, height, channels: 1, depth: 16, format: 'dicom' });
  expect(modality).toMatchObject({ values: { offset: -32_768, factor: 1 }, window: { center: 40, width: 400 } });
  const values = Array.from({ length: count }, (_, i) => data.readUInt16LE(2 * i) - 32_768);
  expect(values).toEqual(Array.from(ramp, (value) => value - 24));
  expect(pages).toBe(1);
});

test('lossy JPEG is read too', async () => {
  const samples = Uint8Array.from({ length: count }, (_, i) => i % 200);
  const file = await dicomFile({ width, height, samples, transferSyntax: transferSyntaxes.JpegBaselineProcess1 });
  expect(await decode(file, deep)).toMatchObject({ width, height });
});

test('the window is that of the file, or given in Hounsfield units', async () => {
  const own = await grayPixels((await run('window-level', await ctFile())).bytes);
  const at = (hounsfield: number) => hounsfield + 1024;
  expect([own[at(-200)], own[at(40)], own[at(300)]]).toEqual([0, 128, 255]);
  const lung = await grayPixels((await run('window-level', await ctFile(), { center: -600, width: 1000 })).bytes);
  expect([lung[at(-1020)], lung[at(-600)], lung[at(0)]]).toEqual([20, 128, 255]);
});

test('operations of 8 bits see the image in its window', async () => {
  const threshold = { method: 'value', value: 127 };
  const { measured } = await run('threshold', await ctFile(), threshold);
  expect(measured.foregroundFraction).toBeCloseTo((count - (40 + 1024)) / count, 3);
});

test('MONOCHROME1 is shown the other way round', async () => {
  const file = await dicomFile({
    width,
    height,
    samples: ramp.slice(),
    elements: { ...ct, PhotometricInterpretation: 'MONOCHROME1' },
  });
  const pixels = await grayPixels((await run('window-level', file)).bytes);
  expect([pixels[0], pixels[count - 1]]).toEqual([255, 0]);
});

test('12 bits stored in 16 leave out what stands above them', async () => {
  const samples = Uint16Array.from({ length: count }, (_, i) => 0xf000 | (i % 4096));
  const file = await dicomFile({ width, height, samples, elements: { BitsStored: 12, HighBit: 11 } });
  const { data, modality } = await decode(file, deep);
  expect(data.readUInt16LE(2 * 1234)).toBe(1234);
  expect(modality?.values).toEqual({ offset: 0, factor: 1 });
});

test('a frame of several is chosen by its page; one that is not there is named', async () => {
  const samples = Int16Array.from({ length: 3 * count }, (_, i) => Math.floor(i / count) * 100);
  const image = await dicomFile({
    width,
    height,
    samples,
    elements: { NumberOfFrames: 3, WindowCenter: 100, WindowWidth: 201 },
  });
  const steps = parseSteps([{ operation: 'window-level' }]);
  await runSteps('coins.png', [{ operation: 'grayscale' }]);
  const job = { image, steps, output: {}, maxPixels: 50e6 };
  const { bytes, input } = await processImage({ ...job, page: 3 });
  expect(input.pages).toBe(3);
  expect(new Set(await grayPixels(bytes))).toEqual(new Set([255]));
  await expect(processImage({ ...job, page: 4 })).rejects.toMatchObject({ details: { field: 'page' } });
});

test('color comes as color, also from planes', async () => {
  const planes = Uint8Array.from({ length: 3 * count }, (_, i) => [10, 120, 230][Math.floor(i / count)]);
  const elements = { SamplesPerPixel: 3, PhotometricInterpretation: 'RGB', PlanarConfiguration: 1 };
  const { data, channels } = await decode(await dicomFile({ width, height, samples: planes, elements }), deep);
  expect(channels).toBe(3);
  expect([...data.subarray(0, 3)]).toEqual([10, 120, 230]);
});

test('palette color is refused rather than shown in wrong colors', async () => {
  const file = await dicomFile({
    width,
    height,
    samples: ramp.slice(),
    elements: { PhotometricInterpretation: 'PALETTE COLOR' },
  });
  await expect(decode(file, deep)).rejects.toThrow('PALETTE COLOR');
});

test('nothing of the patient is in a result', async () => {
  const file = await ctFile();
  expect(file.includes('Secret')).toBe(true);
  for (const format of ['png', 'tiff', 'jpeg'] as const) {
    const { bytes } = await runSteps(file, [{ operation: 'grayscale' }], undefined, { format });
    expect(Buffer.from(bytes).includes('Secret')).toBe(false);
  }
});

test.each([
  ['cut off', (file: Buffer) => file.subarray(0, file.length - 1000)],
  ['cut off in its header', (file: Buffer) => file.subarray(0, 200)],
  ['without an image', (file: Buffer) => Buffer.concat([file.subarray(0, 132), Buffer.alloc(50)])],
])('a file %s is damaged', async (_, damage) => {
  const file = damage(await ctFile());
  await expect(decode(file, deep)).rejects.toMatchObject({ details: { type: 'urn:tessera:problem:corrupt-image' } });
});

test('16-bit results keep their depth', async () => {
  const { bytes, contentType } = await runSteps(await ctFile(), [{ operation: 'gaussian-blur' }]);
  expect(contentType).toBe('image/png');
  expect(await sharp(bytes).metadata()).toMatchObject({ depth: 'ushort', width, height });
});
