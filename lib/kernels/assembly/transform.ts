/** A 3 × 3 matrix on pixels of three 8-bit samples, as OpenCV's `transform`: single precision, sums in the order of the channels, rounded to even. */
import { rounded } from './float';

/** `matrix` holds nine floats, row by row; sums stay below 2^22. `dst` is not `src`. */
export function transform3(src: usize, dst: usize, pixels: i32, matrix: usize): void {
  // The columns of the matrix: what red, green and blue add to the three results.
  const first = f32x4(load<f32>(matrix), load<f32>(matrix, 12), load<f32>(matrix, 24), 0);
  const second = f32x4(load<f32>(matrix, 4), load<f32>(matrix, 16), load<f32>(matrix, 28), 0);
  const third = f32x4(load<f32>(matrix, 8), load<f32>(matrix, 20), load<f32>(matrix, 32), 0);
  let i = 0;
  // Four pixels are 12 bytes of the 16 that are loaded and stored.
  for (; i + 6 <= pixels; i += 4) {
    const samples = v128.load(src + 3 * i);
    const low = i16x8.extend_low_i8x16_u(samples);
    const a = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(low));
    const b = f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(low));
    const c = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(i16x8.extend_high_i8x16_u(samples)));
    const p0 = mixed(splat(a, 0), splat(a, 1), splat(a, 2), first, second, third);
    const p1 = mixed(splat(a, 3), splat(b, 0), splat(b, 1), first, second, third);
    const p2 = mixed(splat(b, 2), splat(b, 3), splat(c, 0), first, second, third);
    const p3 = mixed(splat(c, 1), splat(c, 2), splat(c, 3), first, second, third);
    const bytes = i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(p0, p1), i16x8.narrow_i32x4_s(p2, p3));
    v128.store(dst + 3 * i, v128.shuffle<i8>(bytes, bytes, 0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 3, 7, 11, 15));
  }
  for (; i < pixels; i++) {
    const at = src + 3 * i;
    const sum = mixed(
      f32x4.splat(load<u8>(at)),
      f32x4.splat(load<u8>(at + 1)),
      f32x4.splat(load<u8>(at + 2)),
      first,
      second,
      third,
    );
    const words = i16x8.narrow_i32x4_s(sum, sum);
    const bytes = i8x16.narrow_i16x8_u(words, words);
    store<u8>(dst + 3 * i, i8x16.extract_lane_u(bytes, 0));
    store<u8>(dst + 3 * i + 1, i8x16.extract_lane_u(bytes, 1));
    store<u8>(dst + 3 * i + 2, i8x16.extract_lane_u(bytes, 2));
  }
}

function splat(values: v128, lane: i32): v128 {
  if (lane === 0) return v128.shuffle<i32>(values, values, 0, 0, 0, 0);
  if (lane === 1) return v128.shuffle<i32>(values, values, 1, 1, 1, 1);
  if (lane === 2) return v128.shuffle<i32>(values, values, 2, 2, 2, 2);
  return v128.shuffle<i32>(values, values, 3, 3, 3, 3);
}

function mixed(red: v128, green: v128, blue: v128, first: v128, second: v128, third: v128): v128 {
  const sum = f32x4.add(f32x4.mul(red, first), f32x4.mul(green, second));
  return rounded(f32x4.add(sum, f32x4.mul(blue, third)));
}
