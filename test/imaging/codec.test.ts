/** Decoding and encoding: what goes in comes out as its owner sees it. */
import sharp from 'sharp';
import { decode } from '../../lib/imaging/decode.ts';
import { encode } from '../../lib/imaging/encode.ts';
import type { DecodeOptions } from '../../lib/imaging/pixels.ts';
import { fixture } from '../harness/fixtures.ts';
import { runSteps } from '../harness/run.ts';

const options: DecodeOptions = { maxDepth: 8, alpha: 'flattened', maxPixels: 50e6 };

/** Left half red, right half blue, 40 × 20. */
function redBlue() {
  const half = (background: string) => ({ create: { width: 20, height: 20, channels: 3 as const, background } });
  return sharp({ create: { width: 40, height: 20, channels: 3, background: '#00f' } }).composite([
    { input: half('#f00') as never, left: 0, top: 0 },
  ]);
}

test('a photo taken sideways is turned upright', async () => {
  const sideways = await redBlue()
    .png()
    .toBuffer()
    .then((png) => sharp(png).withMetadata({ orientation: 6 }).jpeg({ quality: 100 }).toBuffer());
  const { data, width, height } = await decode(sideways, options);
  expect([width, height]).toEqual([20, 40]);
  // Orientation 6 is turned clockwise: the left half comes to the top.
  expect(data[0]).toBeGreaterThan(200);
  expect(data[data.length - 3]).toBeLessThan(60);
});

test.each(['jpeg', 'png', 'webp', 'avif', 'tiff', 'gif'] as const)(
  '%s is read, and a picture in it comes back as one',
  async (format) => {
    const image = await sharp(fixture('fruits.jpg')).resize(64).toFormat(format).toBuffer();
    const result = await runSteps(image, [{ operation: 'gaussian-blur' }]);
    expect(result.input).toMatchObject({ contentType: `image/${format}`, width: 64, height: 60 });
    expect(result.contentType).toBe(format === 'gif' ? 'image/png' : `image/${format}`);
    const { width, height } = await sharp(result.bytes).metadata();
    expect([width, height]).toEqual([64, 60]);
  },
);

test('transparency stays where the operation works on single pixels', async () => {
  const image = await sharp(fixture('coffee.png')).resize(50, 40).ensureAlpha(0.4).png().toBuffer();
  const { bytes } = await runSteps(image, [{ operation: 'equalize' }]);
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  expect(info.channels).toBe(4);
  expect(data[3]).toBe(102);
});

test('everywhere else a transparent image is seen on white', async () => {
  const clear = await sharp({
    create: { width: 8, height: 8, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
  })
    .png()
    .toBuffer();
  const { bytes } = await runSteps(clear, [{ operation: 'gaussian-blur' }]);
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  expect(info.channels).toBe(3);
  expect([...new Set(data)]).toEqual([255]);
});

test('16-bit gray stays 16-bit where the operation allows it, else becomes 8-bit', async () => {
  const { bytes, contentType } = await runSteps('chessboard_GRAY_U16.tif', [{ operation: 'grayscale' }]);
  expect(contentType).toBe('image/tiff');
  const raw = (file: Uint8Array) => sharp(file).toColorspace('grey16').raw({ depth: 'ushort' }).toBuffer();
  expect((await raw(bytes)).equals(await raw(fixture('chessboard_GRAY_U16.tif')))).toBe(true);
  const shallow = await decode(fixture('chessboard_GRAY_U16.tif'), options);
  const deep = await decode(fixture('chessboard_GRAY_U16.tif'), { ...options, maxDepth: 16 });
  expect([shallow.depth, deep.depth]).toEqual([8, 16]);
  // The file holds 8 bits in 16.
  expect([shallow.bits, deep.bits]).toEqual([8, 8]);
  for (let i = 0; i < shallow.data.length; i++) expect(shallow.data[i]).toBe(deep.data.readUInt16LE(2 * i));
});

test('colors of another profile are converted to sRGB; sRGB passes unchanged', async () => {
  const p3 = await sharp({ create: { width: 4, height: 4, channels: 3, background: '#c02020' } })
    .withIccProfile('p3')
    .png()
    .toBuffer();
  expect((await sharp(p3).metadata()).icc).toBeDefined();
  const { data } = await decode(p3, options);
  expect(data[0]).toBe(0xc0);
  const raw = await sharp(fixture('astronaut.png'), { ignoreIcc: true }).raw().toBuffer();
  expect((await decode(fixture('astronaut.png'), options)).data.equals(raw)).toBe(true);
});

test('of several pages the first is taken', async () => {
  expect(await decode(fixture('multipage.tif'), options)).toMatchObject({ width: 10, height: 15, pages: 2 });
});

test.each([1, 7, 8, 9, 64])('black and white, %i pixels wide, survives as one bit a pixel', async (width) => {
  const data = Buffer.from(Array.from({ length: width * 5 }, (_, i) => ((i * 7) % 3 === 0 ? 255 : 0)));
  const { bytes: png } = await encode({ data, width, height: 5, channels: 1, depth: 8 }, 'png', 'data');
  expect(await sharp(png).metadata()).toMatchObject({ bitsPerSample: 1, width, height: 5 });
  expect((await sharp(png).toColorspace('b-w').raw().toBuffer()).equals(data)).toBe(true);
});

test.each([2, 3, 5, 17, 200])('data of %i colors becomes a PNG with a palette, exactly', async (colors) => {
  const [width, height] = [61, 47];
  const color = (i: number) => [(i * 37) % 256, (i * 91) % 256, i];
  const data = Buffer.from(Array.from({ length: width * height }, (_, i) => color((i * i) % colors)).flat());
  const { bytes } = await encode({ data, width, height, channels: 3, depth: 8 }, 'png', 'data');
  expect(await sharp(bytes).metadata()).toMatchObject({ isPalette: true, width, height });
  expect((await sharp(bytes).removeAlpha().raw().toBuffer()).equals(data)).toBe(true);
});

test('data of more colors than a palette holds stays exact too', async () => {
  const data = Buffer.from(Array.from({ length: 300 }, (_, i) => [i & 255, i >> 8, 7]).flat());
  const { bytes } = await encode({ data, width: 300, height: 1, channels: 3, depth: 8 }, 'png', 'data');
  expect((await sharp(bytes).removeAlpha().raw().toBuffer()).equals(data)).toBe(true);
});
