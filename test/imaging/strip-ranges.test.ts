/** How an image is cut into strips and put together again, for any height, strip and reach of the steps. */
import fc from 'fast-check';
import sharp from 'sharp';
import { processImage, runStrips } from '../../lib/imaging/engine-thread.ts';
import { parseSteps } from '../../lib/imaging/steps.ts';
import { inStrips, type Samples } from '../../lib/imaging/strips.ts';
import { loadOpenCv } from '../../lib/vision/opencv.ts';

/** A gray image whose rows are told apart by their samples. */
function column(height: number): Samples {
  const data = Buffer.allocUnsafeSlow(height);
  for (let y = 0; y < height; y++) data[y] = (y * 37) % 251;
  return { data, width: 1, height, channels: 1, depth: 8 };
}

/** Each sample becomes the largest within `reach` rows: what a step with that halo may look at. */
function dilated(samples: Samples, reach: number): Samples {
  const { data, height } = samples;
  const result = Buffer.from(data.map((_, y) => Math.max(...data.subarray(Math.max(0, y - reach), y + reach + 1))));
  return { ...samples, data: result, height };
}

const height = fc.integer({ min: 1, max: 120 });
const rows = fc.integer({ min: 1, max: 130 });
const halo = fc.integer({ min: 0, max: 60 });

test('strips put together equal the whole image, whatever its height, the rows of a strip and the halo', () => {
  fc.assert(
    fc.property(height, rows, halo, (height, rows, halo) => {
      const image = column(height);
      const whole = inStrips(image, halo, rows, (strip, take) => take(dilated(strip, halo)));
      expect(whole).toEqual(dilated(image, halo));
    }),
  );
});

test('OpenCV sees each strip as it is in the image, also where one strip with its halo spans all of it', async () => {
  await loadOpenCv();
  const steps = parseSteps([{ operation: 'dilate', params: { kernelSize: 21 } }]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 80 }), fc.integer({ min: 1, max: 90 }), (height, rows) => {
      const { samples } = runStrips(column(height), steps, rows);
      const whole = runStrips(column(height), steps, height);
      expect(samples.data.equals(whole.samples.data)).toBe(true);
    }),
  );
});

test('a photo of just over 16 megapixels (4912 × 3264) is sharpened', async () => {
  await loadOpenCv();
  const { data, info } = await sharp({
    create: { width: 4912, height: 3264, channels: 3, background: '#246' },
  })
    .jpeg({ quality: 50 })
    .toBuffer({ resolveWithObject: true });
  const steps = parseSteps([{ operation: 'sharpen' }]);
  const result = await processImage({ image: data, steps, output: { format: 'jpeg', width: 64 }, maxPixels: 100e6 });
  expect(result.input).toMatchObject({ width: info.width, height: info.height });
});
