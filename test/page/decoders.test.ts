/** Files that browsers do not show are decoded by the page as by the service, sample by sample. */
import sharp from 'sharp';
import { decode } from '../../lib/imaging/decode.ts';
import { type DeepImage, middleOfDeep, rangeWindow, reducedDeep } from '../../static/deep/deep-image.ts';
import { decodeDeepPng, isDeepPng } from '../../static/deep/png.ts';
import { decodeTiff } from '../../static/deep/tiff.ts';
import { fixture } from '../harness/fixtures.ts';

/** Smooth and noisy parts, 16 bits deep, no multiple of a tile or strip in size. */
function picture(channels: 1 | 3, depth: 8 | 16) {
  const [width, height] = [150, 83];
  const samples = Array.from({ length: width * height * channels }, (_, i) => {
    const smooth = (i * 37) % 40_000;
    return Math.floor((i % 5 === 0 ? (i * 7919) % 65_536 : smooth) / (depth === 16 ? 1 : 256));
  });
  const data = depth === 16 ? Uint16Array.from(samples) : Uint8Array.from(samples);
  const image = sharp(data, { raw: { width, height, channels } });
  if (channels === 1) image.toColorspace(depth === 16 ? 'grey16' : 'b-w');
  else if (depth === 16) image.toColorspace('rgb16');
  return { data, image };
}

const bytesOf = (buffer: Buffer) => Uint8Array.from(buffer);

test.each(['none', 'lzw', 'deflate', 'packbits'] as const)('TIFF, compression %s', async (compression) => {
  for (const channels of [1, 3] as const) {
    for (const depth of [8, 16] as const) {
      for (const tile of [false, true]) {
        const { data, image } = picture(channels, depth);
        // Predictors go with what they help.
        const predictor = compression === 'none' || compression === 'packbits' ? 'none' : 'horizontal';
        const options = { compression, predictor, ...(tile && { tile, tileWidth: 64, tileHeight: 64 }) } as const;
        const decoded = decodeTiff(bytesOf(await image.tiff(options).toBuffer()), 1);
        expect({ ...decoded, data: Buffer.from(decoded.data).equals(Buffer.from(data)) }).toEqual({
          width: 150,
          height: 83,
          channels,
          pages: 1,
          modality: undefined,
          data: true,
        });
      }
    }
  }
});

test('each page of a TIFF file', async () => {
  const file = fixture('multipage.tif');
  const { pages } = decodeTiff(bytesOf(file), 1);
  expect(pages).toBeGreaterThan(1);
  for (let page = 1; page <= pages; page++) {
    const own = decodeTiff(bytesOf(file), page);
    const { data, channels } = await decode(file, { page, maxDepth: 16, maxPixels: 1e6, alpha: 'flattened' });
    expect([own.channels, Buffer.from(own.data.buffer).equals(data)]).toEqual([channels, true]);
  }
  expect(() => decodeTiff(bytesOf(file), pages + 1)).toThrow(`There is no page ${pages + 1}.`);
});

test('PNG of 16 bits, by whichever filters', async () => {
  for (const channels of [1, 3] as const) {
    for (const adaptiveFiltering of [false, true]) {
      const { data, image } = picture(channels, 16);
      const file = bytesOf(await image.png({ adaptiveFiltering }).toBuffer());
      expect(isDeepPng(file)).toBe(true);
      const decoded = await decodeDeepPng(file);
      expect([decoded.width, decoded.height, decoded.channels]).toEqual([150, 83, channels]);
      expect(Buffer.from(decoded.data.buffer).equals(Buffer.from(data.buffer))).toBe(true);
    }
  }
  expect(isDeepPng(bytesOf(fixture('coins.png')))).toBe(false);
});

test('a smaller copy has the means of what it stands for, and the middle is as it was', () => {
  const data = Uint16Array.from({ length: 8 * 4 }, (_, i) => 1000 * (i % 8) + 10 * Math.floor(i / 8));
  const image: DeepImage = { width: 8, height: 4, channels: 1, data, modality: undefined };
  expect(reducedDeep(image, 4)).toMatchObject({
    width: 4,
    height: 2,
    data: Uint16Array.from([505, 2505, 4505, 6505, 525, 2525, 4525, 6525]),
  });
  expect(middleOfDeep(image, 2)).toMatchObject({
    width: 2,
    height: 2,
    data: Uint16Array.from([3010, 4010, 3020, 4020]),
  });
  expect(rangeWindow(image)).toEqual({ center: 3516, width: 7031 });
});

test('what the service lays on white or turns upright is not read here as if it were opaque and upright', async () => {
  const { data } = picture(3, 16);
  const rgb = sharp(data, { raw: { width: 150, height: 83, channels: 3 } }).toColorspace('rgb16');
  const transparent = await rgb.clone().ensureAlpha(0.5).png().toBuffer();
  expect(isDeepPng(bytesOf(transparent))).toBe(false);
  const files = [
    await rgb.clone().ensureAlpha(0.5).tiff().toBuffer(),
    await rgb.clone().withMetadata({ orientation: 6 }).tiff().toBuffer(),
  ];
  for (const file of files) expect(() => decodeTiff(bytesOf(file), 1)).toThrow('does not read this kind');
});
