import { maxResultSide } from '../limits.ts';
import { problem } from '../problems.ts';

/** Throws `too-many-pixels`, before anything is allocated, where a result would have more than `maxPixels` or too long a side. */
export function checkResultSize(width: number, height: number, maxPixels: number): void {
  const tooLong = Math.max(width, height) > maxResultSide;
  if (!tooLong && width * height <= maxPixels) return;
  const limit = tooLong ? `${maxResultSide} pixels a side` : `${maxPixels / 1e6} megapixels`;
  const limits = tooLong ? { maxResultSide } : { maxPixels };
  throw problem('too-many-pixels', `The result would be ${width} × ${height}; the limit is ${limit}.`, {
    width,
    height,
    ...limits,
  });
}
