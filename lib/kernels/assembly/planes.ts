/** Sixteen pixels of three samples, 48 bytes, as three planes and back. */

export function firstPlane(a: v128, b: v128, c: v128): v128 {
  const ab = v128.shuffle<i8>(a, b, 0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 0, 0, 0, 0, 0);
  return v128.shuffle<i8>(ab, c, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 17, 20, 23, 26, 29);
}

export function secondPlane(a: v128, b: v128, c: v128): v128 {
  const ab = v128.shuffle<i8>(a, b, 1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, 0, 0, 0, 0, 0);
  return v128.shuffle<i8>(ab, c, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 18, 21, 24, 27, 30);
}

export function thirdPlane(a: v128, b: v128, c: v128): v128 {
  const ab = v128.shuffle<i8>(a, b, 2, 5, 8, 11, 14, 17, 20, 23, 26, 29, 0, 0, 0, 0, 0, 0);
  return v128.shuffle<i8>(ab, c, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 19, 22, 25, 28, 31);
}

export function storePixels(dst: usize, p: v128, q: v128, r: v128): void {
  const first = v128.shuffle<i8>(p, q, 0, 16, 0, 1, 17, 0, 2, 18, 0, 3, 19, 0, 4, 20, 0, 5);
  v128.store(dst, v128.shuffle<i8>(first, r, 0, 1, 16, 3, 4, 17, 6, 7, 18, 9, 10, 19, 12, 13, 20, 15));
  const second = v128.shuffle<i8>(p, q, 21, 0, 6, 22, 0, 7, 23, 0, 8, 24, 0, 9, 25, 0, 10, 26);
  v128.store(dst, v128.shuffle<i8>(second, r, 0, 21, 2, 3, 22, 5, 6, 23, 8, 9, 24, 11, 12, 25, 14, 15), 16);
  const third = v128.shuffle<i8>(p, q, 0, 11, 27, 0, 12, 28, 0, 13, 29, 0, 14, 30, 0, 15, 31, 0);
  v128.store(dst, v128.shuffle<i8>(third, r, 26, 1, 2, 27, 4, 5, 28, 7, 8, 29, 10, 11, 30, 13, 14, 31), 32);
}

/** One of the three planes of an image. */
export function plane(src: usize, dst: usize, pixels: i32, index: i32): void {
  let i = 0;
  for (; i + 16 <= pixels; i += 16) {
    const a = v128.load(src + 3 * i);
    const b = v128.load(src + 3 * i, 16);
    const c = v128.load(src + 3 * i, 32);
    const samples = index === 0 ? firstPlane(a, b, c) : index === 1 ? secondPlane(a, b, c) : thirdPlane(a, b, c);
    v128.store(dst + i, samples);
  }
  for (; i < pixels; i++) store<u8>(dst + i, load<u8>(src + 3 * i + index));
}
