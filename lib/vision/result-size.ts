import { problem } from '../problems.ts';

/** The longest side that a result may have, in pixels. */
export const maxSide = 20_000;

/** Throws `too-many-pixels`, before anything is allocated, where a result would have more than `maxPixels` or too long a side. */
export function checkResultSize(width: number, height: number, maxPixels: number): void {
  const tooLong = Math.max(width, height) > maxSide;
  if (!tooLong && width * height <= maxPixels) return;
  const limit = tooLong ? `${maxSide} pixels a side` : `${maxPixels / 1e6} megapixels`;
  const limits = tooLong ? { maxSide } : { maxPixels };
  throw problem('too-many-pixels', `The result would be ${width} × ${height}; the limit is ${limit}.`, {
    width,
    height,
    ...limits,
  });
}
