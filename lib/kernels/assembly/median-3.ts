/**
 * Median of 3 × 3 samples of 8 bits, borders replicated, as OpenCV's `medianBlur`. Columns are sorted once and shared by the three windows
 * that they lie in; the median is that of the greatest least, the median middle and the least greatest (A. Paeth, "Median finding on a 3 × 3 grid",
 * Graphics Gems, 1990).
 */
import { finishRow, max, min, pad } from './rows';

/** `scratch` takes three padded rows (`paddedRow(width * channels, channels)` each). A row has 16 bytes or more; `dst` is not `src`. */
export function median3(src: usize, dst: usize, width: i32, height: i32, channels: i32, scratch: usize): void {
  const length = width * channels;
  const padded = length + 2 * channels;
  const low = scratch + channels;
  const middle = low + padded;
  const high = middle + padded;
  for (let y = 0; y < height; y++) {
    const row = src + y * length;
    const above = y > 0 ? row - length : row;
    const below = y + 1 < height ? row + length : row;
    for (let x = 0; x < length; x = finishRow(x, length)) {
      const a = v128.load(above + x);
      const b = v128.load(row + x);
      const c = v128.load(below + x);
      const lesser = min(a, b);
      const greater = max(a, b);
      const rest = max(lesser, c);
      v128.store(low + x, min(lesser, c));
      v128.store(middle + x, min(rest, greater));
      v128.store(high + x, max(rest, greater));
    }
    pad(low, length, channels);
    pad(middle, length, channels);
    pad(high, length, channels);
    const out = dst + y * length;
    for (let x = 0; x < length; x = finishRow(x, length)) {
      const left = x - channels;
      const right = x + channels;
      const leasts = max(max(v128.load(low + left), v128.load(low + x)), v128.load(low + right));
      const middles = median(v128.load(middle + left), v128.load(middle + x), v128.load(middle + right));
      const greatests = min(min(v128.load(high + left), v128.load(high + x)), v128.load(high + right));
      v128.store(out + x, median(leasts, middles, greatests));
    }
  }
}

function median(a: v128, b: v128, c: v128): v128 {
  return max(min(a, b), min(max(a, b), c));
}
