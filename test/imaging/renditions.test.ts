/** What is made for browsers to show in place of images that they do not, or that are deep or large. */
import sharp from 'sharp';
import { type ImageResult, processImage } from '../../lib/imaging/engine-thread.ts';
import { parseSteps } from '../../lib/imaging/steps.ts';
import { loadOpenCv } from '../../lib/vision/opencv.ts';
import { fixture } from '../harness/fixtures.ts';
import { writeTiff } from '../harness/tiff-writer.ts';

beforeAll(() => loadOpenCv());

function made(image: Uint8Array, operation: string, output = {}): Promise<ImageResult> {
  const steps = parseSteps([{ operation }]);
  return processImage({ image, steps, output, maxPixels: 50e6, renditions: true });
}

test('a small picture that browsers show needs nothing', async () => {
  const { renditions } = await made(fixture('box.png'), 'canny');
  expect(Object.values(renditions).filter(Boolean)).toEqual([]);
});

test('a picture that is not small has a thumbnail of 320 pixels', async () => {
  const { renditions } = await made(fixture('graf1.png'), 'gamma');
  expect(renditions).toMatchObject({ input: undefined, result: undefined, thumbnail: { width: 320, height: 256 } });
  const { format, width, height } = await sharp(renditions.thumbnail?.bytes).metadata();
  expect({ format, width, height }).toEqual({ format: 'webp', width: 320, height: 256 });
});

test('TIFF has renditions of input and result, at their own size where that is at most 2048', async () => {
  const { renditions } = await made(fixture('multipage.tif'), 'invert', { format: 'tiff' });
  const input = await sharp(fixture('multipage.tif')).metadata();
  expect(renditions.input).toMatchObject({ width: input.width, height: input.height });
  expect(renditions.result).toMatchObject({ width: input.width, height: input.height });
  expect(renditions.thumbnail).toBeDefined();
});

test('a large one is made smaller, in its proportions', async () => {
  const wide = await sharp({ create: { width: 4200, height: 300, channels: 3, background: '#579' } })
    .jpeg()
    .toBuffer();
  const { renditions } = await made(wide, 'invert');
  expect(renditions).toMatchObject({
    input: { width: 2048, height: 146 },
    result: { width: 2048, height: 146 },
    thumbnail: { width: 320, height: 23 },
  });
});

test('12 bits in 16 are shown from the darkest sample to the brightest, but for single hot pixels', async () => {
  const values = Array.from({ length: 100 * 100 }, (_, i) => 1000 + (i % 100) * 10);
  values[5050] = 4095;
  const image = writeTiff({ width: 100, height: 100, values, bits: 16 });
  const { renditions } = await made(image, 'gamma', { format: 'png' });
  const { channels } = await sharp(renditions.input?.bytes).grayscale().stats();
  expect(channels[0].min).toBeLessThan(10);
  expect(channels[0].max).toBeGreaterThan(245);
  expect(Math.abs(channels[0].mean - 127)).toBeLessThan(6);
});

test('a medical image is shown by the window of its file, on 8 bits and on 16', async () => {
  const image = fixture('dicom/gray.dcm');
  const [shallow, deep] = await Promise.all([made(image, 'canny'), made(image, 'window-level')]);
  const [one, other] = await Promise.all(
    [shallow, deep].map(({ renditions }) => sharp(renditions.input?.bytes).grayscale().raw().toBuffer()),
  );
  const difference = one.reduce((sum, sample, i) => sum + Math.abs(sample - other[i]), 0) / one.length;
  expect(difference).toBeLessThan(2);
});
