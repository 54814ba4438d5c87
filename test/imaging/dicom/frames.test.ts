/** Compressed frames: each is found among the fragments, and only the one that is wanted is decoded. */
import { decode } from '../../../lib/imaging/decode.ts';
import type { DecodeOptions } from '../../../lib/imaging/pixels.ts';
import { encodeFrame, type FrameCodec, transferSyntaxes } from '../../harness/dicom.ts';
import { type ElementInit, type ImageInit, imageElements, writeDicom } from '../../harness/dicom-writer.ts';

const [width, height] = [16, 9];
const options = (page = 1, maxDepth: 8 | 16 = 16): DecodeOptions => ({
  maxDepth,
  alpha: 'kept',
  maxPixels: 50e6,
  page,
});
const frameValues = (frame: number, max = 4096) =>
  Uint16Array.from({ length: width * height }, (_, i) => (1000 * frame + 7 * i) % max);

async function read(init: Partial<ImageInit>, syntax: string, page = 1, maxDepth: 8 | 16 = 16) {
  const elements = imageElements({ columns: width, rows: height, stored: 12, pixels: '', ...init });
  const file = writeDicom(elements, { transferSyntax: transferSyntaxes[syntax] ?? syntax });
  const { data, depth } = await decode(file, options(page, maxDepth));
  return depth === 16 ? [...new Uint16Array(data.buffer)] : [...data];
}

const jpegLs = (frame: number) =>
  encodeFrame('JpegLs', { width, height, samples: frameValues(frame) }, { bitsStored: 12 });
/** In fragments of 20 bytes. */
const inPieces = (bytes: Uint8Array) =>
  Array.from({ length: Math.ceil(bytes.length / 20) }, (_, i) => bytes.subarray(20 * i, 20 * i + 20));

/** Where each frame's first item begins, as the offset tables count it. */
function offsetsOf(frames: Uint8Array[][]): number[] {
  let at = 0;
  return frames.map((pieces) => {
    const start = at;
    for (const { length } of pieces) at += 8 + length + (length % 2);
    return start;
  });
}

const extendedTable = (offsets: number[]): ElementInit => [
  0x7fe0_0001,
  'OV',
  new Uint8Array(BigUint64Array.from(offsets, BigInt).buffer),
];

test.each<[string, (frames: Uint8Array[]) => { fragments: Uint8Array[]; table?: number[] }]>([
  ['one fragment each', (frames) => ({ fragments: frames })],
  [
    'several fragments and a basic offset table',
    (frames) => ({
      fragments: frames.flatMap(inPieces),
      table: offsetsOf(frames.map(inPieces)),
    }),
  ],
  ['several fragments and no table: by how images begin', (frames) => ({ fragments: frames.flatMap(inPieces) })],
])('frames of %s', async (_, pack) => {
  const frames = await Promise.all([0, 1, 2].map(jpegLs));
  for (const page of [1, 2, 3]) {
    expect(await read({ frames: 3, pixels: pack(frames) }, 'JpegLsLossless', page)).toEqual([...frameValues(page - 1)]);
  }
});

test('the extended offset table tells frames apart', async () => {
  // Not to be told by how they begin.
  const frames = [0, 1, 2].map((frame) => packBits(frameValues(frame)));
  const more = [extendedTable(offsetsOf(frames.map(inPieces)))];
  const pixels = { fragments: frames.flatMap(inPieces) };
  expect(await read({ frames: 3, pixels, more }, 'RleLossless', 2)).toEqual([...frameValues(1)]);
});

test('a frame is read although another one is damaged', async () => {
  const frames = await Promise.all([0, 1].map(jpegLs));
  const pixels = { fragments: [frames[0].subarray(0, 40), frames[1]] };
  expect(await read({ frames: 2, pixels }, 'JpegLsLossless', 2)).toEqual([...frameValues(1)]);
  await expect(read({ frames: 2, pixels }, 'JpegLsLossless', 1)).rejects.toThrow('end early');
  expect(await read({ frames: 2, pixels }, 'JpegLsLossless', 2)).toEqual([...frameValues(1)]);
});

test('many frames are no more than the one that is wanted', async () => {
  // Together they have more pixels than an image may have.
  const pixels = { fragments: [await jpegLs(0), ...Array.from({ length: 999 }, () => Uint8Array.of(0, 0))] };
  const elements = imageElements({ columns: width, rows: height, stored: 12, frames: 1000, pixels });
  const file = writeDicom(elements, { transferSyntax: transferSyntaxes.JpegLsLossless });
  const { data, pages } = await decode(file, { ...options(), maxPixels: width * height });
  expect(pages).toBe(1000);
  expect([...new Uint16Array(data.buffer)]).toEqual([...frameValues(0)]);
});

/** RLE after PS3.5, annex G: literal runs, and a repeated run where all bytes are the same. */
function packBits(words: Uint16Array): Uint8Array {
  const planes = [8, 0].map((shift) => Uint8Array.from(words, (word) => word >> shift));
  const segments = planes.map((plane) => {
    const parts: number[] = [];
    for (let at = 0; at < plane.length; at += 128) {
      const run = [...plane.subarray(at, at + 128)];
      if (run.length > 1 && run.every((byte) => byte === run[0])) parts.push(257 - run.length, run[0]);
      else parts.push(run.length - 1, ...run);
    }
    return Buffer.from(parts.length % 2 === 0 ? parts : [...parts, 0]);
  });
  const header = Buffer.alloc(64);
  header.writeUInt32LE(2, 0);
  header.writeUInt32LE(64, 4);
  header.writeUInt32LE(64 + segments[0].length, 8);
  return Buffer.concat([header, ...segments]);
}

test.each([
  ['of many values', frameValues(0)],
  ['of one value', new Uint16Array(width * height).fill(0x0102)],
])('RLE %s is exact', async (_, values) => {
  expect(await read({ pixels: { fragments: [packBits(values)] } }, 'RleLossless')).toEqual([...values]);
});

test('RLE that ends early is damaged', async () => {
  const pixels = { fragments: [packBits(frameValues(0)).subarray(0, 120)] };
  await expect(read({ pixels }, 'RleLossless')).rejects.toThrow('end early');
});

test('uncompressed frames in fragments', async () => {
  const fragments = [0, 1].map((frame) => new Uint8Array(frameValues(frame).buffer));
  expect(await read({ frames: 2, pixels: { fragments } }, '1.2.840.10008.1.2.1.98', 2)).toEqual([...frameValues(1)]);
});

test('an uncompressed frame of several', async () => {
  const pixels = new Uint8Array([0, 1, 2].flatMap((frame) => [...new Uint8Array(frameValues(frame).buffer)]));
  expect(await read({ frames: 3, pixels }, 'ExplicitVRLittleEndian', 3)).toEqual([...frameValues(2)]);
});

test.each<[string, FrameCodec, object]>([
  ['JpegLosslessProcess14V1', 'Jpeg', { predictor: 1 }],
  ['1.2.840.10008.1.2.4.57', 'Jpeg', { predictor: 4 }],
  ['JpegLsLossless', 'JpegLs', {}],
  ['Jpeg2000Lossless', 'Jpeg2000', {}],
  ['HtJpeg2000Lossless', 'HtJpeg2000', {}],
])('%s: color is exact', async (syntax, codec, params) => {
  const samples = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * 53) % 256);
  const frame = await encodeFrame(codec, { width, height, samples }, { color: true, ...params });
  const init = { bits: 8, stored: 8, samples: 3, model: 'RGB', pixels: { fragments: [frame] } };
  expect(await read(init, syntax)).toEqual([...samples]);
});

test.each<[string, FrameCodec]>([
  ['JpegLosslessProcess14V1', 'Jpeg'],
  ['JpegLsLossless', 'JpegLs'],
  ['Jpeg2000Lossless', 'Jpeg2000'],
  ['HtJpeg2000Lossless', 'HtJpeg2000'],
])('%s: signed values of 16 bits are exact', async (syntax, codec) => {
  const samples = Int16Array.from({ length: width * height }, (_, i) => 251 * i - 18_000);
  const frame = await encodeFrame(codec, { width, height, samples });
  const init = { stored: 16, signed: true, pixels: { fragments: [frame] } };
  expect(await read(init, syntax)).toEqual(Array.from(samples, (value) => value + 32_768));
});

test('8 bits in frames that are stored in 16', async () => {
  const samples = Uint8Array.from({ length: width * height }, (_, i) => i);
  const frame = await encodeFrame('Jpeg', { width, height, samples }, { predictor: 1 });
  expect(await read({ stored: 8, pixels: { fragments: [frame] } }, 'JpegLosslessProcess14V1')).toEqual([...samples]);
});

test.each<[string, Partial<ImageInit>, string]>([
  ['of another size', { rows: height + 1 }, 'Columns × Rows is 16 × 10, and its JPEG-LS image 16 × 9'],
  ['of other components', { samples: 3, model: 'RGB', bits: 8, stored: 8 }, 'SamplesPerPixel is 3'],
])('a compressed image %s than the file says is damaged', async (_, init, reason) => {
  const pixels = { fragments: [await jpegLs(0)] };
  await expect(read({ ...init, pixels }, 'JpegLsLossless')).rejects.toMatchObject({
    details: { type: 'urn:tessera:problem:corrupt-image', detail: expect.stringContaining(reason) },
  });
});

test.each(['1.2.840.10008.1.2.4.100', '1.2.840.10008.1.2.4.94', '1.2.3.4'])(
  'the transfer syntax %s is not read, and is named',
  async (syntax) => {
    await expect(read({ pixels: { fragments: [Uint8Array.of(1, 2)] } }, syntax)).rejects.toMatchObject({
      details: { type: 'urn:tessera:problem:unsupported-image', detail: expect.stringContaining(syntax) },
    });
  },
);

test.each<[string, FrameCodec, Record<string, unknown>]>([
  ['JpegBaselineProcess1', 'Jpeg', { lossy: true }],
  ['JpegLosslessProcess14V1', 'Jpeg', { predictor: 1 }],
  ['JpegLsLossless', 'JpegLs', {}],
  ['Jpeg2000Lossless', 'Jpeg2000', {}],
  ['HtJpeg2000Lossless', 'HtJpeg2000', {}],
])('%s: a compressed image that ends early is damaged', async (syntax, codec, params) => {
  const samples = Uint8Array.from({ length: width * height }, (_, i) => (i * i) % 251);
  const frame = await encodeFrame(codec, { width, height, samples }, params);
  const whole = { bits: 8, stored: 8, pixels: { fragments: [frame] } };
  expect((await read(whole, syntax)).length).toBe(width * height);
  for (const part of [0.6, 0.95]) {
    const pixels = { fragments: [frame.subarray(0, Math.floor(frame.length * part))] };
    await expect(read({ ...whole, pixels }, syntax)).rejects.toMatchObject({
      details: { type: 'urn:tessera:problem:corrupt-image' },
    });
  }
});

test('a fragment that the file does not hold is damage', async () => {
  const elements = imageElements({
    columns: width,
    rows: height,
    stored: 12,
    pixels: { fragments: [await jpegLs(0)] },
  });
  const file = writeDicom(elements, { transferSyntax: transferSyntaxes.JpegLsLossless }).subarray(0, -20);
  await expect(decode(file, options())).rejects.toThrow('end early');
});
