/**
 * Thresholds by mean and standard deviation of the square around each pixel (J. Sauvola & M. Pietikäinen, 2000; W. Niblack, 1986): sums in whole numbers, thresholds in
 * double precision. Borders are reflected without the outermost sample.
 */

/** Bytes of `scratch`: sums and squares of columns, with their borders. */
export function localThresholdScratch(width: i32, side: i32): i32 {
  return 8 * (width + side) + 8 * width;
}

/** `high` where a sample is above the threshold, `low` elsewhere. Sauvola's if `isSauvola`, with deviations as parts of 127.5. `side` is odd, 999 at most. */
export function localThreshold(
  src: usize,
  dst: usize,
  width: i32,
  height: i32,
  side: i32,
  k: f64,
  isSauvola: bool,
  low: i32,
  high: i32,
  scratch: usize,
): void {
  const half = (side - 1) / 2;
  const area = <f64>(side * side);
  // Pairs of 32 bits: the sum of a column of the window, and that of its squares.
  const columns = scratch;
  const padded = scratch + 8 * width;
  memory.fill(columns, 0, 8 * width);
  for (let y = -half; y < half; y++) addRow(src + reflect(y, height) * width, columns, width, 1);
  for (let y = 0; y < height; y++) {
    addRow(src + reflect(y + half, height) * width, columns, width, 1);
    memory.copy(padded + 8 * half, columns, 8 * width);
    for (let i = 1; i <= half; i++) {
      store<u64>(padded + 8 * (half - i), load<u64>(columns + 8 * reflect(-i, width)));
      store<u64>(padded + 8 * (half + width - 1 + i), load<u64>(columns + 8 * reflect(width - 1 + i, width)));
    }
    let sum: i64 = 0;
    let squares: i64 = 0;
    for (let x = 0; x < side - 1; x++) {
      sum += load<u32>(padded + 8 * x);
      squares += load<u32>(padded + 8 * x, 4);
    }
    const row = src + y * width;
    const out = dst + y * width;
    for (let x = 0; x < width; x++) {
      const entering = padded + 8 * (x + side - 1);
      sum += load<u32>(entering);
      squares += load<u32>(entering, 4);
      const mean = <f64>sum / area;
      const deviation = sqrt<f64>(max<f64>(0, <f64>squares / area - mean * mean));
      const threshold = isSauvola ? mean * (1 + k * (deviation / 127.5 - 1)) : mean - k * deviation;
      store<u8>(out + x, <u8>(<f64>load<u8>(row + x) > threshold ? high : low));
      const leaving = padded + 8 * x;
      sum -= load<u32>(leaving);
      squares -= load<u32>(leaving, 4);
    }
    addRow(src + reflect(y - half, height) * width, columns, width, -1);
  }
}

function addRow(src: usize, columns: usize, width: i32, sign: i32): void {
  for (let x = 0; x < width; x++) {
    const sample = <i32>load<u8>(src + x);
    const at = columns + 8 * x;
    store<i32>(at, load<i32>(at) + sign * sample);
    store<i32>(at, load<i32>(at, 4) + sign * sample * sample, 4);
  }
}

function reflect(i: i32, count: i32): i32 {
  if (count === 1) return 0;
  while (i < 0 || i >= count) i = i < 0 ? -i : 2 * count - 2 - i;
  return i;
}
