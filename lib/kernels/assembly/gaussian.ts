/**
 * Separable filter with symmetric weights of 8 fractional bits that sum to 256, as OpenCV's `GaussianBlur` on 8-bit samples: rows in 16 bits
 * without rounding, columns in 32 bits, rounded once. Borders are reflected without the outermost sample (BORDER_REFLECT_101).
 */
import { finishRow } from './rows';

/**
 * `weights` holds `radiusX + 1` and then `radiusY + 1` 16-bit weights, each from the center outwards. `scratch` takes a padded row
 * (`length + 2 * radiusX * channels + 16` bytes, rounded up to 16) `2 * radiusY + 1` rows of `2 * length` bytes, rounded up to 16 and 16 more, and
 * 4 bytes for each of these rows. A row has 16 bytes or more; `dst` is not `src`.
 */
export function gaussian(
  src: usize,
  dst: usize,
  width: i32,
  height: i32,
  channels: i32,
  weights: usize,
  radiusX: i32,
  radiusY: i32,
  scratch: usize,
): void {
  const length = width * channels;
  const side = radiusX * channels;
  const padded = scratch + side;
  const taps = 2 * radiusY + 1;
  const rowBytes = ((2 * length + 15) & ~15) + 16;
  const rows = scratch + ((length + 2 * side + 31) & ~15);
  const weightsY = weights + 2 * (radiusX + 1);
  const addresses = rows + taps * rowBytes;
  // Rows `-radiusY` to `radiusY` around the first one; those beyond the border are computed again, which is rare.
  for (let y = -radiusY; y < radiusY; y++)
    filterRow(
      src + reflect(y, height) * length,
      padded,
      slot(rows, y, taps, rowBytes),
      width,
      channels,
      weights,
      radiusX,
    );
  for (let y = 0; y < height; y++) {
    const next = y + radiusY;
    filterRow(
      src + reflect(next, height) * length,
      padded,
      slot(rows, next, taps, rowBytes),
      width,
      channels,
      weights,
      radiusX,
    );
    // From the center outwards, the row above before that below.
    store<usize>(addresses, slot(rows, y, taps, rowBytes));
    for (let i = 1; i <= radiusY; i++) {
      store<usize>(addresses + 8 * i - 4, slot(rows, y - i, taps, rowBytes));
      store<usize>(addresses + 8 * i, slot(rows, y + i, taps, rowBytes));
    }
    filterColumns(addresses, weightsY, radiusY, dst + y * length, length);
  }
}

function slot(rows: usize, y: i32, taps: i32, rowBytes: i32): usize {
  return rows + ((y + taps * 1024) % taps) * rowBytes;
}

/** The row of an image of `count` rows that stands in for row `i` beyond its border. */
function reflect(i: i32, count: i32): i32 {
  if (count === 1) return 0;
  while (i < 0 || i >= count) i = i < 0 ? -i : 2 * count - 2 - i;
  return i;
}

/** Weighted sums along a row, less 32768 so that they fit signed 16 bits. */
function filterRow(
  src: usize,
  padded: usize,
  out: usize,
  width: i32,
  channels: i32,
  weights: usize,
  radius: i32,
): void {
  const length = width * channels;
  memory.copy(padded, src, length);
  for (let i = 1; i <= radius; i++) {
    for (let c = 0; c < channels; c++) {
      store<u8>(padded - i * channels + c, load<u8>(src + reflect(-i, width) * channels + c));
      store<u8>(padded + length + (i - 1) * channels + c, load<u8>(src + reflect(width - 1 + i, width) * channels + c));
    }
  }
  const bias = i16x8.splat(-32768);
  const center = i16x8.splat(load<i16>(weights));
  for (let x = 0; x < length; x = finishRow(x, length)) {
    const samples = v128.load(padded + x);
    let low = i16x8.mul(i16x8.extend_low_i8x16_u(samples), center);
    let high = i16x8.mul(i16x8.extend_high_i8x16_u(samples), center);
    for (let i = 1; i <= radius; i++) {
      const before = v128.load(padded + x - i * channels);
      const after = v128.load(padded + x + i * channels);
      const weight = v128.load16_splat(weights + 2 * i);
      const lowPair = i16x8.add(i16x8.extend_low_i8x16_u(before), i16x8.extend_low_i8x16_u(after));
      const highPair = i16x8.add(i16x8.extend_high_i8x16_u(before), i16x8.extend_high_i8x16_u(after));
      low = i16x8.add(low, i16x8.mul(lowPair, weight));
      high = i16x8.add(high, i16x8.mul(highPair, weight));
    }
    v128.store(out + 2 * x, v128.xor(low, bias));
    v128.store(out + 2 * x + 16, v128.xor(high, bias));
  }
}

/** Weighted sums of the rows, rounded to 8 bits. */
function filterColumns(addresses: usize, weights: usize, radius: i32, dst: usize, length: i32): void {
  // What the bias took from each sum, and a half for rounding.
  const start = i32x4.splat((32768 << 8) + (1 << 15));
  const middle = load<usize>(addresses);
  for (let x = 0; x < length; x = finishRow(x, length)) {
    const at = 2 * x;
    const center = v128.load16_splat(weights);
    const zero = i16x8.splat(0);
    const c0 = v128.load(middle + at);
    const c1 = v128.load(middle + at + 16);
    const centerPair = v128.shuffle<i16>(center, zero, 0, 8, 1, 9, 2, 10, 3, 11);
    let s0 = i32x4.add(start, i32x4.dot_i16x8_s(v128.shuffle<i16>(c0, zero, 0, 8, 1, 9, 2, 10, 3, 11), centerPair));
    let s1 = i32x4.add(start, i32x4.dot_i16x8_s(v128.shuffle<i16>(c0, zero, 4, 12, 5, 13, 6, 14, 7, 15), centerPair));
    let s2 = i32x4.add(start, i32x4.dot_i16x8_s(v128.shuffle<i16>(c1, zero, 0, 8, 1, 9, 2, 10, 3, 11), centerPair));
    let s3 = i32x4.add(start, i32x4.dot_i16x8_s(v128.shuffle<i16>(c1, zero, 4, 12, 5, 13, 6, 14, 7, 15), centerPair));
    for (let i = 1; i <= radius; i++) {
      const weight = v128.load16_splat(weights + 2 * i);
      const above = load<usize>(addresses + 8 * i - 4) + at;
      const below = load<usize>(addresses + 8 * i) + at;
      const a0 = v128.load(above);
      const b0 = v128.load(below);
      const a1 = v128.load(above + 16);
      const b1 = v128.load(below + 16);
      s0 = i32x4.add(s0, i32x4.dot_i16x8_s(v128.shuffle<i16>(a0, b0, 0, 8, 1, 9, 2, 10, 3, 11), weight));
      s1 = i32x4.add(s1, i32x4.dot_i16x8_s(v128.shuffle<i16>(a0, b0, 4, 12, 5, 13, 6, 14, 7, 15), weight));
      s2 = i32x4.add(s2, i32x4.dot_i16x8_s(v128.shuffle<i16>(a1, b1, 0, 8, 1, 9, 2, 10, 3, 11), weight));
      s3 = i32x4.add(s3, i32x4.dot_i16x8_s(v128.shuffle<i16>(a1, b1, 4, 12, 5, 13, 6, 14, 7, 15), weight));
    }
    const low = i16x8.narrow_i32x4_s(i32x4.shr_s(s0, 16), i32x4.shr_s(s1, 16));
    const high = i16x8.narrow_i32x4_s(i32x4.shr_s(s2, 16), i32x4.shr_s(s3, 16));
    v128.store(dst + x, i8x16.narrow_i16x8_u(low, high));
  }
}
