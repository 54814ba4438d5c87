/** Counting bytes that are not zero, as OpenCV's `countNonZero`. */

export function countNonZero(src: usize, length: i32): i32 {
  let zeros = 0;
  let i = 0;
  while (i + 16 <= length) {
    // Each lane counts to 255 at most before it is summed.
    const end = min(length - 15, i + 255 * 16);
    let lanes = i8x16.splat(0);
    for (; i < end; i += 16) lanes = i8x16.sub(lanes, i8x16.eq(v128.load(src + i), i8x16.splat(0)));
    const sums = i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(lanes));
    zeros +=
      i32x4.extract_lane(sums, 0) +
      i32x4.extract_lane(sums, 1) +
      i32x4.extract_lane(sums, 2) +
      i32x4.extract_lane(sums, 3);
  }
  for (; i < length; i++) zeros += i32(load<u8>(src + i) === 0);
  return length - zeros;
}
