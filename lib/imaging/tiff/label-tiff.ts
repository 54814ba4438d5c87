/** Writes label images with more numbers than 16 bits hold: TIFF of one unsigned 32-bit sample, which sharp would turn into floating point or 16 bits. */
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import type { Provenance } from '../provenance.ts';

const compress = promisify(deflate);

/** Bytes of a strip before compression: readers decode strip by strip. */
const stripBytes = 2 ** 20;

/** Types of fields and the bytes of a value (TIFF 6.0, section 2). */
const [ascii, short, long, rational] = [2, 3, 4, 5];
const sizes: Record<number, number> = { [ascii]: 1, [short]: 2, [long]: 4, [rational]: 4 };

type Field = [tag: number, type: number, values: ArrayLike<number>];

/** In the machine's byte order, which is little-endian, with Deflate. */
export async function encodeLabelTiff(
  labels: Uint32Array,
  width: number,
  height: number,
  { density, copyright, artist }: Provenance,
): Promise<Buffer> {
  const rowsPerStrip = Math.max(1, Math.floor(stripBytes / (4 * width)));
  const strips: Buffer[] = [];
  for (let row = 0; row < height; row += rowsPerStrip) {
    const rows = labels.subarray(row * width, Math.min(height, row + rowsPerStrip) * width);
    strips.push(await compress(new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength), { level: 3 }));
  }
  const lengths = strips.map(({ length }) => length);
  const fields: Field[] = [
    [256, long, [width]],
    [257, long, [height]],
    [258, short, [32]],
    [259, short, [8]],
    // Black is 0.
    [262, short, [1]],
    [273, long, offsetsOf(lengths)],
    [277, short, [1]],
    [278, long, [rowsPerStrip]],
    [279, long, lengths],
    ...(density === undefined ? [] : resolution(density)),
    ...(artist ? [text(315, artist)] : []),
    // Unsigned.
    [339, short, [1]],
    ...(copyright ? [text(33_432, copyright)] : []),
  ];
  const length = headerBytes + lengths.reduce((sum, bytes) => sum + bytes, 0);
  const padding = Buffer.alloc(length % 2);
  const directory = length + padding.length;
  return Buffer.concat([header(directory), ...strips, padding, ...directoryOf(fields, directory)]);
}

const headerBytes = 8;

function header(directory: number): Buffer {
  const bytes = Buffer.from('II*\0\0\0\0\0', 'latin1');
  bytes.writeUInt32LE(directory, 4);
  return bytes;
}

function offsetsOf(lengths: number[]): number[] {
  let at = headerBytes;
  return lengths.map((length) => {
    at += length;
    return at - length;
  });
}

/** Pixels per inch in hundredths. */
function resolution(density: number): Field[] {
  const perInch = [Math.round(density * 100), 100];
  return [
    [282, rational, perInch],
    [283, rational, perInch],
    [296, short, [2]],
  ];
}

function text(tag: number, value: string): Field {
  return [tag, ascii, Buffer.from(`${value}\0`)];
}

/** The directory at its offset, and behind it the values that do not fit into its entries. */
function directoryOf(fields: Field[], offset: number): Buffer[] {
  const entries = Buffer.alloc(2 + 12 * fields.length + 4);
  entries.writeUInt16LE(fields.length, 0);
  const outside: Buffer[] = [];
  let outsideAt = offset + entries.length;
  for (const [i, [tag, type, values]] of fields.entries()) {
    const at = 2 + 12 * i;
    entries.writeUInt16LE(tag, at);
    entries.writeUInt16LE(type, at + 2);
    entries.writeUInt32LE(values.length / (type === rational ? 2 : 1), at + 4);
    const size = sizes[type];
    const bytes = Buffer.alloc(Math.ceil((size * values.length) / 2) * 2);
    for (let k = 0; k < values.length; k++) bytes.writeUIntLE(values[k], k * size, size);
    if (bytes.length <= 4) {
      bytes.copy(entries, at + 8);
      continue;
    }
    entries.writeUInt32LE(outsideAt, at + 8);
    outside.push(bytes);
    outsideAt += bytes.length;
  }
  return [entries, ...outside];
}
