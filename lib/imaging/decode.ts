import sharp, { type Metadata, type Sharp } from 'sharp';
import type { Modality } from '../operations/operation.ts';
import { type Problem, problem } from '../problems.ts';
import { decodeDicom } from './decode-dicom.ts';
import { isDicom } from './dicom/encoding.ts';
import { type Format, isFormat } from './formats.ts';
import { checkPixels, noSuchPage, unsupportedImage } from './image-problems.ts';

// Only the loaders of the supported formats may ever see a user's bytes: no SVG, PDF or ImageMagick.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Heif', 'Tiff', 'Nsgif'].map((loader) => `VipsForeignLoad${loader}`),
});
// Every image is seen once, and parallelism comes from the worker threads.
sharp.cache(false);
sharp.concurrency(1);

export interface Pixels {
  /** Interleaved samples, 8-bit, or 16-bit in the machine's byte order. */
  data: Buffer;
  width: number;
  height: number;
  /** 1 gray, 3 RGB, 4 RGB and straight alpha. */
  channels: 1 | 3 | 4;
  depth: 8 | 16;
  format: Format;
  /** Pages or frames in the file, of which one is decoded. */
  pages: number;
  /** What 16-bit samples of a medical image mean. */
  modality?: Modality;
  /** The range of the file's values that was spread over all samples, where these cannot hold the values themselves. */
  scaledFrom?: { min: number; max: number };
}

export interface DecodeOptions {
  /** Deeper samples are scaled down to this many bits. */
  maxDepth: 8 | 16;
  /** `flattened` lays the image on white. */
  alpha: 'kept' | 'flattened';
  /** Limit on width × height, checked before a pixel is decoded. */
  maxPixels: number;
  /** Counted from 1, which is also the default. */
  page?: number;
  /** A further check on width × height, also before; throws. */
  check?: (pixels: number) => void;
}

/**
 * Decodes a page of an image, upright (EXIF orientation applied) and in sRGB; gray stays gray.
 * Throws the problems `unsupported-image`, `too-many-pixels`, `corrupt-image`, and
 * `invalid-parameter` for a page that is not there.
 */
export async function decode(bytes: Uint8Array, options: DecodeOptions): Promise<Pixels> {
  if (isDicom(bytes)) return decodeDicom(bytes, options);
  const metadata = await readMetadata(bytes);
  const format = formatOf(metadata);
  const { width, height } = metadata;
  checkPixels(width, height, options.maxPixels);
  options.check?.(width * height);

  const { page = 1 } = options;
  const { pages = 1 } = metadata;
  if (page > pages) throw noSuchPage(page, pages);

  const gray = metadata.space === 'b-w' || metadata.space === 'grey16';
  const deep = options.maxDepth === 16 && metadata.depth === 'ushort';
  const keepAlpha = metadata.hasAlpha && options.alpha === 'kept';
  const image = sharp(bytes, {
    page: page - 1,
    limitInputPixels: options.maxPixels,
    // Damage is an error; what a decoder merely finds unusual is not.
    failOn: 'error',
    // Pixels that are sRGB already, or gray, pass unchanged, bit for bit; other profiles are converted to sRGB.
    ignoreIcc: gray || isSrgb(metadata.icc),
  }).autoOrient();
  if (metadata.hasAlpha && !keepAlpha) image.flatten({ background: '#ffffff' });
  if (gray && !keepAlpha) image.toColourspace(deep ? 'grey16' : 'b-w');
  else image.toColourspace(deep ? 'rgb16' : 'srgb');
  const { data, info } = await rawPixels(image, deep);
  return {
    data,
    width: info.width,
    height: info.height,
    channels: info.channels as Pixels['channels'],
    depth: deep ? 16 : 8,
    format,
    pages,
  };
}

async function readMetadata(bytes: Uint8Array): Promise<Metadata> {
  try {
    return await sharp(bytes, { limitInputPixels: false }).metadata();
  } catch (error) {
    // A header that a loader began to read and gave up on belongs to a damaged image; without a loader it is none.
    const message = (error as Error).message;
    if (/unsupported image format|Input Buffer is empty/i.test(message)) throw unsupportedImage();
    throw corrupt(message);
  }
}

function formatOf({ format, compression }: Metadata): Format {
  const name = format === 'heif' && compression === 'av1' ? 'avif' : format;
  if (!isFormat(name)) throw unsupportedImage();
  return name;
}

async function rawPixels(image: Sharp, deep: boolean) {
  try {
    return await image.raw({ depth: deep ? 'ushort' : 'uchar' }).toBuffer({ resolveWithObject: true });
  } catch (error) {
    throw corrupt((error as Error).message);
  }
}

/** Whether a colour profile describes sRGB, by its description tag (ASCII in ICC v2, UTF-16 in v4). */
function isSrgb(icc: Buffer | undefined): boolean {
  return icc === undefined || icc.toString('latin1').replaceAll('\0', '').includes('sRGB');
}

function corrupt(message: string): Problem {
  const reason = message
    .split('\n')[0]
    ?.replace(/^Input (buffer|file) /, '')
    .trim();
  return problem('corrupt-image', `The image cannot be decoded: ${reason}.`);
}
