/** Look-up tables of 256 bytes. Loads of single bytes are as fast as swizzles of 16 pieces of the table, or faster. */

/** One table for all samples. */
export function lut(src: usize, dst: usize, length: i32, table: usize): void {
  let i = 0;
  for (; i + 8 <= length; i += 8) {
    const samples = load<u64>(src + i);
    const low =
      <u32>load<u8>(table + <usize>(samples & 255)) |
      ((<u32>load<u8>(table + <usize>((samples >> 8) & 255))) << 8) |
      ((<u32>load<u8>(table + <usize>((samples >> 16) & 255))) << 16) |
      ((<u32>load<u8>(table + <usize>((samples >> 24) & 255))) << 24);
    const high =
      <u32>load<u8>(table + <usize>((samples >> 32) & 255)) |
      ((<u32>load<u8>(table + <usize>((samples >> 40) & 255))) << 8) |
      ((<u32>load<u8>(table + <usize>((samples >> 48) & 255))) << 16) |
      ((<u32>load<u8>(table + <usize>(samples >> 56))) << 24);
    store<u64>(dst + i, <u64>low | ((<u64>high) << 32));
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
