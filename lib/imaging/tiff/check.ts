import { type Problem, problem } from '../../problems.ts';
import type { TiffDirectory } from './directory.ts';

/** By the numbers that TIFF gives them; those that are not read have their names here to be told. */
const compressions: Record<number, string> = {
  6: 'JPEG in the old style',
  9: 'JBIG',
  10: 'JBIG',
  32766: 'NeXT',
  32809: 'ThunderScan',
  34661: 'JBIG',
  34676: 'SGI LogLuv',
  34677: 'SGI LogLuv',
  34712: 'JPEG 2000',
  33003: 'JPEG 2000',
  33005: 'JPEG 2000',
  34887: 'LERC',
  34925: 'LZMA',
  50000: 'Zstandard',
  50002: 'JPEG XL',
};
/** None, CCITT (modified Huffman, group 3 and 4), LZW, JPEG, Deflate, PackBits, Deflate by its old number, WebP. */
const readableCompressions = new Set([1, 2, 3, 4, 5, 7, 8, 32_773, 32_946, 50_001]);
const jpeg = 7;

/** Samples of the color, without extra ones. */
const colorSamples: Record<number, number> = { 0: 1, 1: 1, 2: 3, 3: 1, 5: 4, 6: 3 };
const photometrics: Record<number, string> = {
  4: 'transparency mask',
  6: 'YCbCr without JPEG',
  8: 'CIE L*a*b*',
  9: 'ICC L*a*b*',
  10: 'ITU L*a*b*',
  32803: 'color filter array',
  32844: 'LogL',
  32845: 'LogLuv',
  34892: 'linear raw',
};
const palette = 3;
const ycbcr = 6;

const sampleFormats: Record<number, { name: string; bits: number[] }> = {
  1: { name: 'unsigned integer', bits: [1, 2, 4, 8, 16, 32] },
  2: { name: 'signed integer', bits: [8, 16, 32] },
  3: { name: 'floating point', bits: [16, 32] },
  // Not said.
  4: { name: 'undefined', bits: [1, 2, 4, 8, 16, 32] },
  5: { name: 'complex integer', bits: [] },
  6: { name: 'complex floating point', bits: [] },
};

/**
 * Throws `unsupported-image` for what cannot be decoded, or would come out as another picture than it is, naming the
 * field and its value.
 */
export function checkTiff(directory: TiffDirectory): void {
  checkCompression(directory);
  checkSamples(directory);
  checkColor(directory);
}

/** Samples beyond a color's, and its transparency, that the picture goes without. */
export function hasSpareSamples({ photometric, extraSamples, samplesPerPixel }: TiffDirectory): boolean {
  return photometric === 2 && samplesPerPixel > 3 && !isTransparency(extraSamples[0]);
}

function checkCompression({ compression, tiled, separatePlanes, samplesPerPixel }: TiffDirectory): void {
  if (!readableCompressions.has(compression)) throw unsupported('Compression', compression, compressions[compression]);
  if (tiled && separatePlanes && samplesPerPixel > 1) {
    throw refuse('PlanarConfiguration is 2 (separate planes) with tiles; strips are supported');
  }
}

function checkSamples({ bitsPerSample, sampleFormat, samplesPerPixel }: TiffDirectory): void {
  const [bits] = bitsPerSample;
  const { name, bits: readable } = sampleFormats[sampleFormat] ?? { name: 'unknown', bits: [] };
  if (readable.length === 0) throw unsupported('SampleFormat', sampleFormat, name);
  if (!readable.includes(bits) || bitsPerSample.some((other) => other !== bits)) {
    const detail = `BitsPerSample is ${bitsPerSample.join(', ')} with SampleFormat ${sampleFormat} (${name})`;
    throw refuse(`${detail}; ${readable.join(', ')} are supported`);
  }
  if (bits < 8 && samplesPerPixel > 1) throw refuse(`BitsPerSample is ${bits} with SamplesPerPixel ${samplesPerPixel}`);
}

function checkColor(directory: TiffDirectory): void {
  const { photometric, samplesPerPixel, extraSamples, compression, bitsPerSample, sampleFormat } = directory;
  if (photometric === undefined) return;
  const samples = colorSamples[photometric];
  if (samples === undefined || (photometric === ycbcr && compression !== jpeg)) {
    throw unsupported('PhotometricInterpretation', photometric, photometrics[photometric]);
  }
  const extra = samplesPerPixel - samples;
  const transparent = extra === 1 && isTransparency(extraSamples[0]);
  const readable = extra <= 0 || transparent || (photometric === 2 && !isTransparency(extraSamples[0]));
  if (!readable) {
    const detail = `SamplesPerPixel is ${samplesPerPixel} with PhotometricInterpretation ${photometric}`;
    throw refuse(`${detail}; ${samples} are supported, and one more if ExtraSamples declares it as transparency`);
  }
  if (photometric === palette && bitsPerSample[0] > 8) {
    throw refuse(`BitsPerSample is ${bitsPerSample[0]} with a palette; 1, 2, 4, 8 are read`);
  }
  const scaled = bitsPerSample[0] === 32 || sampleFormat === 2 || sampleFormat === 3;
  if (scaled && (photometric > 2 || transparent)) {
    const detail = `samples of SampleFormat ${sampleFormat} and BitsPerSample ${bitsPerSample[0]}`;
    throw refuse(`${detail} are supported only as gray or RGB without transparency`);
  }
}

function isTransparency(extraSample: number | undefined): boolean {
  return extraSample === 1 || extraSample === 2;
}

function unsupported(field: string, value: number, name?: string): Problem {
  return refuse(`${field} is ${value}${name ? ` (${name})` : ''}`);
}

function refuse(reason: string): Problem {
  return problem('unsupported-image', `The TIFF file cannot be shown: ${reason}.`);
}
