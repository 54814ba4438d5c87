/** Thresholds against the weighted mean around each pixel, as OpenCV's `adaptiveThreshold`. Borders repeat the outermost sample. */
import { narrow, rounded } from './float';

/** Bytes of `scratch`: a padded row, `side` filtered ones, and their addresses. */
export function weightedMeanScratch(width: i32, side: i32): i32 {
  return (side + 1) * rowBytes(width, side) + 4 * side;
}

function rowBytes(width: i32, side: i32): i32 {
  return (4 * (width + side) + 79) & ~15;
}

/**
 * Means of a gray image by `side` weights, floats, of both directions, symmetric. Rows are summed from left to right, columns from the center outwards. Width: 16 or more;
 * `dst` is not `src`.
 */
export function weightedMean(
  src: usize,
  dst: usize,
  width: i32,
  height: i32,
  weights: usize,
  side: i32,
  scratch: usize,
): void {
  const radius = (side - 1) / 2;
  const step = rowBytes(width, side);
  const rows = scratch + step;
  for (let y = -radius; y < height + radius; y++) {
    const source = max(0, min(height - 1, y));
    const slot = rows + ((y + radius) % side) * step;
    // The rows that stand for the first and the last are copies of what was filtered before.
    if (y > -radius && (y <= 0 || y >= height)) memory.copy(slot, rows + ((y - 1 + radius) % side) * step, 4 * width);
    else filterRow(src + source * width, scratch, slot, width, weights, side);
    const center = y - radius;
    if (center < 0) continue;
    // From the uppermost row of the window to the lowest.
    const addresses = rows + side * step;
    for (let k = 0; k < side; k++) store<usize>(addresses + 4 * k, rows + ((center + k) % side) * step);
    filterColumns(addresses, weights, side, dst + center * width, width);
  }
}

function filterRow(src: usize, padded: usize, out: usize, width: i32, weights: usize, side: i32): void {
  const radius = (side - 1) / 2;
  const inner = padded + 4 * radius;
  for (let x = 0; x < width; x += 16) {
    if (x + 16 > width) x = width - 16;
    const samples = v128.load(src + x);
    const low = i16x8.extend_low_i8x16_u(samples);
    const high = i16x8.extend_high_i8x16_u(samples);
    const at = inner + 4 * x;
    v128.store(at, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(low)));
    v128.store(at, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(low)), 16);
    v128.store(at, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(high)), 32);
    v128.store(at, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(high)), 48);
  }
  for (let i = 0; i < radius; i++) {
    store<f32>(padded + 4 * i, <f32>load<u8>(src));
    store<f32>(inner + 4 * (width + i), <f32>load<u8>(src + width - 1));
  }
  for (let x = 0; x < width; x += 16) {
    if (x + 16 > width) x = width - 16;
    let at = padded + 4 * x;
    let weight = v128.load32_splat(weights);
    let a = f32x4.mul(v128.load(at), weight);
    let b = f32x4.mul(v128.load(at, 16), weight);
    let c = f32x4.mul(v128.load(at, 32), weight);
    let d = f32x4.mul(v128.load(at, 48), weight);
    for (let k = 1; k < side; k++) {
      at += 4;
      weight = v128.load32_splat(weights + 4 * k);
      a = f32x4.add(a, f32x4.mul(v128.load(at), weight));
      b = f32x4.add(b, f32x4.mul(v128.load(at, 16), weight));
      c = f32x4.add(c, f32x4.mul(v128.load(at, 32), weight));
      d = f32x4.add(d, f32x4.mul(v128.load(at, 48), weight));
    }
    const to = out + 4 * x;
    v128.store(to, a);
    v128.store(to, b, 16);
    v128.store(to, c, 32);
    v128.store(to, d, 48);
  }
}

function filterColumns(addresses: usize, weights: usize, side: i32, dst: usize, width: i32): void {
  const radius = (side - 1) / 2;
  const middle = load<usize>(addresses + 4 * radius);
  for (let x = 0; x < width; x += 16) {
    if (x + 16 > width) x = width - 16;
    const from = middle + 4 * x;
    let weight = v128.load32_splat(weights + 4 * radius);
    let a = f32x4.mul(v128.load(from), weight);
    let b = f32x4.mul(v128.load(from, 16), weight);
    let c = f32x4.mul(v128.load(from, 32), weight);
    let d = f32x4.mul(v128.load(from, 48), weight);
    for (let k = 1; k <= radius; k++) {
      weight = v128.load32_splat(weights + 4 * (radius + k));
      const above = load<usize>(addresses + 4 * (radius - k)) + 4 * x;
      const below = load<usize>(addresses + 4 * (radius + k)) + 4 * x;
      a = f32x4.add(a, f32x4.mul(weight, f32x4.add(v128.load(below), v128.load(above))));
      b = f32x4.add(b, f32x4.mul(weight, f32x4.add(v128.load(below, 16), v128.load(above, 16))));
      c = f32x4.add(c, f32x4.mul(weight, f32x4.add(v128.load(below, 32), v128.load(above, 32))));
      d = f32x4.add(d, f32x4.mul(weight, f32x4.add(v128.load(below, 48), v128.load(above, 48))));
    }
    v128.store(dst + x, narrow(rounded(a), rounded(b), rounded(c), rounded(d)));
  }
}

/** `high` where a sample is above that of `means` less `offset`, `low` elsewhere, in place of the means. */
export function thresholdAgainst(src: usize, means: usize, length: i32, offset: i32, low: i32, high: i32): void {
  const less = i16x8.splat(<i16>offset);
  const above = i8x16.splat(<i8>high);
  const below = i8x16.splat(<i8>low);
  let i = 0;
  for (; i + 16 <= length; i += 16) {
    const samples = v128.load(src + i);
    const level = v128.load(means + i);
    const first = i16x8.gt_s(i16x8.add(i16x8.extend_low_i8x16_u(samples), less), i16x8.extend_low_i8x16_u(level));
    const second = i16x8.gt_s(i16x8.add(i16x8.extend_high_i8x16_u(samples), less), i16x8.extend_high_i8x16_u(level));
    v128.store(means + i, v128.bitselect(above, below, i8x16.narrow_i16x8_s(first, second)));
  }
  for (; i < length; i++)
    store<u8>(means + i, <u8>(<i32>load<u8>(src + i) + offset > <i32>load<u8>(means + i) ? high : low));
}
