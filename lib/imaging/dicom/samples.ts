import { decodeFrame } from './codecs.ts';
import type { DataSet, Element } from './data-set.ts';
import { encapsulatedFrame } from './fragments.ts';
import type { Layout } from './layout.ts';
import { corrupt, unsupported } from './problems.ts';
import { decodeRle } from './rle.ts';
import { type Samples, storedBits, wordsOf } from './stored-values.ts';
import { type Compression, compressionOf } from './transfer-syntaxes.ts';

/** A frame's samples, and how three of them make a color: decompressing may have changed that. */
export interface FrameSamples {
  samples: Samples;
  kind: Layout['kind'];
  planar: boolean;
}

/** Reads frame `index`, counted from 0, and no other. */
export async function readSamples(
  dataSet: DataSet,
  layout: Layout,
  transferSyntax: string,
  index: number,
): Promise<FrameSamples> {
  const { kind, planar, bitsAllocated } = layout;
  const floating = floatSamples(dataSet, layout, index);
  if (floating) return { samples: floating, kind, planar };
  const pixelData = dataSet.element('PixelData');
  if (!pixelData) throw corrupt('it has no pixel data');
  if (pixelData.truncated) throw corrupt('its pixel data end early');
  const compression = compressionOf(transferSyntax);
  if (!compression) throw unsupported(`pixels in the transfer syntax ${transferSyntax} are not read`);
  if (compression !== 'none') {
    const frame = pixelData.inItems ? encapsulatedFrame(dataSet, pixelData, index, layout.frames) : pixelData.value;
    return decompress(dataSet, layout, compression, frame);
  }
  const { bytes, bit } = nativeFrame(dataSet, pixelData, layout, index);
  const words =
    bitsAllocated === 1 ? unpackBits(bytes, bit, layout.width * layout.height) : wordsOf(bytes, bitsAllocated);
  return { samples: { words, ...storedBits(dataSet, bitsAllocated) }, kind, planar };
}

async function decompress(
  dataSet: DataSet,
  layout: Layout,
  compression: Exclude<Compression, 'none'>,
  frame: Uint8Array,
): Promise<FrameSamples> {
  const { width, height, samplesPerPixel, bitsAllocated } = layout;
  // In compressed frames every pixel has its own chrominances.
  const kind = layout.kind === 'YBR_FULL_422' ? 'YBR_FULL' : layout.kind;
  if (compression === 'rle') {
    if (bitsAllocated === 1) throw unsupported('BitsAllocated is 1 in RLE; 8, 16 and 32 are supported');
    const bytes = decodeRle(frame, width * height, samplesPerPixel, bitsAllocated / 8);
    return {
      samples: { words: wordsOf(bytes, bitsAllocated), ...storedBits(dataSet, bitsAllocated) },
      kind,
      planar: false,
    };
  }
  // JPEG's own codec converts its colors; those of the other kinds leave them as they are.
  const toRgb = compression === 'jpeg' && kind === 'YBR_FULL';
  const decoded = await decodeFrame(frame, compression, { width, height, samples: samplesPerPixel, toRgb });
  const bits = decoded.data.length > width * height * samplesPerPixel ? 16 : 8;
  const { bitsStored, signed } = storedBits(dataSet, bits);
  // A codestream that has a sign of its own knows its depth better, too.
  const own = decoded.signed ? { bitsStored: decoded.bits, signed: true } : { bitsStored, signed };
  return {
    samples: { words: wordsOf(decoded.data, bits), lowBit: 0, ...own },
    kind: toRgb ? 'RGB' : kind,
    planar: decoded.planar,
  };
}

/** The bytes of a frame of uncompressed pixels, little-endian; of 1-bit pixels those that it lies in, from `bit` on. */
function nativeFrame(
  dataSet: DataSet,
  pixelData: Element,
  layout: Layout,
  index: number,
): { bytes: Uint8Array; bit: number } {
  const bits = samplesOf(layout) * layout.bitsAllocated;
  const { value, vr, inItems } = pixelData;
  const [first, end] = inItems ? [0, bits] : [index * bits, (index + 1) * bits];
  const whole = inItems ? encapsulatedFrame(dataSet, pixelData, index, layout.frames) : value;
  // Words of 16 bits may hold samples of 8 or 1, and have the byte order of words all the same.
  const wordBits = layout.bitsAllocated < 16 && vr !== 'OB' ? 16 : layout.bitsAllocated;
  const ordered = dataSet.encoding.littleEndian ? whole : swap(whole, wordBits);
  const bytes = ordered.subarray(Math.floor(first / 8), Math.ceil(end / 8));
  if (8 * bytes.length < end - first) throw corrupt('its pixel data end early');
  return { bytes, bit: first % 8 };
}

/** In a frame; two pixels of 4:2:2 share their chrominances. */
function samplesOf({ width, height, samplesPerPixel, kind }: Layout): number {
  return kind === 'YBR_FULL_422' ? 4 * Math.ceil((width * height) / 2) : width * height * samplesPerPixel;
}

/** Pixels of 1 bit lie in bytes from the lowest bit on (PS3.5, 8.1.1). */
function unpackBits(bytes: Uint8Array, first: number, pixels: number): Uint8Array {
  const words = new Uint8Array(pixels);
  for (let i = 0, at = first; i < pixels; i++, at++) words[i] = (bytes[at >> 3] >> (at & 7)) & 1;
  return words;
}

/** Whole words in the other byte order. */
function swap(bytes: Uint8Array, bits: number): Uint8Array {
  if (bits <= 8) return bytes;
  const copy = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % (bits / 8))));
  return bits === 16 ? copy.swap16() : bits === 32 ? copy.swap32() : copy.swap64();
}

/** A frame of floating-point pixels (PS3.3 C.7.6.24), as parametric maps have them. */
function floatSamples(dataSet: DataSet, { width, height }: Layout, index: number): Samples | undefined {
  const float = dataSet.element('FloatPixelData');
  const data = float ?? dataSet.element('DoubleFloatPixelData');
  if (!data) return undefined;
  const bytesPerSample = float ? 4 : 8;
  const frameBytes = width * height * bytesPerSample;
  const bytes = data.value.subarray(index * frameBytes, (index + 1) * frameBytes);
  if (bytes.length < frameBytes) throw corrupt('its pixel data end early');
  const { buffer } = new Uint8Array(dataSet.encoding.littleEndian ? bytes : swap(bytes, 8 * bytesPerSample));
  return {
    words: float ? new Float32Array(buffer) : new Float64Array(buffer),
    bitsStored: 32,
    lowBit: 0,
    signed: true,
  };
}
