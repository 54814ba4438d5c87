/** Bilinear reduction in fixed numbers, bit for bit as OpenCV's `resize` with INTER_LINEAR_EXACT on gray images. */

/**
 * `columns` has, for each eight columns of the result, 64 bytes: where the samples begin in a row (32 bits; -1 where the eight are to be taken one by
 * one), and at 16 the bytes to choose, two for each column, and at 32 their 16 weights of 16 bits, of which two make 256. `rows` has 8 bytes for each row:
 * the first of two source rows and the second's weight, 32 bits each. `places` has 8 bytes for each column likewise. `scratch` holds two rows of 16 bits.
 */
export function shrinkExact(
  src: usize,
  srcWidth: i32,
  srcHeight: i32,
  dst: usize,
  width: i32,
  height: i32,
  columns: usize,
  places: usize,
  rows: usize,
  scratch: usize,
): void {
  let first = scratch;
  let second = scratch + ((2 * width + 31) & ~15);
  let inFirst = -1;
  let inSecond = -1;
  for (let y = 0; y < height; y++) {
    const row = load<i32>(rows + 8 * y);
    const next = min(row + 1, srcHeight - 1);
    if (inSecond === row) {
      const other = first;
      first = second;
      second = other;
      inSecond = inFirst;
      inFirst = row;
    }
    if (inFirst !== row) shrinkRow(src + row * srcWidth, srcWidth, first, width, columns, places);
    inFirst = row;
    if (inSecond !== next) shrinkRow(src + next * srcWidth, srcWidth, second, width, columns, places);
    inSecond = next;
    mix(first, second, load<i32>(rows + 8 * y + 4), dst + y * width, width);
  }
}

function shrinkRow(src: usize, srcWidth: i32, target: usize, width: i32, columns: usize, places: usize): void {
  let x = 0;
  for (; x + 8 <= width; x += 8) {
    const group = columns + 8 * x;
    const start = load<i32>(group);
    if (start < 0) {
      for (let k = x; k < x + 8; k++) store<u16>(target + 2 * k, sampleOf(src, srcWidth, places + 8 * k));
      continue;
    }
    const samples = i8x16.swizzle(v128.load(src + start), v128.load(group + 16));
    const low = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(samples), v128.load(group + 32));
    const high = i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(samples), v128.load(group + 48));
    v128.store(target + 2 * x, i16x8.narrow_i32x4_u(low, high));
  }
  for (; x < width; x++) store<u16>(target + 2 * x, sampleOf(src, srcWidth, places + 8 * x));
}

function sampleOf(src: usize, srcWidth: i32, place: usize): u16 {
  const at = load<i32>(place);
  const weight = load<i32>(place + 4);
  return <u16>(<i32>load<u8>(src + at) * (256 - weight) + <i32>load<u8>(src + min(at + 1, srcWidth - 1)) * weight);
}

function mix(first: usize, second: usize, weight: i32, dst: usize, width: i32): void {
  const a = i16x8.splat(<i16>(256 - weight));
  const b = i16x8.splat(<i16>weight);
  let x = 0;
  for (; x + 8 <= width; x += 8) {
    const upper = v128.load(first + 2 * x);
    const lower = v128.load(second + 2 * x);
    const low = i32x4.add(i32x4.extmul_low_i16x8_u(upper, a), i32x4.extmul_low_i16x8_u(lower, b));
    const high = i32x4.add(i32x4.extmul_high_i16x8_u(upper, a), i32x4.extmul_high_i16x8_u(lower, b));
    const words = i16x8.narrow_i32x4_u(rounded(low), rounded(high));
    v128.store64_lane(dst + x, i8x16.narrow_i16x8_u(words, words), 0);
  }
  for (; x < width; x++) {
    const sum = <u32>load<u16>(first + 2 * x) * (256 - weight) + <u32>load<u16>(second + 2 * x) * weight;
    store<u8>(dst + x, <u8>((sum + 32768) >> 16));
  }
}

function rounded(sum: v128): v128 {
  return i32x4.shr_u(i32x4.add(sum, i32x4.splat(32768)), 16);
}
