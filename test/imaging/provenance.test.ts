import sharp, { type Sharp } from 'sharp';
import { checkOutput } from '../../lib/imaging/output.ts';
import { provenanceOf } from '../../lib/imaging/provenance.ts';
import { fixture } from '../harness/fixtures.ts';
import { runSteps } from '../harness/run.ts';

const copyright = '© 2026 Łucja & Søn';
const known = { density: 300, copyright: 'Jo <jo@example.org>', artist: 'Jo' };
const photo = () => sharp(fixture('coffee.png')).resize(60, 40).withMetadata({ density: 300 });
const credited = (image: Sharp) => image.withExif({ IFD0: { Copyright: known.copyright, Artist: known.artist } });
const blur = [{ operation: 'gaussian-blur' }];

async function told(bytes: Uint8Array) {
  return provenanceOf(await sharp(bytes).metadata());
}

test.each(['jpeg', 'png', 'tiff', 'webp', 'avif'] as const)(
  'resolution, copyright and artist go on to a result in %s',
  async (format) => {
    const { bytes } = await runSteps(await credited(photo()).jpeg().toBuffer(), blur, undefined, { format });
    const { density, ...credits } = known;
    // The last two have no field for it that decoders read.
    const hasDensity = ['jpeg', 'png', 'tiff'].includes(format);
    expect(await told(bytes)).toEqual(hasDensity ? { density, ...credits } : credits);
  },
);

test.each([{ operation: 'threshold' }, { operation: 'k-means' }])(
  'they go on to a PNG of few colors, from %j',
  async (step) => {
    const { bytes } = await runSteps(await credited(photo()).jpeg().toBuffer(), [step], undefined, { format: 'png' });
    expect(await told(bytes)).toEqual(known);
  },
);

test('credits are read from the tags of TIFF, from XMP and from IPTC', async () => {
  const xmp = `<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">${copyright.replace('&', '&amp;')}</rdf:li></rdf:Alt></dc:rights>`;
  const withXmp = await photo().withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/">${xmp}</x:xmpmeta>`).tiff().toBuffer();
  expect(await told((await runSteps(withXmp, blur)).bytes)).toMatchObject({ copyright });

  const value = Buffer.from('Jo Doe');
  const iptc = Buffer.concat([Buffer.from([0x1c, 2, 116, 0, value.length]), value]);
  expect(provenanceOf({ iptc } as never)).toEqual({ copyright: 'Jo Doe' });
  expect(provenanceOf({} as never, tiffWithText(0x8298, 'Jo Doe'))).toEqual({ copyright: 'Jo Doe' });
});

test('damaged metadata is passed over', () => {
  const tiff = tiffWithText(0x8298, 'Jo Doe');
  for (let length = 0; length < tiff.length; length++) {
    expect(() => provenanceOf({ exif: tiff.subarray(0, length) } as never)).not.toThrow();
  }
  expect(provenanceOf({ iptc: Buffer.from([0x1c, 2, 116, 0]) } as never)).toEqual({});
});

test('nothing goes on where it is not wanted, nor where a camera stood', async () => {
  const place = { IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' } };
  const image = await photo()
    .withExif({ IFD0: { Copyright: known.copyright }, ...place })
    .jpeg()
    .toBuffer();
  const { bytes } = await runSteps(image, blur);
  expect((await sharp(bytes).metadata()).exif?.includes('Jo')).toBe(true);
  const places = (file: Uint8Array) => Buffer.from(file).includes(Buffer.from([0x25, 0x88]));
  expect([places(image), places(bytes)]).toEqual([true, false]);
  const silent = await runSteps(image, blur, undefined, { metadata: 'none' });
  expect(await told(silent.bytes)).toEqual({});
});

test('the color of each pixel is kept where asked', async () => {
  const written = async (format: 'jpeg' | 'avif', chromaSubsampling?: '4:2:0' | '4:4:4') =>
    (await runSteps(fixture('coffee.png'), blur, undefined, { format, chromaSubsampling })).bytes;
  const subsampling = async (bytes: Uint8Array) => (await sharp(bytes).metadata()).chromaSubsampling;
  expect(await subsampling(await written('jpeg'))).toBe('4:2:0');
  expect(await subsampling(await written('jpeg', '4:4:4'))).toBe('4:4:4');
  // Of AVIF nothing tells it but the pixels.
  const usual = await written('avif');
  expect(usual).toEqual(await written('avif', '4:4:4'));
  expect(usual).not.toEqual(await written('avif', '4:2:0'));
});

test('a format without a choice of subsampling refuses one', () => {
  expect(() => checkOutput({ format: 'png', chromaSubsampling: '4:4:4' }, [])).toThrow(/of jpeg and avif, not of png/);
  expect(() => checkOutput({ chromaSubsampling: '4:4:4' }, [])).not.toThrow();
});

/** A little-endian TIFF header with a directory of one entry. */
function tiffWithText(tag: number, text: string): Buffer {
  const value = Buffer.from(`${text}\0`);
  const head = Buffer.alloc(26);
  head.write('II*\0', 0, 'latin1');
  head.writeUInt32LE(8, 4);
  head.writeUInt16LE(1, 8);
  head.writeUInt16LE(tag, 10);
  head.writeUInt16LE(2, 12);
  head.writeUInt32LE(value.length, 14);
  head.writeUInt32LE(26, 18);
  return Buffer.concat([head, value]);
}
