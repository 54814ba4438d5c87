/** How DICOM elements are written (PS3.5, chapter 7): tag, value representation (VR), length, value. Runs in the page, too. */

export interface Encoding {
  /** Whether elements state their value representation. */
  explicit: boolean;
  littleEndian: boolean;
}

export const implicitLittleEndian: Encoding = { explicit: false, littleEndian: true };
export const explicitLittleEndian: Encoding = { explicit: true, littleEndian: true };

export interface Header {
  /** Group and element, as 0xggggeeee. */
  tag: number;
  /** Two letters; empty where the encoding is implicit. */
  vr: string;
  /** Where the value starts, in bytes. */
  value: number;
  /** In bytes; null where the value is a sequence of items that ends with a delimiter. */
  length: number | null;
}

export const tags = {
  item: 0xfffe_e000,
  itemDelimiter: 0xfffe_e00d,
  sequenceDelimiter: 0xfffe_e0dd,
} as const;

const undefinedLength = 0xffff_ffff;
/** The first elements of a data set are short: character set, dates, UIDs. */
const maxFirstLength = 1024;
const shortVrs = 'AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US';
/** Their length takes four bytes, behind two that are reserved. */
const longVrs = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));
const allVrs = new Set([...shortVrs.split(' '), ...longVrs]);

/** Reads an element's header; null where fewer bytes are left than it takes. */
export function readHeader(view: DataView, at: number, { explicit, littleEndian }: Encoding): Header | null {
  if (at + 8 > view.byteLength) return null;
  const tag = view.getUint16(at, littleEndian) * 0x1_0000 + view.getUint16(at + 2, littleEndian);
  const vr = explicit && !isDelimiter(tag) ? vrAt(view, at + 4) : '';
  if (vr !== '' && !longVrs.has(vr)) return { tag, vr, value: at + 8, length: view.getUint16(at + 6, littleEndian) };
  // Items and delimiters have no VR in any encoding; nor, in files of some writers, have elements of an unknown one.
  const lengthAt = vr === '' ? at + 4 : at + 8;
  if (lengthAt + 4 > view.byteLength) return null;
  const length = view.getUint32(lengthAt, littleEndian);
  return { tag, vr, value: lengthAt + 4, length: length === undefinedLength ? null : length };
}

/** What the first element shows; file meta information and transfer syntax may be missing, or say something else. */
export function guessEncoding(view: DataView, at: number, stated: Encoding): Encoding {
  if (at + 8 > view.byteLength) return stated;
  const [low, high] = [view.getUint8(at), view.getUint8(at + 1)];
  // Data sets begin with a group of a small number.
  const littleEndian = low === 0 || high === 0 ? low !== 0 : stated.littleEndian;
  return { explicit: vrAt(view, at + 4) !== '', littleEndian };
}

/**
 * Whether the bytes begin as a DICOM file does: with a preamble and DICM (PS3.10, chapter 7), or, as old software writes it,
 * with the first elements of the file meta information or the data set.
 */
export function isDicom(head: Uint8Array): boolean {
  if (head.length >= 132 && String.fromCharCode(...head.subarray(128, 132)) === 'DICM') return true;
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const encoding = guessEncoding(view, 0, explicitLittleEndian);
  let [at, last] = [0, 0];
  for (let element = 0; element < 3; element++) {
    const header = readHeader(view, at, encoding);
    if (!header || header.tag <= last) return false;
    const group = header.tag >>> 16;
    if (element === 0 ? group !== 2 && group !== 8 : group > 0x28) return false;
    if (header.length === null) return element > 0;
    if (element < 2 && header.length > maxFirstLength) return false;
    [at, last] = [header.value + header.length, header.tag];
  }
  return true;
}

function isDelimiter(tag: number): boolean {
  return tag >>> 16 === 0xfffe;
}

function vrAt(view: DataView, at: number): string {
  const vr = String.fromCharCode(view.getUint8(at), view.getUint8(at + 1));
  return allVrs.has(vr) ? vr : '';
}
