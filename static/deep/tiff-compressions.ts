/** TIFF's own compressions (TIFF 6.0, sections 9 and 13). */

/** Runs of bytes. */
export function unpackBits(packed: Uint8Array, bytes: number): Uint8Array {
  const unpacked = new Uint8Array(bytes);
  let to = 0;
  for (let at = 0; at < packed.length && to < bytes; ) {
    const header = packed[at++];
    if (header < 128) {
      const run = packed.subarray(at, Math.min(at + header + 1, at + bytes - to));
      unpacked.set(run, to);
      at += header + 1;
      to += header + 1;
    } else if (header > 128) {
      unpacked.fill(packed[at++], to, to + 257 - header);
      to += 257 - header;
    }
  }
  return unpacked;
}

const clear = 256;
const end = 257;

/** Codes of 9 to 12 bits, the highest first; each one a byte more than one before. */
export function unpackLzw(packed: Uint8Array, bytes: number): Uint8Array {
  const unpacked = new Uint8Array(bytes);
  /** Where the string of a code begins in what is unpacked, and how long it is. */
  const starts = new Uint32Array(4097);
  const lengths = new Uint16Array(4097);
  let [next, width, to, last] = [end + 1, 9, 0, -1];
  let [buffer, filled] = [0, 0];
  for (let at = 0; ; ) {
    while (filled < width && at < packed.length) {
      buffer = ((buffer << 8) | packed[at++]) & 0xff_ffff;
      filled += 8;
    }
    if (filled < width) return unpacked;
    filled -= width;
    const code = (buffer >> filled) & (2 ** width - 1);
    if (code === end) return unpacked;
    if (code === clear) {
      [next, width, last] = [end + 1, 9, -1];
      continue;
    }
    const start = to;
    if (code < clear) {
      if (to < bytes) unpacked[to] = code;
      to++;
    } else {
      // A code that is not there yet is that of the last string and its first byte.
      const isNew = code >= next;
      const [from, length] = isNew ? [starts[4096], lengths[4096] + 1] : [starts[code], lengths[code]];
      for (let i = 0; i < length && to + i < bytes; i++) unpacked[to + i] = unpacked[from + i];
      to += length;
    }
    if (last >= 0 && next < 4096) {
      starts[next] = starts[4096];
      lengths[next] = lengths[4096] + 1;
      next++;
    }
    starts[4096] = start;
    lengths[4096] = to - start;
    last = code;
    if (to >= bytes) return unpacked;
    if (next >= 2 ** width - 1 && width < 12) width++;
  }
}
