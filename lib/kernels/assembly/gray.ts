/** Weighted sums of the first three samples of a pixel, as OpenCV's `cvtColor` to gray: 15 fractional bits, rounded. */
const shift: i32 = 15;
const half: i32 = 1 << 14;

/** `c0`, `c1`, `c2` are the weights of the samples as they stand in a pixel of 3 samples. Pixels: 8 or more. */
export function grayOf3(src: usize, dst: usize, pixels: i32, c0: i32, c1: i32, c2: i32): void {
  const first = weights(c0, c1);
  const last = weights(c2, 0);
  // Sixteen bytes are loaded for four pixels: the last ones would be read beyond the end.
  const safe = pixels - 2;
  let i = 0;
  for (; i + 16 <= safe; i += 16) {
    const at = src + 3 * i;
    v128.store(
      dst + i,
      narrow(
        four3(v128.load(at), first, last),
        four3(v128.load(at + 12), first, last),
        four3(v128.load(at + 24), first, last),
        four3(v128.load(at + 36), first, last),
      ),
    );
  }
  for (; i < pixels; i++) store<u8>(dst + i, weighted(src + 3 * i, c0, c1, c2));
}

/** As `grayOf3`, of pixels of 4 samples. */
export function grayOf4(src: usize, dst: usize, pixels: i32, c0: i32, c1: i32, c2: i32): void {
  const first = weights(c0, c1);
  const last = weights(c2, 0);
  let i = 0;
  for (; i + 16 <= pixels; i += 16) {
    const at = src + 4 * i;
    v128.store(
      dst + i,
      narrow(
        four4(v128.load(at), first, last),
        four4(v128.load(at + 16), first, last),
        four4(v128.load(at + 32), first, last),
        four4(v128.load(at + 48), first, last),
      ),
    );
  }
  for (; i < pixels; i++) store<u8>(dst + i, weighted(src + 4 * i, c0, c1, c2));
}

function weights(even: i32, odd: i32): v128 {
  return i32x4.splat(even | (odd << 16));
}

function four3(samples: v128, first: v128, last: v128): v128 {
  const ordered = v128.shuffle<i8>(samples, samples, 0, 1, 3, 4, 6, 7, 9, 10, 2, 15, 5, 15, 8, 15, 11, 15);
  return weigh(ordered, first, last);
}

function four4(samples: v128, first: v128, last: v128): v128 {
  const ordered = v128.shuffle<i8>(samples, samples, 0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15);
  return weigh(ordered, first, last);
}

/** Pairs of first and second samples in the lower half, third samples (and what has no weight) in the upper. */
function weigh(ordered: v128, first: v128, last: v128): v128 {
  const sum = i32x4.add(
    i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(ordered), first),
    i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(ordered), last),
  );
  return i32x4.shr_s(i32x4.add(sum, i32x4.splat(half)), shift);
}

function narrow(a: v128, b: v128, c: v128, d: v128): v128 {
  return i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d));
}

function weighted(at: usize, c0: i32, c1: i32, c2: i32): u8 {
  const sum = <i32>load<u8>(at) * c0 + <i32>load<u8>(at + 1) * c1 + <i32>load<u8>(at + 2) * c2;
  return <u8>((sum + half) >> shift);
}
