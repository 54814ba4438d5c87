/** Signed, 32-bit and floating-point samples, as TIFF may have them. */
import type { Metadata, Sharp } from 'sharp';
import { problem } from '../problems.ts';
import type { SampleValues } from '../vision/object-table.ts';
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

/**
 * Decodes gray or RGB. Whole numbers that fit into 16 bits stay exact: `values` says by which offset; others are spread over 8 or 16 bits by the range of
 * all channels.
 */
export async function readScaled(
  image: Sharp,
  metadata: Metadata,
  directory: TiffDirectory | undefined,
  depth: 8 | 16,
): Promise<Frame> {
  const inverted = directory?.photometric === whiteIsZero;
  const { words, read, width, height, channels } = await readValues(image, metadata, inverted);
  const kept = channels >= 3 ? 3 : 1;
  const range = rangeOf(words, read, channels, kept);
  const exact = depth === 16 ? exactValues(range, metadata.depth, inverted) : undefined;
  const sample = exact ? (value: number) => (value - exact.offset) * exact.factor : spread(range, depth, inverted);
  const target = samplesOf(width * height * kept, depth);
  for (let to = 0, from = 0; to < target.length; to += kept, from += channels) {
    for (let c = 0; c < kept; c++) target[to + c] = sample(read(words[from + c]));
  }
  const frame = { data: Buffer.from(target.buffer), width, height, channels: kept, depth } as const;
  if (exact) return { ...frame, values: exact };
  return { ...frame, scaledFrom: range, ...(depth === 16 && { values: spreadValues(range, inverted) }) };
}

/** What 16-bit samples stand for that hold whole numbers exactly; undefined where these do not fit. All pages of 8 or 16 bits have the same offset. */
function exactValues({ min, max }: ValueRange, depth: Metadata['depth'], inverted: boolean): SampleValues | undefined {
  if (depth === 'float') return undefined;
  const offset = depth === 'uint' || (depth === 'int' && min >= 0) ? 0 : -32_768;
  if (min < offset || max > offset + 65_535) return undefined;
  return inverted ? { offset: offset + 65_535, factor: -1 } : { offset, factor: 1 };
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
  if (depth === 'float' && unsigned) return readHalves(image);
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

/** Of floating-point numbers of 16 bits; greater ones are infinite. */
const greatestHalf = 65_504;

/**
 * Floating-point numbers of 16 bits, of which only whole numbers of 16 bits leave the pipeline: a first look finds their range, and further ones
 * spread what lies in it, until most of the words are used.
 */
async function readHalves(image: Sharp): Promise<Values> {
  const { channels } = await image.stats();
  if (!channels.every(({ mean }) => Number.isFinite(mean))) {
    throw problem(
      'unsupported-image',
      'The file contains 16-bit floating-point samples that are NaN or infinite, which is not supported.',
    );
  }
  let range = { min: -greatestHalf, max: greatestHalf };
  for (let look = 1; ; look++) {
    const { min, max } = range;
    const step = (max - min) / 65_535;
    const words = await readWords(image.clone().linear(1 / step, 0.5 - min / step), 'ushort');
    // Steps are finer than the numbers nearest to the greatest.
    const read = (word: number) => Math.f16round(min + word * step);
    const used = rangeOf(words.words, (word) => word, words.channels, words.channels);
    if (used.max - used.min > 2 ** 15 || look === maxLooks) return { ...words, read };
    range = { min: min + (used.min - 1) * step, max: min + (used.max + 1) * step };
  }
}

/** Each one narrows the range to a 20,000th at best: after these, a step is far below that of the numbers. */
const maxLooks = 4;

function rangeOf(words: ArrayLike<number>, read: (word: number) => number, channels: number, kept: number): ValueRange {
  const range = emptyRange();
  for (let i = 0; i < words.length; i += channels) {
    for (let c = 0; c < kept; c++) extend(range, read(words[i + c]));
  }
  return range.min <= range.max ? range : { min: 0, max: 0 };
}
