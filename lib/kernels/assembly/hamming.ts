/** Brute-force matching of binary descriptors by the number of bits that differ, as OpenCV's `BFMatcher` with NORM_HAMMING. */

/**
 * For each of `count` descriptors the two nearest of `others`, the first of equals: `nearest` gets three 32-bit numbers for each, the index of
 * the nearest and both distances. `back` gets two for each of `others`: the distance and the index of the nearest of `count`.
 * A descriptor has `bytes` bytes.
 */
export function hamming(
  from: usize,
  count: i32,
  to: usize,
  others: i32,
  bytes: i32,
  nearest: usize,
  back: usize,
): void {
  for (let j = 0; j < others; j++) store<i32>(back + 8 * j, i32.MAX_VALUE);
  const whole = bytes & ~7;
  for (let i = 0; i < count; i++) {
    const a = from + i * bytes;
    let first = i32.MAX_VALUE;
    let second = i32.MAX_VALUE;
    let index = 0;
    for (let j = 0; j < others; j++) {
      const b = to + j * bytes;
      let bits: i64 = 0;
      let k = 0;
      for (; k < whole; k += 8) bits += popcnt(load<i64>(a + k) ^ load<i64>(b + k));
      let distance = <i32>bits;
      for (; k < bytes; k++) distance += popcnt(<i32>(load<u8>(a + k) ^ load<u8>(b + k)));
      if (distance < second) {
        if (distance < first) {
          second = first;
          first = distance;
          index = j;
        } else {
          second = distance;
        }
      }
      if (distance < load<i32>(back + 8 * j)) {
        store<i32>(back + 8 * j, distance);
        store<i32>(back + 8 * j + 4, i);
      }
    }
    store<i32>(nearest + 12 * i, index);
    store<i32>(nearest + 12 * i + 4, first);
    store<i32>(nearest + 12 * i + 8, second);
  }
}
