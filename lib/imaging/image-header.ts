/** A first look at an upload's header, without a decoder: what it is, and how large. The page has it too. */
import { disableTypes, imageSize } from 'image-size';
import { cubeSize, isCube } from './cube-lut.ts';
import { isDicom } from './dicom/encoding.ts';
import { dicomSize } from './dicom/file.ts';
import { isHeic } from './formats.ts';
import { checkPixels, heicImage, unsupportedImage } from './image-limits.ts';
import { isTiff } from './tiff/directory.ts';

disableTypes([
  'bmp',
  'cur',
  'dds',
  'icns',
  'ico',
  'j2c',
  'jp2',
  'jxl',
  'jxl-stream',
  'ktx',
  'pnm',
  'psd',
  'svg',
  'tga',
]);

export interface ImageHeader {
  contentType: string;
  /** Null where the header lies beyond the bytes given, as in some TIFF files, or is compressed. */
  width: number | null;
  height: number | null;
}

/** Tells an image by its first bytes. Throws `unsupported-image` and `too-many-pixels`. */
export function readImageHeader(head: Uint8Array, maxPixels: number): ImageHeader {
  const contentType = contentTypeOf(head);
  if (!contentType) throw unsupportedImage();
  const size =
    contentType === 'application/dicom'
      ? dicomSize(head)
      : contentType === 'application/x-cube-lut'
        ? cubeSize(head)
        : sizeOf(head);
  if (!size) return { contentType, width: null, height: null };
  const { width, height } = size;
  checkPixels(width, height, maxPixels);
  return { contentType, width, height };
}

/** By the magic numbers of the formats. */
function contentTypeOf(head: Uint8Array): string | undefined {
  // Before the others: a DICOM file of a microscope may begin as TIFF, too.
  if (isDicom(head)) return 'application/dicom';
  const start = String.fromCharCode(...head.subarray(0, 32));
  if (start.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (start.startsWith('RIFF') && start.slice(8, 12) === 'WEBP') return 'image/webp';
  if (start.startsWith('GIF8')) return 'image/gif';
  if (isTiff(head)) return 'image/tiff';
  if (isCube(head)) return 'application/x-cube-lut';
  if (isHeic(head)) throw heicImage();
  if (start.slice(4, 8) === 'ftyp' && /avi[fs]|mif1/.test(start.slice(8))) return 'image/avif';
  return undefined;
}

/** A header that ends early or is damaged is the decoder's to judge. */
function sizeOf(head: Uint8Array): { width: number; height: number } | undefined {
  try {
    const { width, height, orientation } = imageSize(head);
    // EXIF orientations from 5 on lie on their side.
    return (orientation ?? 1) >= 5 ? { width: height, height: width } : { width, height };
  } catch {
    return undefined;
  }
}
