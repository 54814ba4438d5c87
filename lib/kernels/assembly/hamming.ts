/** Brute-force matching of binary descriptors by the number of bits that differ, as OpenCV's `BFMatcher` with NORM_HAMMING. */

/**
 * For each of `count` descriptors the two nearest of `others`, the first of equals: `nearest` gets three 32-bit numbers for each, the index of
 * the nearest and both distances. A descriptor has `bytes` bytes.
 */
export function hamming(from: usize, count: i32, to: usize, others: i32, bytes: i32, nearest: usize): void {
  for (let i = 0; i < count; i++) {
    const a = from + i * bytes;
    if (bytes === 32) nearestOf32(a, to, others, nearest + 12 * i);
    else nearestOf(a, to, others, bytes, nearest + 12 * i);
  }
}

/** Of ORB: the descriptor stays in registers. */
function nearestOf32(a: usize, to: usize, others: i32, nearest: usize): void {
  const a0 = load<i64>(a);
  const a1 = load<i64>(a, 8);
  const a2 = load<i64>(a, 16);
  const a3 = load<i64>(a, 24);
  let first = i32.MAX_VALUE;
  let second = i32.MAX_VALUE;
  let index = 0;
  for (let j = 0, b = to; j < others; j++, b += 32) {
    const distance = <i32>(
      (popcnt(a0 ^ load<i64>(b)) +
        popcnt(a1 ^ load<i64>(b, 8)) +
        (popcnt(a2 ^ load<i64>(b, 16)) + popcnt(a3 ^ load<i64>(b, 24))))
    );
    if (distance >= second) continue;
    if (distance < first) {
      second = first;
      first = distance;
      index = j;
    } else {
      second = distance;
    }
  }
  store<i32>(nearest, index);
  store<i32>(nearest, first, 4);
  store<i32>(nearest, second, 8);
}

function nearestOf(a: usize, to: usize, others: i32, bytes: i32, nearest: usize): void {
  const whole = bytes & ~7;
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
    if (distance >= second) continue;
    if (distance < first) {
      second = first;
      first = distance;
      index = j;
    } else {
      second = distance;
    }
  }
  store<i32>(nearest, index);
  store<i32>(nearest, first, 4);
  store<i32>(nearest, second, 8);
}
