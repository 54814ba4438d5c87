import { type Attribute, attributes, isLandmark, wanted } from './attributes.ts';
import { type Encoding, type Header, implicitLittleEndian, readHeader, tags } from './encoding.ts';

/** A value as it lies in the file. */
export interface Element {
  vr: string;
  /** Of a sequence, its items, and the delimiter where there is one. */
  value: Uint8Array;
  /** Whether it is made of items, which end with a delimiter. */
  inItems: boolean;
  /** Whether the file ends before the value does. */
  truncated: boolean;
}

/** What is deeper nested is damage. */
const maxDepth = 32;
/** Of a value, however long it is, this much is looked at. */
const maxValues = 3;
const maxTextBytes = 1024;

class BrokenElement extends Error {
  readonly at: number;

  constructor(at: number) {
    super(`Broken element at byte ${at}`);
    this.at = at;
  }
}

/**
 * The elements of a data set that a picture needs; all others are passed over unread. Where the file is damaged in
 * between, reading goes on with the next needed element that is intact. Values are views of the file.
 */
export class DataSet {
  readonly encoding: Encoding;
  readonly #elements = new Map<number, Element>();

  constructor(bytes: Uint8Array, encoding: Encoding) {
    this.encoding = encoding;
    const view = viewOf(bytes);
    let [at, last] = [0, 0];
    const take = (header: Header, end: number) => {
      last = header.tag;
      if (wanted.has(header.tag)) this.#elements.set(header.tag, elementOf(bytes, header, end));
    };
    while (at < bytes.length) {
      try {
        at = walk(view, at, encoding, 0, take);
      } catch (error) {
        if (!(error instanceof BrokenElement)) throw error;
        at = nextLandmark(view, error.at, encoding, last);
      }
    }
  }

  element(name: Attribute): Element | undefined {
    return this.#elements.get(attributes[name][0]);
  }

  /** The first value as text. */
  text(name: Attribute): string | undefined {
    return this.#texts(name)[0] || undefined;
  }

  /** The first value as a number; undefined where there is none. */
  number(name: Attribute): number | undefined {
    const [number] = this.numbers(name);
    return number !== undefined && Number.isFinite(number) ? number : undefined;
  }

  /** At most three: no attribute that is wanted here has more that matter. */
  numbers(name: Attribute): number[] {
    const element = this.element(name);
    if (!element) return [];
    const { value, vr } = element;
    // Of an unknown VR are what a system on the way did not know.
    const reader = binaryReaders[vr === '' || vr === 'UN' ? attributes[name][1] : vr];
    // Decimal commas are no DICOM, and common.
    if (!reader) return this.#texts(name).map((text) => (text === '' ? Number.NaN : Number(text.replace(',', '.'))));
    const view = viewOf(value);
    const { littleEndian } = this.encoding;
    const count = Math.min(maxValues, Math.floor(value.length / reader.bytes));
    return Array.from({ length: count }, (_, i) => reader.read(view, i * reader.bytes, littleEndian));
  }

  /** Item `index` of a sequence, counted from 0. */
  item(name: Attribute, index = 0): DataSet | undefined {
    const element = this.element(name);
    if (!element) return undefined;
    const encoding = element.vr === 'UN' ? implicitLittleEndian : this.encoding;
    const view = viewOf(element.value);
    let at = 0;
    for (let i = 0; ; i++) {
      const header = readHeader(view, at, encoding);
      if (header?.tag !== tags.item) return undefined;
      const end = attemptEnd(view, header, encoding);
      if (end === null) return undefined;
      if (i === index) return new DataSet(element.value.subarray(header.value, end), encoding);
      at = end;
    }
  }

  #texts(name: Attribute): string[] {
    const value = this.element(name)?.value.subarray(0, maxTextBytes) ?? new Uint8Array();
    return textOf(value)
      .split('\\')
      .map((text) => text.trim());
  }
}

const binaryReaders: Record<string, { bytes: number; read(view: DataView, at: number, little: boolean): number }> = {
  US: { bytes: 2, read: (view, at, little) => view.getUint16(at, little) },
  SS: { bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  UL: { bytes: 4, read: (view, at, little) => view.getUint32(at, little) },
  SL: { bytes: 4, read: (view, at, little) => view.getInt32(at, little) },
  FL: { bytes: 4, read: (view, at, little) => view.getFloat32(at, little) },
  FD: { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) },
};

/** ASCII text without what it is padded with. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes).replaceAll('\0', '').trim();
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

function elementOf(bytes: Uint8Array, { vr, value, length }: Header, end: number): Element {
  return { vr, value: bytes.subarray(value, end), inItems: length === null, truncated: end > bytes.length };
}

/**
 * Passes over elements from `at` on, to the end of the bytes or of the item that they are in, and gives where that is.
 * Throws a `BrokenElement` where there is no element.
 */
function walk(
  view: DataView,
  start: number,
  encoding: Encoding,
  depth: number,
  visit?: (header: Header, end: number) => void,
): number {
  let at = start;
  while (at < view.byteLength) {
    const header = readHeader(view, at, encoding);
    if (!header) throw new BrokenElement(at);
    const delimiter = header.tag === tags.itemDelimiter || header.tag === tags.sequenceDelimiter;
    if (delimiter && depth > 0) return header.tag === tags.itemDelimiter ? header.value : at;
    at = delimiter ? header.value : endOf(view, at, header, encoding, depth);
    if (!delimiter) visit?.(header, at);
  }
  return at;
}

function endOf(view: DataView, at: number, header: Header, encoding: Encoding, depth: number): number {
  const { tag, vr, value, length } = header;
  const pixels = tag === attributes.PixelData[0] && depth === 0;
  if (length !== null) {
    // Pixels that end early are told as such.
    if (value + length > view.byteLength && !pixels) throw new BrokenElement(at);
    return value + length;
  }
  try {
    return endOfSequence(view, value, vr === 'UN' ? implicitLittleEndian : encoding, depth + 1);
  } catch (error) {
    if (pixels && error instanceof BrokenElement) return view.byteLength;
    throw error;
  }
}

/** The end of a sequence whose length is not given. */
function endOfSequence(view: DataView, start: number, encoding: Encoding, depth: number): number {
  if (depth > maxDepth) throw new BrokenElement(start);
  let at = start;
  while (at < view.byteLength) {
    const header = readHeader(view, at, encoding);
    if (!header) throw new BrokenElement(at);
    if (header.tag === tags.sequenceDelimiter) return header.value;
    // Some writers leave out the delimiter.
    if (header.tag !== tags.item) return at;
    at = header.length === null ? walk(view, header.value, encoding, depth) : header.value + header.length;
    if (at > view.byteLength) throw new BrokenElement(header.value);
  }
  return at;
}

function attemptEnd(view: DataView, { value, length }: Header, encoding: Encoding): number | null {
  if (length !== null) return value + length;
  try {
    return walk(view, value, encoding, 1);
  } catch (error) {
    if (error instanceof BrokenElement) return null;
    throw error;
  }
}

/** Where, from `start` on, an element lies that the picture needs and that can follow tag `last`; else the end. */
function nextLandmark(view: DataView, start: number, encoding: Encoding, last: number): number {
  const groupAt = encoding.littleEndian ? 0 : 1;
  for (let at = start + 1; at + 8 <= view.byteLength; at++) {
    const low = view.getUint8(at + groupAt);
    if (low !== 0x28 && low !== 0xe0) continue;
    const header = readHeader(view, at, encoding);
    if (header && header.tag > last && isLandmark(header.tag, header.vr, header.length)) return at;
  }
  return view.byteLength;
}
