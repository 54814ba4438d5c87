/** Writes TIFF files of any kind, sound or not, in one uncompressed strip or in strips of planes (TIFF 6.0; BigTIFF). */

export interface TiffInit {
  width: number;
  height: number;
  /** Sample by sample, row by row; of separate planes, plane by plane. */
  values: ArrayLike<number>;
  bits?: number;
  /** 1 unsigned, 2 signed, 3 floating point. */
  sampleFormat?: number;
  photometric?: number;
  samples?: number;
  planar?: boolean;
  extraSamples?: number[];
  littleEndian?: boolean;
  big?: boolean;
  /** Further fields by tag, as SHORT; they take the place of what is written otherwise. */
  fields?: Record<number, number[]>;
  /** Types of further fields: 2 is text, 5 are fractions, numerator and denominator after each other. */
  types?: Record<number, number>;
}

/** Several pages in one file. */
export function writeTiff(...pages: [TiffInit, ...TiffInit[]]): Buffer<ArrayBuffer> {
  const { littleEndian = true, big = false } = pages[0];
  const number = (value: number, bytes: number) => {
    const buffer = Buffer.alloc(bytes);
    if (bytes === 8) littleEndian ? buffer.writeBigUInt64LE(BigInt(value)) : buffer.writeBigUInt64BE(BigInt(value));
    else littleEndian ? buffer.writeUIntLE(value, 0, bytes) : buffer.writeUIntBE(value, 0, bytes);
    return buffer;
  };
  const offsetBytes = big ? 8 : 4;
  const order = Buffer.from(littleEndian ? 'II' : 'MM');
  const start = big ? [order, number(43, 2), number(8, 2), number(0, 2)] : [order, number(42, 2)];
  let at = big ? 16 : 8;
  const bodies: Buffer[] = [];
  let first = 0;
  for (const [index, page] of pages.entries()) {
    const data = samplesOf(page, littleEndian);
    const dataAt = at;
    at += data.length;
    const fields = fieldsOf(page, data.length, dataAt);
    const outside: Buffer[] = [];
    const entryBytes = big ? 20 : 12;
    const tableBytes = (big ? 8 : 2) + entryBytes * fields.length + offsetBytes;
    let outsideAt = at + tableBytes;
    const entries = fields.map(([tag, values, long]) => {
      const type = page.types?.[tag] ?? (long ? 4 : 3);
      const bytes = Buffer.concat(values.map((value) => number(value, { 2: 1, 3: 2 }[type] ?? 4)));
      let field = Buffer.concat([bytes, Buffer.alloc(Math.max(0, offsetBytes - bytes.length))]);
      if (bytes.length > offsetBytes) {
        field = number(outsideAt, offsetBytes);
        outside.push(bytes);
        outsideAt += bytes.length;
      }
      return Buffer.concat([
        number(tag, 2),
        number(type, 2),
        number(values.length / (type === 5 ? 2 : 1), offsetBytes),
        field,
      ]);
    });
    first ||= at;
    const next = index + 1 < pages.length ? outsideAt + samplesOf(pages[index + 1], littleEndian).length : 0;
    bodies.push(data, number(fields.length, big ? 8 : 2), ...entries, number(next, offsetBytes), ...outside);
    at = outsideAt;
  }
  return Buffer.concat([...start, number(first, offsetBytes), ...bodies]);
}

type Field = [tag: number, values: number[], long: boolean];

function fieldsOf(init: TiffInit, bytes: number, dataAt: number): Field[] {
  const { width, height, bits = 8, samples = 1, sampleFormat = 1, photometric = 1, planar, extraSamples } = init;
  const strips = planar ? samples : 1;
  const each = bytes / strips;
  const fields = new Map<number, Field>();
  const set = (tag: number, values: number[], long = false) => fields.set(tag, [tag, values, long]);
  set(256, [width]);
  set(257, [height]);
  set(
    258,
    Array.from({ length: samples }, () => bits),
  );
  set(259, [1]);
  set(262, [photometric]);
  set(
    273,
    Array.from({ length: strips }, (_, i) => dataAt + i * each),
    true,
  );
  set(277, [samples]);
  set(278, [height]);
  set(
    279,
    Array.from({ length: strips }, () => each),
    true,
  );
  set(284, [planar ? 2 : 1]);
  if (extraSamples) set(338, extraSamples);
  set(
    339,
    Array.from({ length: samples }, () => sampleFormat),
  );
  for (const [tag, values] of Object.entries(init.fields ?? {})) set(Number(tag), values);
  return [...fields.values()].sort(([a], [b]) => a - b);
}

function samplesOf(init: TiffInit, littleEndian: boolean): Buffer {
  const { values, bits = 8, sampleFormat = 1, width } = init;
  if (bits < 8) return packed(values, bits, width);
  const bytes = Buffer.alloc(Math.ceil((values.length * bits) / 8));
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (let i = 0; i < values.length; i++) {
    const at = (i * bits) / 8;
    if (sampleFormat === 3 && bits === 32) view.setFloat32(at, values[i], littleEndian);
    else if (sampleFormat === 3 && bits === 64) view.setFloat64(at, values[i], littleEndian);
    else if (bits === 8) view.setUint8(at, values[i] & 0xff);
    else if (bits === 16) view.setUint16(at, values[i] & 0xffff, littleEndian);
    else if (bits === 32) view.setUint32(at, values[i] >>> 0, littleEndian);
  }
  return bytes;
}

/** Rows begin at bytes; the first sample is in the highest bits. */
function packed(values: ArrayLike<number>, bits: number, width: number): Buffer {
  const stride = Math.ceil((width * bits) / 8);
  const bytes = Buffer.alloc(stride * (values.length / width));
  for (let i = 0; i < values.length; i++) {
    const [y, x] = [Math.floor(i / width), i % width];
    bytes[y * stride + ((x * bits) >> 3)] |= values[i] << (8 - bits - ((x * bits) & 7));
  }
  return bytes;
}
