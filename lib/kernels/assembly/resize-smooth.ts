/**
 * Interpolation between 2 × 2 (linear) and 4 × 4 pixels (cubic; R. Keys, "Cubic convolution interpolation", 1981, a = -0.75) as OpenCV's `resize`: weights of 11
 * fractional bits, rows first. Borders repeat the outermost sample.
 */

/** Pixels that a row is padded with at either side. */
const border: i32 = 4;

/** Bytes of `scratch`: a padded row, and `taps` rows of the result in 32 bits with their numbers. */
export function resizeSmoothScratch(srcWidth: i32, width: i32, channels: i32, taps: i32): i32 {
  return paddedBytes(srcWidth, channels) + taps * rowBytes(width, channels) + 16;
}

function paddedBytes(srcWidth: i32, channels: i32): i32 {
  return ((srcWidth + 2 * border) * channels + 47) & ~15;
}

function rowBytes(width: i32, channels: i32): i32 {
  return (4 * width * channels + 79) & ~15;
}

/**
 * `across` holds a 32-bit number for each column of the result, the first pixel that counts, -4 or more; then four 16-bit weights for each column, of which the linear ones
 * are two and two zeros; `down` the same for the rows, without the limit.
 */
export function resizeSmooth(
  src: usize,
  dst: usize,
  srcWidth: i32,
  srcHeight: i32,
  width: i32,
  height: i32,
  channels: i32,
  taps: i32,
  across: usize,
  acrossWeights: usize,
  down: usize,
  downWeights: usize,
  scratch: usize,
): void {
  const srcLength = srcWidth * channels;
  const length = width * channels;
  const padded = scratch + border * channels;
  const rows = scratch + paddedBytes(srcWidth, channels);
  const step = rowBytes(width, channels);
  const known = rows + taps * step;
  for (let k = 0; k < taps; k++) store<i32>(known + 4 * k, -1);
  for (let y = 0; y < height; y++) {
    const first = load<i32>(down + 4 * y);
    for (let k = 0; k < taps; k++) {
      const row = max(0, min(srcHeight - 1, first + k));
      const slot = row % taps;
      if (load<i32>(known + 4 * slot) === row) continue;
      store<i32>(known + 4 * slot, row);
      pad(src + row * srcLength, padded, srcLength, channels);
      if (taps === 2) linearRow(padded, rows + slot * step, width, channels, across, acrossWeights);
      else cubicRow(padded, rows + slot * step, width, channels, across, acrossWeights);
    }
    const weights = downWeights + 8 * y;
    const out = dst + y * length;
    const p = rows + (max(0, min(srcHeight - 1, first)) % taps) * step;
    const q = rows + (max(0, min(srcHeight - 1, first + 1)) % taps) * step;
    if (taps === 2) {
      linearColumns(p, q, weights, out, length);
    } else {
      const r = rows + (max(0, min(srcHeight - 1, first + 2)) % taps) * step;
      const s = rows + (max(0, min(srcHeight - 1, first + 3)) % taps) * step;
      cubicColumns(p, q, r, s, weights, out, length);
    }
  }
}

function pad(src: usize, row: usize, length: i32, channels: i32): void {
  memory.copy(row, src, length);
  for (let i = 1; i <= border * channels; i++) store<u8>(row - i, load<u8>(row - i + channels));
  for (let i = 0; i < border * channels; i++) store<u8>(row + length + i, load<u8>(row + length + i - channels));
}

function linearRow(row: usize, out: usize, width: i32, channels: i32, across: usize, weights: usize): void {
  for (let x = 0; x < width; x++) {
    const at = row + load<i32>(across + 4 * x) * channels;
    const both = v128.load32_splat(weights + 8 * x);
    const samples = v128.load64_zero(at);
    if (channels === 3) {
      const pairs = v128.shuffle<i8>(samples, samples, 0, 3, 1, 4, 2, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
      v128.store(out + 12 * x, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(pairs), both));
    } else if (channels === 4) {
      const pairs = v128.shuffle<i8>(samples, samples, 0, 4, 1, 5, 2, 6, 3, 7, 8, 9, 10, 11, 12, 13, 14, 15);
      v128.store(out + 16 * x, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(pairs), both));
    } else {
      const sum = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(samples), both);
      v128.store32_lane(out + 4 * x, sum, 0);
    }
  }
}

function cubicRow(row: usize, out: usize, width: i32, channels: i32, across: usize, weights: usize): void {
  for (let x = 0; x < width; x++) {
    const at = row + load<i32>(across + 4 * x) * channels;
    const all = v128.load64_splat(weights + 8 * x);
    if (channels === 1) {
      const halves = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(v128.load32_zero(at)), all);
      store<i32>(out + 4 * x, i32x4.extract_lane(halves, 0) + i32x4.extract_lane(halves, 1));
      continue;
    }
    const samples = v128.load(at);
    const fours =
      channels === 3
        ? v128.shuffle<i8>(samples, samples, 0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11, 12, 13, 14, 15)
        : v128.shuffle<i8>(samples, samples, 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    const low = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(fours), all);
    const high = i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(fours), all);
    const even = v128.shuffle<i32>(low, high, 0, 2, 4, 6);
    const odd = v128.shuffle<i32>(low, high, 1, 3, 5, 7);
    v128.store(out + 4 * channels * x, i32x4.add(even, odd));
  }
}

function linearColumns(p: usize, q: usize, weights: usize, dst: usize, length: i32): void {
  const first = i32x4.splat(load<i16>(weights));
  const second = i32x4.splat(load<i16>(weights, 2));
  let x = 0;
  for (; x + 16 <= length; x += 16) v128.store(dst + x, linear16(p + 4 * x, q + 4 * x, first, second));
  for (; x < length; x++) {
    const sum = linear4(v128.load32_zero(p + 4 * x), v128.load32_zero(q + 4 * x), first, second);
    store<u8>(dst + x, <u8>i32x4.extract_lane(sum, 0));
  }
}

function linear16(p: usize, q: usize, first: v128, second: v128): v128 {
  return i8x16.narrow_i16x8_u(
    i16x8.narrow_i32x4_s(
      linear4(v128.load(p), v128.load(q), first, second),
      linear4(v128.load(p, 16), v128.load(q, 16), first, second),
    ),
    i16x8.narrow_i32x4_s(
      linear4(v128.load(p, 32), v128.load(q, 32), first, second),
      linear4(v128.load(p, 48), v128.load(q, 48), first, second),
    ),
  );
}

/** OpenCV takes four bits from each row, and sixteen from each product. */
function linear4(p: v128, q: v128, first: v128, second: v128): v128 {
  const a = i32x4.shr_s(i32x4.mul(i32x4.shr_s(p, 4), first), 16);
  const b = i32x4.shr_s(i32x4.mul(i32x4.shr_s(q, 4), second), 16);
  return i32x4.shr_s(i32x4.add(i32x4.add(a, b), i32x4.splat(2)), 2);
}

function cubicColumns(p: usize, q: usize, r: usize, s: usize, weights: usize, dst: usize, length: i32): void {
  const a = i32x4.splat(load<i16>(weights));
  const b = i32x4.splat(load<i16>(weights, 2));
  const c = i32x4.splat(load<i16>(weights, 4));
  const d = i32x4.splat(load<i16>(weights, 6));
  for (let x = 0; x < length; x += 8) {
    const at = 4 * x;
    const low = cubic4(v128.load(p + at), v128.load(q + at), v128.load(r + at), v128.load(s + at), a, b, c, d);
    const high = cubic4(
      v128.load(p + at, 16),
      v128.load(q + at, 16),
      v128.load(r + at, 16),
      v128.load(s + at, 16),
      a,
      b,
      c,
      d,
    );
    const words = i16x8.narrow_i32x4_s(low, high);
    let bytes = i8x16.narrow_i16x8_u(words, words);
    if (x + 8 <= length) {
      v128.store64_lane(dst + x, bytes, 0);
      continue;
    }
    for (let i = x; i < length; i++) {
      store<u8>(dst + i, i8x16.extract_lane_u(bytes, 0));
      bytes = v128.shuffle<i8>(bytes, bytes, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0);
    }
  }
}

function cubic4(p: v128, q: v128, r: v128, s: v128, a: v128, b: v128, c: v128, d: v128): v128 {
  const sum = i32x4.add(i32x4.add(i32x4.mul(p, a), i32x4.mul(q, b)), i32x4.add(i32x4.mul(r, c), i32x4.mul(s, d)));
  return i32x4.shr_s(i32x4.add(sum, i32x4.splat(1 << 21)), 22);
}
