/** Images too large for the heap in one piece. */
import sharp from 'sharp';
import { decode } from '../../lib/imaging/decode.ts';
import { processImage, runStrips } from '../../lib/imaging/engine-thread.ts';
import { parseSteps } from '../../lib/imaging/steps.ts';
import { haloOf } from '../../lib/imaging/strips.ts';
import { operations } from '../../lib/operations/registry.ts';
import { fixture } from '../harness/fixtures.ts';
import { run, runSteps } from '../harness/run.ts';

const local = [...operations.values()]
  .filter(({ name, halo }) => halo && haloOf(parseSteps([{ operation: name }])) !== null)
  .map(({ name }) => name);
const options = { maxDepth: 8, alpha: 'flattened', maxPixels: 50e6 } as const;

test('there are local operations of every kind', () => {
  expect(local).toEqual(expect.arrayContaining(['gaussian-blur', 'sobel', 'invert', 'close', 'custom-kernel']));
});

test.each(local)('%s in strips equals the whole image', async (operation) => {
  const steps = parseSteps([{ operation }]);
  await run('grayscale', 'coins.png');
  for (const name of ['coffee.png', 'coins.png']) {
    const { samples } = runStrips(await decode(fixture(name), options), steps, 37);
    const whole = runStrips(await decode(fixture(name), options), steps, 10_000);
    expect(samples.data.equals(whole.samples.data)).toBe(true);
    expect([samples.width, samples.height]).toEqual([whole.samples.width, whole.samples.height]);
  }
});

test('noise that is named is taken out in strips; an estimate needs the whole image', async () => {
  const named = parseSteps([{ operation: 'denoise', params: { noise: 12 } }]);
  await run('grayscale', 'coins.png');
  const { samples } = runStrips(await decode(fixture('coffee.png'), options), named, 37);
  const whole = runStrips(await decode(fixture('coffee.png'), options), named, 10_000);
  expect(samples.data.equals(whole.samples.data)).toBe(true);
  expect(haloOf(named)).not.toBeNull();
  expect(haloOf(parseSteps([{ operation: 'denoise' }]))).toBeNull();
});

test('a chain of local steps in strips equals the whole image', async () => {
  const chain = [
    { operation: 'median-blur' },
    { operation: 'sharpen' },
    { operation: 'close', params: { kernelSize: 9 } },
  ];
  const steps = parseSteps(chain);
  expect(haloOf(steps)).toBeGreaterThan(10);
  const { samples } = runStrips(await decode(fixture('coffee.png'), options), steps, 25);
  const whole = runStrips(await decode(fixture('coffee.png'), options), steps, 10_000);
  expect(samples.data.equals(whole.samples.data)).toBe(true);
  expect(haloOf(parseSteps([...chain, { operation: 'canny' }]))).toBeNull();
});

test('a hundred megapixels are blurred, and are too many for an operation that needs the whole image', async () => {
  const image = await sharp({ create: { width: 12_500, height: 8000, channels: 3, background: '#456' } })
    .jpeg()
    .toBuffer();
  const job = { image, output: { width: 500 }, maxPixels: 100e6 };
  const steps = parseSteps([{ operation: 'gaussian-blur' }, { operation: 'invert' }]);
  const { input, bytes } = await processImage({ ...job, steps });
  expect(input).toMatchObject({ width: 12_500, height: 8000 });
  const color = (await sharp(bytes).raw().toBuffer()).subarray(0, 3);
  for (const [i, value] of [0xbb, 0xaa, 0x99].entries()) expect(Math.abs(color[i] - value)).toBeLessThan(3);
  await expect(
    processImage({ ...job, steps: parseSteps([{ operation: 'invert' }, { operation: 'watershed' }]) }),
  ).rejects.toMatchObject({
    details: {
      type: 'urn:tessera:problem:too-many-pixels',
      step: 1,
      operation: 'watershed',
      detail: expect.stringContaining('50 megapixels'),
    },
  });
});

test('transparency goes through strips too', async () => {
  const image = await sharp(fixture('coffee.png')).ensureAlpha(0.5).png().toBuffer();
  const kept = await decode(image, { ...options, alpha: 'kept' });
  const { samples } = runStrips(kept, parseSteps([{ operation: 'invert' }]), 50);
  expect(samples.channels).toBe(4);
  const whole = await runSteps(image, [{ operation: 'invert' }]);
  expect((await sharp(whole.bytes).raw().toBuffer()).equals(samples.data)).toBe(true);
});
