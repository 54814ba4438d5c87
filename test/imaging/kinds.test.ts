/** PNG, JPEG, GIF and WebP of every kind come out as they look. */
import sharp from 'sharp';
import { decode } from '../../lib/imaging/decode.ts';
import { readImageHeader } from '../../lib/imaging/image-header.ts';
import type { DecodeOptions } from '../../lib/imaging/pixels.ts';
import { fixture } from '../harness/fixtures.ts';
import { writePng } from '../harness/png-writer.ts';

const options: DecodeOptions = { maxDepth: 16, alpha: 'kept', maxPixels: 50e6 };

async function read(file: Uint8Array, more: Partial<DecodeOptions> = {}) {
  const { data, depth, ...rest } = await decode(file, { ...options, ...more });
  const samples = depth === 16 ? [...new Uint16Array(data.buffer, data.byteOffset, data.length / 2)] : [...data];
  return { ...rest, depth, samples };
}

const png = (width: number, bits: number, colorType: number, row: number[], palette?: number[]) =>
  writePng({ width, bits, colorType, rows: [row], ...(palette && { palette }) });

test.each([
  [1, [0b0110_0000], [0, 255, 255, 0]],
  [2, [0b00_01_10_11], [0, 85, 170, 255]],
  [4, [0x07, 0x8f], [0, 119, 136, 255]],
  [8, [0, 7, 128, 255], [0, 7, 128, 255]],
])('gray PNG of %i bits', async (bits, row, samples) => {
  expect(await read(png(4, bits, 0, row))).toMatchObject({ channels: 1, depth: 8, samples });
});

test('gray PNG of 16 bits', async () => {
  const row = [0, 0, 0, 7, 0x80, 0, 0xff, 0xff];
  expect(await read(png(4, 16, 0, row))).toMatchObject({
    channels: 1,
    depth: 16,
    samples: [0, 7, 0x8000, 0xffff],
  });
});

test('color PNG of 16 bits', async () => {
  const row = [0, 1, 0x12, 0x34, 0xff, 0xfe];
  expect(await read(png(1, 16, 2, row))).toMatchObject({ channels: 3, depth: 16, samples: [1, 0x1234, 0xfffe] });
});

const palette = [10, 20, 30, 250, 0, 0, 0, 250, 0, 0, 0, 250];

test.each([
  [1, [0b0110_0000], [0, 1, 1, 0]],
  [2, [0b00_01_10_11], [0, 1, 2, 3]],
  [4, [0x01, 0x23], [0, 1, 2, 3]],
  [8, [3, 2, 1, 0], [3, 2, 1, 0]],
])('PNG with a palette, %i bits', async (bits, row, indices) => {
  const samples = indices.flatMap((index) => palette.slice(3 * index, 3 * index + 3));
  expect(await read(png(4, bits, 3, row, palette))).toMatchObject({ channels: 3, depth: 8, samples });
});

test('interlaced PNG', async () => {
  const picture = sharp(fixture('coffee.png')).resize(37, 29);
  const samples = [...(await picture.clone().raw().toBuffer())];
  expect(await read(await picture.clone().png({ progressive: true }).toBuffer())).toMatchObject({ samples });
});

test('JPEG: progressive ones have the same pixels as sequential ones, near those of the picture', async () => {
  const picture = sharp(fixture('coffee.png')).resize(40, 30);
  const jpeg = (progressive: boolean) =>
    picture.clone().jpeg({ quality: 95, chromaSubsampling: '4:4:4', progressive }).toBuffer();
  const sequential = await read(await jpeg(false));
  expect((await sharp(await jpeg(true)).metadata()).isProgressive).toBe(true);
  expect(await read(await jpeg(true))).toEqual(sequential);
  const expected = await picture.clone().raw().toBuffer();
  const differences = sequential.samples.map((value, i) => Math.abs(value - expected[i]));
  expect(differences.reduce((a, b) => a + b) / expected.length).toBeLessThan(5);
});

test('CMYK JPEG comes out in its colors', async () => {
  const file = await sharp({ create: { width: 16, height: 16, channels: 3, background: '#c83264' } })
    .toColorspace('cmyk')
    .jpeg({ quality: 100 })
    .toBuffer();
  expect((await sharp(file).metadata()).space).toBe('cmyk');
  const { samples, channels } = await read(file);
  expect(channels).toBe(3);
  [0xc8, 0x32, 0x64].forEach((value, i) => {
    expect(Math.abs(samples[i] - value)).toBeLessThan(16);
  });
});

/** Three frames of one color each. */
async function animation(format: 'gif' | 'webp'): Promise<Buffer> {
  const frames = ['#ff0000', '#00ff00', '#0000ff'].map((background) =>
    sharp({ create: { width: 8, height: 6, channels: 3, background } })
      .png()
      .toBuffer(),
  );
  const joined = sharp(await Promise.all(frames), { join: { animated: true } });
  return format === 'gif' ? joined.gif().toBuffer() : joined.webp({ lossless: true }).toBuffer();
}

test.each(['gif', 'webp'] as const)(
  'of an animated %s the first frame is seen, or the one asked for',
  async (format) => {
    const file = await animation(format);
    expect(await read(file)).toMatchObject({ width: 8, height: 6, pages: 3 });
    for (const [page, color] of [
      [1, [255, 0, 0]],
      [2, [0, 255, 0]],
      [3, [0, 0, 255]],
    ] as const) {
      expect((await read(file, { page, alpha: 'flattened' })).samples.slice(0, 3)).toEqual(color);
    }
    await expect(read(file, { page: 4 })).rejects.toMatchObject({ details: { field: 'page' } });
  },
);

test.each(['heic', 'heix', 'hevc'])('HEIC (%s) is refused before it is stored, with advice', async (brand) => {
  const head = Buffer.from(`\0\0\0\x24ftyp${brand}\0\0\0\0mif1MiHEmiafheic${'\0'.repeat(200)}`, 'latin1');
  const refusal = {
    details: { type: 'urn:tessera:problem:unsupported-image', detail: expect.stringMatching(/HEIC.*JPEG/) },
  };
  await expect(async () => readImageHeader(head, 50e6)).rejects.toMatchObject(refusal);
  await expect(decode(head, options)).rejects.toMatchObject(refusal);
});

test('AVIF shares its container with HEIC, and is read', async () => {
  const file = await sharp(fixture('coffee.png')).resize(16, 16).avif().toBuffer();
  expect(readImageHeader(file, 50e6)).toMatchObject({ contentType: 'image/avif', width: 16, height: 16 });
  expect(await read(file)).toMatchObject({ width: 16, height: 16, format: 'avif' });
});
