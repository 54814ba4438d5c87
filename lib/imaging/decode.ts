import sharp, { type Metadata, type Sharp } from 'sharp';
import { Problem } from '../problems.ts';
import { decodeCube, isCube } from './cube-lut.ts';
import { decodeDicom } from './decode-dicom.ts';
import { bitsUsed, upperBits } from './depth.ts';
import { isDicom } from './dicom/encoding.ts';
import { type Format, isFormat, isHeic } from './formats.ts';
import { grayTable, isSrgb } from './icc.ts';
import { checkPixels, heicImage, noSuchPage, unsupportedImage } from './image-limits.ts';
import type { DecodeOptions, Pixels } from './pixels.ts';
import { provenanceOf } from './provenance.ts';
import { corrupt, rawPixels } from './raw-pixels.ts';
import { readScaled, whiteIsZero } from './scaled.ts';
import { checkTiff, hasSpareSamples } from './tiff/check.ts';
import { isTiff, readDirectory, type TiffDirectory } from './tiff/directory.ts';
import { tiffPixelSize } from './tiff/pixel-size.ts';

// Only the loaders of the supported formats may ever see a user's bytes: no SVG, PDF or ImageMagick.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Heif', 'Tiff', 'Nsgif'].map((loader) => `VipsForeignLoad${loader}`),
});
// Every image is seen once, and parallelism comes from the worker threads.
sharp.cache(false);
sharp.concurrency(1);

/**
 * Decodes a page of an image, upright (EXIF orientation applied) and in sRGB; gray stays gray, with sRGB's curve.
 * Throws the problems `unsupported-image`, `too-many-pixels`, `corrupt-image`, and
 * `invalid-parameter` for a page that is not there.
 */
export async function decode(bytes: Uint8Array, options: DecodeOptions): Promise<Pixels> {
  if (isDicom(bytes)) return decodeDicom(bytes, options);
  if (isCube(bytes)) return decodeCube(bytes, options);
  if (isHeic(bytes)) throw heicImage();
  const { page = 1, maxPixels } = options;
  const { metadata, pages, directory } = await readMetadata(bytes, page);
  const { width, height } = metadata;
  const format = formatOf(metadata);
  checkPixels(width, height, maxPixels);
  options.check?.(width * height);

  const gray = metadata.space === 'b-w' || metadata.space === 'grey16';
  const image = sharp(bytes, {
    page: page - 1,
    limitInputPixels: maxPixels,
    // Damage is an error; what a decoder merely finds unusual is not.
    failOn: 'error',
    // Pixels that are sRGB already pass unchanged, bit for bit; other profiles are converted to sRGB, gray ones at the end.
    ignoreIcc: gray || metadata.icc === undefined || isSrgb(metadata.icc),
  }).autoOrient();
  const wide = metadata.depth !== 'uchar' && metadata.depth !== 'ushort';
  const frame = await (wide
    ? readScaled(image, metadata, directory, options.maxDepth)
    : readSamples(image, metadata, directory, options));
  const pixelSize = directory && tiffPixelSize(directory, page > 1 ? readDirectory(bytes, 1) : directory);
  const provenance = provenanceOf(metadata, directory && bytes);
  return { ...frame, format, pages, provenance, ...(pixelSize && { pixelSize }) };
}

type Frame = Omit<Pixels, 'format' | 'pages'>;

/** 8- and 16-bit samples. */
async function readSamples(
  image: Sharp,
  { space, depth, hasAlpha, icc }: Metadata,
  directory: TiffDirectory | undefined,
  { maxDepth, alpha }: DecodeOptions,
): Promise<Frame> {
  const gray = space === 'b-w' || space === 'grey16';
  const deep = depth === 'ushort';
  // Of three samples more, the last would be taken for transparency.
  const spare = directory !== undefined && hasSpareSamples(directory);
  const keepAlpha = hasAlpha && !spare && alpha === 'kept';
  if (hasAlpha && !spare && !keepAlpha) image.flatten({ background: '#ffffff' });
  if (gray && !keepAlpha) image.toColorspace(deep ? 'grey16' : 'b-w');
  else image.toColorspace(deep ? 'rgb16' : 'srgb');
  const { data, info } = await rawPixels(image, deep ? 'ushort' : 'uchar');
  const { width, height } = info;
  const samples = { data, width, height, channels: info.channels, depth: deep ? 16 : 8 } as Frame;
  if (gray && icc) applyGrayProfile(samples, icc);
  const colors: Frame = spare ? { ...samples, data: firstChannels(samples, 3), channels: 3 } : samples;
  if (!deep) return colors;
  // The decoder has turned black and white round.
  if (directory?.photometric === whiteIsZero) colors.values = { offset: 65_535, factor: -1 };
  return withBits(colors, maxDepth);
}

/** 16-bit samples with the bits that they use; on 8 bits, where no more are wanted. */
function withBits(frame: Frame, maxDepth: 8 | 16): Frame {
  const { data, channels } = frame;
  const samples = new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
  const bits = bitsUsed(samples, channels);
  return maxDepth === 16 ? { ...frame, bits } : { ...frame, bits, depth: 8, data: upperBits(samples, channels, bits) };
}

/** Of each pixel the first samples. */
function firstChannels({ data, width, height, channels, depth }: Frame, count: number): Buffer {
  const [from, to] = [(channels * depth) / 8, (count * depth) / 8];
  const kept = Buffer.allocUnsafeSlow(width * height * to);
  for (let i = 0; i < width * height; i++) {
    for (let byte = 0; byte < to; byte++) kept[i * to + byte] = data[i * from + byte];
  }
  return kept;
}

interface PageMetadata {
  metadata: Metadata;
  pages: number;
  /** Of a TIFF file. */
  directory: TiffDirectory | undefined;
}

/** Of the page alone: those of a TIFF file may differ in everything. */
async function readMetadata(bytes: Uint8Array, page: number): Promise<PageMetadata> {
  const directory = isTiff(bytes) ? readDirectory(bytes, page) : undefined;
  if (directory) checkTiff(directory);
  try {
    const metadata = await sharp(bytes, { limitInputPixels: false, page: page - 1 }).metadata();
    const { pages = 1 } = metadata;
    if (page > pages) throw noSuchPage(page, pages);
    return { metadata, pages, directory };
  } catch (error) {
    if (error instanceof Problem) throw error;
    // Decoders say of a page that is not there just that it is none.
    if (page > 1) {
      const { pages } = await readMetadata(bytes, 1);
      if (page > pages) throw noSuchPage(page, pages);
    }
    // A header that a loader began to read and gave up on belongs to a damaged image; without a loader it is none.
    const message = (error as Error).message;
    if (/unsupported image format|Input Buffer is empty/i.test(message)) throw unsupportedImage();
    throw corrupt(message);
  }
}

function formatOf({ format, compression }: Metadata): Format {
  if (format === 'heif' && compression !== 'av1') throw heicImage();
  const name = format === 'heif' ? 'avif' : format;
  if (!isFormat(name)) throw unsupportedImage();
  return name;
}

/** Makes gray samples of a profile of their own look as they should; transparency stays. */
function applyGrayProfile({ data, channels, depth }: Frame, icc: Uint8Array): void {
  const table = grayTable(icc, depth);
  if (!table) return;
  const samples = depth === 16 ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data;
  for (let i = 0; i < samples.length; i++) {
    if (channels !== 4 || i % 4 !== 3) samples[i] = table[samples[i]];
  }
}
