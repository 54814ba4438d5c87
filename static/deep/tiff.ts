/** TIFF 6.0 with integer samples, as cameras and microscopes write it: strips and tiles, uncompressed, LZW, Deflate or PackBits. */
import { unzlibSync } from 'fflate';
import type { DeepImage } from './deep-image.ts';
import { unpackBits, unpackLzw } from './tiff-compressions.ts';

const tags = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  stripOffsets: 273,
  orientation: 274,
  samples: 277,
  rowsPerStrip: 278,
  stripBytes: 279,
  planar: 284,
  predictor: 317,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileBytes: 325,
  extraSamples: 338,
  sampleFormat: 339,
} as const;

type Tag = keyof typeof tags;
type Entries = (tag: Tag) => number[];

const unpackers: Record<number, ((packed: Uint8Array, bytes: number) => Uint8Array) | undefined> = {
  1: (bytes) => bytes,
  5: unpackLzw,
  8: (packed) => unzlibSync(packed),
  32773: unpackBits,
  32946: (packed) => unzlibSync(packed),
};

/** A page, counted from 1, and how many there are. Throws for what is not read here. */
export function decodeTiff(bytes: Uint8Array, page: number): DeepImage & { pages: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const little = bytes[0] === 0x49;
  if (view.getUint16(2, little) !== 42) throw new Error('BigTIFF is not read by the preview.');
  const directories: number[] = [];
  for (let at = view.getUint32(4, little); at !== 0 && !directories.includes(at); ) {
    directories.push(at);
    at = view.getUint32(at + 2 + 12 * view.getUint16(at, little), little);
  }
  const directory = directories[page - 1];
  if (directory === undefined) throw new Error(`There is no page ${page}.`);
  return { ...decodePage(bytes, little, entriesOf(view, little, directory)), pages: directories.length };
}

function entriesOf(view: DataView, little: boolean, directory: number): Entries {
  const found = new Map<number, number[]>();
  const count = view.getUint16(directory, little);
  for (let at = directory + 2; at < directory + 2 + 12 * count; at += 12) {
    const [type, values] = [view.getUint16(at + 2, little), view.getUint32(at + 4, little)];
    const size = { 1: 1, 3: 2, 4: 4 }[type];
    if (size === undefined) continue;
    const from = size * values <= 4 ? at + 8 : view.getUint32(at + 8, little);
    const read = (i: number) => {
      if (size === 1) return view.getUint8(from + i);
      return size === 2 ? view.getUint16(from + 2 * i, little) : view.getUint32(from + 4 * i, little);
    };
    found.set(
      view.getUint16(at, little),
      Array.from({ length: values }, (_, i) => read(i)),
    );
  }
  return (tag) => found.get(tags[tag]) ?? [];
}

function decodePage(bytes: Uint8Array, little: boolean, entries: Entries): DeepImage {
  const one = (tag: Tag, usual: number) => entries(tag)[0] ?? usual;
  const [width, height] = [one('width', 0), one('height', 0)];
  const [samples, depth, photometric] = [one('samples', 1), one('bits', 1), one('photometric', 1)];
  const unpack = unpackers[one('compression', 1)];
  const isRead =
    unpack &&
    (depth === 8 || depth === 16) &&
    one('sampleFormat', 1) === 1 &&
    one('planar', 1) === 1 &&
    // The service turns pictures upright, and lays transparent ones on white.
    one('orientation', 1) === 1 &&
    ![1, 2].includes(one('extraSamples', 0)) &&
    photometric <= 2;
  if (!isRead) throw new Error('The preview does not read this kind of TIFF.');
  const channels = photometric === 2 ? 3 : 1;
  const data = depth === 16 ? new Uint16Array(width * height * channels) : new Uint8Array(width * height * channels);
  const tiled = entries('tileOffsets').length > 0;
  const blockWidth = tiled ? one('tileWidth', width) : width;
  const blockHeight = tiled ? one('tileHeight', height) : Math.min(height, one('rowsPerStrip', height));
  const [offsets, lengths] = tiled
    ? [entries('tileOffsets'), entries('tileBytes')]
    : [entries('stripOffsets'), entries('stripBytes')];
  const across = Math.ceil(width / blockWidth);
  const predicted = one('predictor', 1) === 2;
  const white = photometric === 0 ? 2 ** depth - 1 : 0;
  for (const [block, offset] of offsets.entries()) {
    const [left, top] = [(block % across) * blockWidth, Math.floor(block / across) * blockHeight];
    const rows = Math.min(blockHeight, height - top);
    const blockBytes = (blockWidth * blockHeight * samples * depth) / 8;
    const unpacked = unpack(bytes.subarray(offset, offset + lengths[block]), blockBytes);
    const words = wordsOf(unpacked, depth, little);
    for (let y = 0; y < rows; y++) {
      const row = y * blockWidth * samples;
      if (predicted) for (let i = row + samples; i < row + blockWidth * samples; i++) words[i] += words[i - samples];
      for (let x = 0; x < Math.min(blockWidth, width - left); x++)
        for (let channel = 0; channel < channels; channel++) {
          const value = words[row + x * samples + channel];
          data[((top + y) * width + left + x) * channels + channel] = white === 0 ? value : white - value;
        }
    }
  }
  return { width, height, channels, data, modality: undefined };
}

/** A copy: the file is not to be written to. */
function wordsOf(bytes: Uint8Array, depth: number, little: boolean): Uint8Array | Uint16Array {
  if (depth === 8) return Uint8Array.from(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Uint16Array.from({ length: bytes.length >> 1 }, (_, i) => view.getUint16(2 * i, little));
}
