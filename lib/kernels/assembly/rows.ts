/** Walking along rows of bytes, 16 at a time. */

/** The next place after `x` in a row of `length` bytes (16 or more): the last step overlaps the one before it, and ends with the row. */
export function finishRow(x: i32, length: i32): i32 {
  const next = x + 16;
  return next < length && next + 16 > length ? length - 16 : next;
}

/** Repeats the first and the last pixel of a row on `size` bytes at either side, `size` a multiple of `channels`. */
export function pad(row: usize, length: i32, channels: i32, size: i32 = channels): void {
  for (let i = 1; i <= size; i++) store<u8>(row - i, load<u8>(row - i + channels));
  for (let i = 0; i < size; i++) store<u8>(row + length + i, load<u8>(row + length + i - channels));
}

/** Of 16 unsigned bytes. */
export function min(a: v128, b: v128): v128 {
  return i8x16.min_u(a, b);
}

export function max(a: v128, b: v128): v128 {
  return i8x16.max_u(a, b);
}
