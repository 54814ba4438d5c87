import sharp from 'sharp';
import { plain } from '../harness/drawing.ts';
import { fixture } from '../harness/fixtures.ts';
import { psnr, samplesOf, withNoise } from '../harness/noise.ts';
import { edgeHeight, noiseOf, noisyStep } from '../harness/noisy-step.ts';
import { run } from '../harness/run.ts';
import { gaussianFrom, randomFrom } from '../harness/synthetic.ts';

describe.each(['coffee.png', 'astronaut.png', 'fruits.jpg', 'chelsea.png'])('%s', (name) => {
  test('noise with a standard deviation of 20 is taken out, at least 6 dB of it', async () => {
    const photo = await samplesOf(fixture(name));
    const noisy = await withNoise(fixture(name), 20);
    const { bytes, measured } = await run('denoise', noisy);
    expect(Math.abs(measured.noise - 20)).toBeLessThan(2);
    const gain = psnr(await samplesOf(bytes), photo) - psnr(await samplesOf(noisy), photo);
    expect(gain).toBeGreaterThan(6);
    const blurred = await samplesOf((await run('bilateral', noisy)).bytes);
    expect(psnr(await samplesOf(bytes), photo)).toBeGreaterThan(psnr(blurred, photo));
  });

  test('a photo of little noise stays nearly as it is', async () => {
    const photo = await sharp(fixture(name)).png({ compressionLevel: 1 }).toBuffer();
    const { bytes, measured } = await run('denoise', photo);
    expect(measured.noise).toBeLessThan(3);
    expect(psnr(await samplesOf(bytes), await samplesOf(photo))).toBeGreaterThan(45);
  });
});

test.each([
  ['non-local-means', {}],
  ['guided', { strength: 30 }],
])('of 12 bits, noise is taken out below the gray values: %s', async (method, params) => {
  const [width, height] = [160, 120];
  // Steps of three samples, a fifth of a gray value, and noise of ten gray values.
  const truth = (i: number) => 2000 + 3 * Math.floor((i % width) / 20);
  const noise = gaussianFrom(randomFrom(1));
  const samples = Uint16Array.from({ length: width * height }, (_, i) => truth(i) + 160 * noise());
  samples.set([0, 4095]);
  const image = await sharp(samples, { raw: { width, height, channels: 1 } })
    .toColorspace('grey16')
    .png()
    .toBuffer();
  const { bytes, measured } = await run('denoise', image, { method, ...params });
  if (method !== 'guided') expect(Math.abs(measured.noise - 10)).toBeLessThan(1);
  const raw = await sharp(bytes).toColorspace('grey16').raw({ depth: 'ushort' }).toBuffer();
  const result = new Uint16Array(raw.buffer, raw.byteOffset, raw.length / 2);
  const error = (values: ArrayLike<number>) =>
    Math.sqrt(
      Array.from(values, (value, i) => (i < 2 ? 0 : (value - truth(i)) ** 2)).reduce((a, b) => a + b) /
        (width * height),
    );
  expect(error(result)).toBeLessThan(error(samples) / 3);
  expect(new Set(result).size).toBeGreaterThan(100);
});

test('a large image of 16 bits is denoised without seams', async () => {
  const [width, height] = [1600, 1400];
  const noise = gaussianFrom(randomFrom(3));
  const samples = Uint16Array.from({ length: width * height }, () => Math.min(4095, 2000 + 160 * noise()));
  const file = (values: Uint16Array, columns: number) => {
    values[0] = 4095;
    const raw = { width: columns, height: values.length / columns, channels: 1 as const };
    return sharp(values, { raw }).toColorspace('grey16').tiff({ compression: 'none' }).toBuffer();
  };
  // Columns 0 to 99 of the rows around each multiple of a band.
  const [top, bottom, columns] = [1150, 1350, 100];
  const part = new Uint16Array((bottom - top) * columns);
  for (let i = 0; i < part.length; i++) part[i] = samples[(top + Math.floor(i / columns)) * width + (i % columns)];
  const denoised = async (image: Buffer) => {
    const { bytes } = await run('denoise', image, { noise: 10, search: 2 });
    const raw = await sharp(bytes).toColorspace('grey16').raw({ depth: 'ushort' }).toBuffer();
    return new Uint16Array(raw.buffer, raw.byteOffset, raw.length / 2);
  };
  const [whole, alone] = [await denoised(await file(samples, width)), await denoised(await file(part, columns))];
  const wrong = alone.filter((value, i) => {
    const [x, y] = [i % columns, Math.floor(i / columns)];
    return x > 5 && x < 94 && y > 5 && y < bottom - top - 6 && value !== whole[(top + y) * width + x];
  });
  expect(wrong).toHaveLength(0);
});

test('a plain image has no noise', async () => {
  expect((await run('denoise', await plain('#000000', 16))).measured.noise).toBe(0);
});

test('no noise, no change', async () => {
  const { bytes } = await run('denoise', 'coffee.png', { noise: 0 });
  expect(psnr(await samplesOf(bytes), await samplesOf(fixture('coffee.png')))).toBe(Number.POSITIVE_INFINITY);
});

test('the guided filter takes noise out of flat areas', async () => {
  const noisy = await noisyStep();
  const { bytes } = await run('denoise', noisy, { method: 'guided', strength: 30 });
  expect(await noiseOf(bytes)).toBeLessThan(0.5 * (await noiseOf(noisy)));
});

test.each(['guided', 'non-local-means'])('an edge stays where it is: %s', async (method) => {
  const { bytes } = await run('denoise', await noisyStep(), { method, strength: 15 });
  expect(await edgeHeight(bytes)).toBeGreaterThan(70);
});
