import sharp, { type Sharp } from 'sharp';
import { fieldProblem, problem } from '../problems.ts';
import type { ResultKind } from '../vision/declaration/operation.ts';
import { encodeBilevelPng, isBilevel } from './bilevel-png.ts';
import type { OutputFormat } from './formats.ts';
import { encodeIndexedPng, indexColors } from './indexed-png.ts';
import type { OutputOptions } from './output.ts';
import type { Pixels } from './pixels.ts';
import { type Provenance, withProvenance } from './provenance.ts';
import type { ResultSamples } from './strips.ts';
import { encodeLabelTiff } from './tiff/label-tiff.ts';
import { usualChromaSubsampling, usualQuality } from './usual-output.ts';

export interface Encoded {
  bytes: Buffer;
  width: number;
  height: number;
}

/** The longest side that a format can have, in pixels. */
const maxSide: Partial<Record<OutputFormat, number>> = { jpeg: 65_500, webp: 16_383, avif: 16_384 };

/** Encodes pixels, made smaller if asked. Black and white becomes a PNG of one bit a pixel, data of few colors one with a palette. Throws `too-many-pixels` where a side is too long for the format, and `invalid-parameter` where the format has too few bits for labels. */
export async function encode(
  pixels: ResultSamples,
  format: OutputFormat,
  kind: ResultKind,
  { quality, chromaSubsampling, metadata, width: maxWidth }: OutputOptions = {},
  known: Provenance = {},
): Promise<Encoded> {
  const provenance = metadata === 'none' ? {} : known;
  const { data, width, height, channels, depth } = pixels;
  const smaller = maxWidth !== undefined && maxWidth < width;
  const scale = smaller ? maxWidth / width : 1;
  checkSides(Math.round(width * scale), Math.round(height * scale), format);
  if (depth === 32) return encodeLabels(pixels, format, scale, provenance);
  if (format === 'png' && channels === 1 && depth === 8 && !smaller && isBilevel(data)) {
    return { bytes: await encodeBilevelPng(data, width, height, provenance), width, height };
  }
  const indexed =
    format === 'png' && kind !== 'picture' && channels === 3 && depth === 8 && !smaller ? indexColors(data) : null;
  if (indexed) {
    const bytes = await encodeIndexedPng(indexed.indices, indexed.palette, width, height, provenance);
    return { bytes, width, height };
  }
  const samples = depth === 16 ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data;
  const image = sharp(samples, { raw: { width, height, channels } });
  // Labels and masks may not be mixed.
  if (smaller) image.resize(maxWidth, null, { kernel: kind === 'picture' ? 'lanczos3' : 'nearest' });
  const deep = depth === 16 && (format === 'png' || format === 'tiff');
  // sharp would turn gray into RGB, and 16 bits into 8.
  if (channels === 1) image.toColorspace(deep ? 'grey16' : 'b-w');
  else if (deep) image.toColorspace('rgb16');
  withProvenance(image, provenance);
  const writer = writers[format](image, { quality, chromaSubsampling });
  const { data: bytes, info } = await writer.toBuffer({ resolveWithObject: true });
  return { bytes, width: info.width, height: info.height };
}

/** Labels with more numbers than 16 bits hold. */
async function encodeLabels(
  { data, width, height }: ResultSamples,
  format: OutputFormat,
  scale: number,
  provenance: Provenance,
): Promise<Encoded> {
  const labels = new Uint32Array(data.buffer, data.byteOffset, data.length / 4);
  if (format !== 'tiff')
    throw fieldProblem('output.format', `must be tiff: ${format} has 16 bits, which hold 65,535 objects, not more`);
  const size = { width: Math.round(width * scale), height: Math.max(1, Math.round(height * scale)) };
  const resized = new Uint32Array(size.width * size.height);
  for (let y = 0, i = 0; y < size.height; y++) {
    const row = Math.floor(((y + 0.5) * height) / size.height) * width;
    for (let x = 0; x < size.width; x++, i++) resized[i] = labels[row + Math.floor(((x + 0.5) * width) / size.width)];
  }
  const bytes = await encodeLabelTiff(resized, size.width, size.height, provenance);
  return { bytes, ...size };
}

function checkSides(width: number, height: number, format: OutputFormat): void {
  const limit = maxSide[format] ?? Number.POSITIVE_INFINITY;
  if (Math.max(width, height) <= limit) return;
  const detail = `The result is ${width} × ${height}, but ${format} supports at most ${limit} pixels per side. Choose another format.`;
  throw problem('too-many-pixels', detail, { field: 'output.format', width, height, maxSide: limit });
}

type WriteOptions = Pick<OutputOptions, 'quality' | 'chromaSubsampling'>;

const writers: Record<OutputFormat, (image: Sharp, options: WriteOptions) => Sharp> = {
  jpeg: (image, { quality = usualQuality.jpeg, chromaSubsampling = usualChromaSubsampling.jpeg }) =>
    image.flatten({ background: '#ffffff' }).jpeg({ quality, chromaSubsampling, optimizeCoding: false }),
  webp: (image, { quality = usualQuality.webp }) => image.webp({ quality, effort: 2 }),
  avif: (image, { quality = usualQuality.avif, chromaSubsampling = usualChromaSubsampling.avif }) =>
    image.avif({ quality, chromaSubsampling, effort: 2 }),
  tiff: (image) => image.tiff({ compression: 'deflate', predictor: 'horizontal' }),
  png: (image) => image.png({ compressionLevel: 3 }),
};

/** The format of a result: data must stay exact, pictures stay in the input's format; GIF cannot hold a photo, nor JPEG transparency. */
export function outputFormat(
  input: Pixels,
  kind: ResultKind,
  { depth, channels }: Pick<ResultSamples, 'depth' | 'channels'>,
): OutputFormat {
  if (depth === 32) return 'tiff';
  if (kind !== 'picture' || input.format === 'gif' || input.format === 'dicom' || input.format === 'cube') return 'png';
  if (input.format === 'jpeg' && channels === 4) return 'png';
  const deepFormats: OutputFormat[] = ['png', 'tiff'];
  return depth === 16 && !deepFormats.includes(input.format) ? 'png' : input.format;
}
