/**
 * Calls `take` with the mean and the standard deviation of the square of odd side `size` around each pixel of gray samples;
 * beyond the border the image is mirrored without repeating its edge. Sums are whole numbers, and exact. O(pixels) whatever the size.
 */
export function localStatistics(
  samples: Uint8Array | Uint16Array,
  rows: number,
  cols: number,
  size: number,
  take: (index: number, mean: number, deviation: number) => void,
): void {
  const half = (size - 1) / 2;
  const pixels = size * size;
  const across = Int32Array.from({ length: cols + size }, (_, i) => mirrored(i - half, cols));
  const sums = new Float64Array(cols);
  const squares = new Float64Array(cols);
  const add = (row: number, sign: 1 | -1) => {
    const start = mirrored(row, rows) * cols;
    for (let x = 0; x < cols; x++) {
      const value = samples[start + x];
      sums[x] += sign * value;
      squares[x] += sign * value * value;
    }
  };
  for (let row = -half; row < half; row++) add(row, 1);
  for (let y = 0, i = 0; y < rows; y++) {
    add(y + half, 1);
    let [sum, square] = [0, 0];
    for (let k = 0; k < size - 1; k++) {
      sum += sums[across[k]];
      square += squares[across[k]];
    }
    for (let x = 0; x < cols; x++, i++) {
      const entering = across[x + size - 1];
      sum += sums[entering];
      square += squares[entering];
      const mean = sum / pixels;
      take(i, mean, Math.sqrt(Math.max(0, square / pixels - mean * mean)));
      sum -= sums[across[x]];
      square -= squares[across[x]];
    }
    add(y - half, -1);
  }
}

/** 2 1 0 1 2 1 0 1 … for a length of 3. */
function mirrored(index: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const place = ((index % period) + period) % period;
  return Math.min(place, period - place);
}
