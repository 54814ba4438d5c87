/** Signed, 32-bit and floating-point samples, as TIFF may have them. */
import type { Metadata, Sharp } from 'sharp';
import { problem } from '../problems.ts';
import type { Pixels } from './pixels.ts';
import { rawPixels } from './raw-pixels.ts';
import type { TiffDirectory } from './tiff/directory.ts';
import { emptyRange, extend, samplesOf, spread, spreadValues, type ValueRange } from './value-range.ts';

type Frame = Omit<Pixels, 'format' | 'pages'>;

interface Values {
  words: ArrayLike<number>;
  /** The value that a word stands for. */
  read(word: number): number;
  width: number;
  height: number;
  channels: number;
}

/** TIFF's `PhotometricInterpretation`. */
export const whiteIsZero = 0;
const uint32 = 0xffff_ffff;

/** Decodes gray or RGB, and spreads the values of all channels over 8 or 16 bits by their range. */
export async function readScaled(
  image: Sharp,
  metadata: Metadata,
  directory: TiffDirectory | undefined,
  depth: 8 | 16,
): Promise<Frame> {
  const inverted = directory?.photometric === whiteIsZero;
  const { words, read, width, height, channels } = await readValues(image, metadata, inverted);
  const kept = channels >= 3 ? 3 : 1;
  const scaledFrom = rangeOf(words, read, channels, kept);
  const sample = spread(scaledFrom, depth, inverted);
  const target = samplesOf(width * height * kept, depth);
  for (let to = 0, from = 0; to < target.length; to += kept, from += channels) {
    for (let c = 0; c < kept; c++) target[to + c] = sample(read(words[from + c]));
  }
  const values = depth === 16 ? { values: spreadValues(scaledFrom, inverted) } : {};
  return { data: Buffer.from(target.buffer), width, height, channels: kept, depth, scaledFrom, ...values };
}

/** Samples as the file has them. */
async function readValues(image: Sharp, { space = 'b-w', depth }: Metadata, inverted: boolean): Promise<Values> {
  image.toColorspace(space);
  // In these spaces, samples leave the pipeline as unsigned ones of 16 bits; moved there before, they lose nothing.
  const unsigned = space === 'grey16' || space === 'rgb16';
  if (depth === 'short' && unsigned) {
    image.linear(1, 32_768);
    return { ...(await readWords(image, 'ushort')), read: (word) => word - 32_768 };
  }
  if (depth === 'float' && unsigned) {
    const { min, max } = await measuredRange(image);
    const step = (max - min) / 65_535 || 1;
    image.linear(1 / step, 0.5 - min / step);
    return { ...(await readWords(image, 'ushort')), read: (word) => min + word * step };
  }
  // Of unsigned samples, the decoder itself has turned black and white round.
  const turned = depth === 'uint' && inverted;
  return {
    ...(await readWords(image, depth as keyof typeof wordTypes)),
    read: turned ? (word) => uint32 - word : (word) => word,
  };
}

const wordTypes = {
  char: Int8Array,
  short: Int16Array,
  ushort: Uint16Array,
  int: Int32Array,
  uint: Uint32Array,
  float: Float32Array,
};

async function readWords(image: Sharp, depth: keyof typeof wordTypes): Promise<Omit<Values, 'read'>> {
  const { data, info } = await rawPixels(image, depth);
  const { width, height, channels } = info;
  const words = new wordTypes[depth](data.buffer as ArrayBuffer, data.byteOffset, width * height * channels);
  return { words, width, height, channels };
}

async function measuredRange(image: Sharp): Promise<ValueRange> {
  const { channels } = await image.stats();
  if (!channels.every(({ mean }) => Number.isFinite(mean))) {
    throw problem(
      'unsupported-image',
      'The file contains 16-bit floating-point samples that are NaN, which is not supported.',
    );
  }
  return {
    min: Math.min(...channels.map(({ min }) => min)),
    max: Math.max(...channels.map(({ max }) => max)),
  };
}

function rangeOf(words: ArrayLike<number>, read: (word: number) => number, channels: number, kept: number): ValueRange {
  const range = emptyRange();
  for (let i = 0; i < words.length; i += channels) {
    for (let c = 0; c < kept; c++) extend(range, read(words[i + c]));
  }
  return range.min <= range.max ? range : { min: 0, max: 0 };
}
