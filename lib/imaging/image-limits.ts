/** Problems that an image's header can show already; free of decoders, so that HTTP functions can tell them too. */
import { type Problem, problem } from '../problems.ts';

/** What phones write by default; no maintained decoder with a free license serves it. */
export function heicImage(): Problem {
  const advice = 'Save it as JPEG and submit that; iPhones take JPEG under Settings, Camera, Formats, Most Compatible.';
  return problem('unsupported-image', `The file is a HEIC image, which is not supported. ${advice}`);
}

export function unsupportedImage(): Problem {
  return problem(
    'unsupported-image',
    'The file is not a JPEG, PNG, WebP, AVIF, TIFF, GIF or DICOM image, whatever its name.',
  );
}

/** `page` and `pages` are counted from 1. */
export function noSuchPage(page: number, pages: number): Problem {
  return problem('invalid-parameter', `page is ${page}, but the image has ${pages}.`, { field: 'page' });
}

/** Throws `too-many-pixels` for an image of more than `maxPixels`. */
export function checkPixels(width: number, height: number, maxPixels: number): void {
  if (width * height <= maxPixels) return;
  const detail = `The image is ${width} × ${height}; the limit is ${maxPixels / 1e6} megapixels.`;
  throw problem('too-many-pixels', detail, { width, height, maxPixels });
}
