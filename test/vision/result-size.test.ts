/** What steps make is limited as what they are given is, and running out of memory is said as such. */
import sharp from 'sharp';
import { Engine } from '../../lib/imaging/engine.ts';
import { processImage } from '../../lib/imaging/engine-thread.ts';
import { parseSteps } from '../../lib/imaging/steps.ts';
import { loadOpenCv } from '../../lib/vision/opencv.ts';
import { run, runSteps } from '../harness/run.ts';

const dot = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#123' } })
  .png()
  .toBuffer();
const line = await sharp({ create: { width: 19_000, height: 1, channels: 3, background: '#123' } })
  .png()
  .toBuffer();
const corners = (side: number) => [
  [0, 0],
  [side, 0],
  [side, side],
  [0, side],
];

test.each([
  ['resize', dot, { width: 20_000, height: 20_000, fit: 'fill' }, '50 megapixels'],
  ['resize', dot, { width: 20_000, height: 20_000, fit: 'cover' }, '50 megapixels'],
  ['resize', line, { height: 2 }, '20000 pixels a side'],
  ['rotate', line, { angle: 45 }, '50 megapixels'],
  ['perspective', dot, { corners: corners(7), width: 20_000, height: 20_000 }, '50 megapixels'],
  ['perspective', dot, { corners: corners(90_000) }, '50 megapixels'],
])(
  '%s to more than is allowed is refused with the limit, before anything is made',
  async (name, image, params, limit) => {
    await expect(run(name, image, params)).rejects.toMatchObject({
      details: {
        type: 'urn:tessera:problem:too-many-pixels',
        detail: expect.stringContaining(limit),
        step: 0,
        operation: name,
      },
    });
  },
);

test('a step after one that enlarged the image takes no more than any step does', async () => {
  await loadOpenCv();
  const steps = parseSteps([{ operation: 'resize', params: { width: 8000, height: 8000 } }, { operation: 'invert' }]);
  await expect(processImage({ image: dot, steps, output: {}, maxPixels: 100e6 })).rejects.toMatchObject({
    details: { type: 'urn:tessera:problem:too-many-pixels', detail: expect.stringContaining('50'), step: 1 },
  });
});

test.each([
  ['webp', 16_383],
  ['avif', 16_384],
])('a result that is too long for %s is refused with the limit, not tried again', async (format, limit) => {
  const output = { format: format as 'webp' | 'avif' };
  await expect(runSteps(line, [{ operation: 'invert' }], undefined, output)).rejects.toMatchObject({
    details: { type: 'urn:tessera:problem:too-many-pixels', detail: expect.stringContaining(String(limit)) },
  });
  await expect(runSteps(line, [{ operation: 'invert' }], undefined, { ...output, width: 900 })).resolves.toMatchObject({
    width: 900,
  });
});

test('an image for which OpenCV has not the memory fails as such, and the next one is processed', async () => {
  const engine = new Engine({ threads: 1, timeLimitMs: 60_000, pixelsInFlight: 1e9, maxHeapBytes: 2 ** 30 });
  try {
    const large = parseSteps([{ operation: 'resize', params: { width: 20_000, height: 20_000 } }]);
    const small = parseSteps([{ operation: 'invert' }]);
    const job = { image: dot, output: {}, maxPixels: 400e6 };
    await expect(engine.run({ ...job, steps: large }, 64)).rejects.toMatchObject({
      details: {
        type: 'urn:tessera:problem:out-of-memory',
        detail: expect.stringContaining('1024 MB'),
        operation: 'resize',
      },
    });
    await expect(engine.run({ ...job, steps: small }, 64)).resolves.toMatchObject({ width: 8, height: 8 });
  } finally {
    await engine.close();
  }
});

test('a window on 16-bit samples with transparency gives 8-bit samples, with the transparency', async () => {
  const samples = new Uint16Array(4 * 16).fill(40_000);
  for (let i = 3; i < samples.length; i += 4) samples[i] = i < 32 ? 65_535 : 257 * 100;
  const image = await sharp(samples, { raw: { width: 4, height: 4, channels: 4 } })
    .toColorspace('rgb16')
    .png()
    .toBuffer();
  const { bytes } = await runSteps(image, [{ operation: 'window-level' }]);
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  expect(info).toMatchObject({ width: 4, height: 4, channels: 4, depth: 'uchar' });
  expect([data[3], data.at(-1)]).toEqual([255, 100]);
});
