/** Look-up tables of 256 bytes: 16 pieces of 16, each of which gives 0 for what lies beyond it. */

/** One table for all samples. */
export function lut(src: usize, dst: usize, length: i32, table: usize): void {
  let i = 0;
  for (; i + 32 <= length; i += 32) {
    let a = v128.load(src + i);
    let b = v128.load(src + i + 16);
    let piece = v128.load(table);
    let first = i8x16.swizzle(piece, a);
    let second = i8x16.swizzle(piece, b);
    const next = i8x16.splat(16);
    for (let t: usize = 16; t < 256; t += 16) {
      a = i8x16.sub(a, next);
      b = i8x16.sub(b, next);
      piece = v128.load(table + t);
      first = v128.or(first, i8x16.swizzle(piece, a));
      second = v128.or(second, i8x16.swizzle(piece, b));
    }
    v128.store(dst + i, first);
    v128.store(dst + i + 16, second);
  }
  for (; i < length; i++) store<u8>(dst + i, load<u8>(table + load<u8>(src + i)));
}

/** A table for each of three channels, 256 bytes after one another. */
export function lut3(src: usize, dst: usize, pixels: i32, tables: usize): void {
  let i = 0;
  for (; i + 4 <= pixels; i += 4) {
    const from = src + 3 * i;
    const to = dst + 3 * i;
    for (let p = 0; p < 12; p += 3) {
      store<u8>(to + p, load<u8>(tables + load<u8>(from + p)));
      store<u8>(to + p + 1, load<u8>(tables + load<u8>(from + p + 1), 256));
      store<u8>(to + p + 2, load<u8>(tables + load<u8>(from + p + 2), 512));
    }
  }
  for (; i < pixels; i++) {
    for (let c = 0; c < 3; c++) store<u8>(dst + 3 * i + c, load<u8>(tables + 256 * c + load<u8>(src + 3 * i + c)));
  }
}
