import type { Attribute } from './attributes.ts';
import { type DataSet, viewOf } from './data-set.ts';
import { corrupt } from './problems.ts';

/** A look-up table (PS3.3 C.11.1.1, C.7.6.3.1.5): values below the first and above the last are seen as these. */
export interface LookupTable {
  entries: Uint16Array;
  /** The value that the first entry is for. */
  first: number;
  /** Bits of an entry. */
  bits: number;
}

/** Reads a table from its descriptor and its data; undefined where either is not there. `segmented` data are expanded. */
export function readLookupTable(
  dataSet: DataSet | undefined,
  descriptorName: Attribute,
  dataName: Attribute,
  signed: boolean,
  segmented = false,
): LookupTable | undefined {
  const [count, first, bits] = dataSet?.numbers(descriptorName).map((number) => number & 0xffff) ?? [];
  const data = dataSet?.element(dataName);
  if (!dataSet || !data || bits === undefined) return undefined;
  // 0 stands for the number that 16 bits do not hold.
  const length = count || 65_536;
  // Entries of 8 bits lie in bytes or, by writers that keep to words, in words.
  const narrow = segmented ? bits <= 8 : data.value.length < 2 * length;
  const words = narrow ? data.value : wordsIn(data.value, dataSet.encoding.littleEndian);
  if (!segmented && words.length < length) throw corrupt(`${dataName} ends early`);
  const entries = segmented ? expandSegments(words, length, dataName) : Uint16Array.from(words.subarray(0, length));
  return { entries, first: signed ? (first << 16) >> 16 : first, bits: bitsOf(entries, bits, narrow) };
}

function wordsIn(bytes: Uint8Array, littleEndian: boolean): Uint16Array {
  const view = viewOf(bytes);
  return Uint16Array.from({ length: Math.floor(bytes.length / 2) }, (_, i) => view.getUint16(2 * i, littleEndian));
}

/** More than a table has entries are damage. */
const maxSegments = 65_536;
const discrete = 0;
const linear = 1;
const indirect = 2;

/** Expands a segmented table (PS3.3 C.7.9.2): values, straight lines from the last value on, and segments once more. */
function expandSegments(words: Uint8Array | Uint16Array, length: number, name: string): Uint16Array {
  const entries = new Uint16Array(length);
  let [filled, total] = [0, 0];
  const fill = (start: number, segments: number, nested: boolean) => {
    let at = start;
    for (let segment = 0; segment < segments && filled < length && at + 2 < words.length; segment++) {
      if (++total > maxSegments) throw corrupt(`${name} has more than ${maxSegments} segments`);
      const [opcode, count] = [words[at], words[at + 1]];
      at += 2;
      const end = Math.min(length, filled + count);
      if (opcode === discrete) {
        for (; filled < end && at < words.length; at++) entries[filled++] = words[at];
      } else if (opcode === linear && filled > 0) {
        const [from, to] = [entries[filled - 1], words[at++]];
        for (let i = 1; filled < end; i++) entries[filled++] = Math.round(from + ((to - from) * i) / count);
      } else if (opcode === indirect && !nested) {
        fill(offsetAt(words, at) / words.BYTES_PER_ELEMENT, count, true);
        at += 4 / words.BYTES_PER_ELEMENT;
      } else {
        throw corrupt(`${name} has a segment of kind ${opcode} where none can be`);
      }
    }
  };
  fill(0, Number.POSITIVE_INFINITY, false);
  if (filled < length) throw corrupt(`${name} ends early`);
  return entries;
}

/** In bytes, from the least significant part on. */
function offsetAt(words: Uint8Array | Uint16Array, at: number): number {
  const parts = 4 / words.BYTES_PER_ELEMENT;
  const base = 256 ** words.BYTES_PER_ELEMENT;
  return Array.from({ length: parts }, (_, i) => (words[at + i] ?? 0) * base ** i).reduce((a, b) => a + b);
}

/** Some writers say 16 bits, and fill 8. */
function bitsOf(entries: Uint16Array, stated: number, narrow: boolean): number {
  const most = entries.reduce((a, b) => Math.max(a, b), 0);
  if (narrow || (stated > 8 && most < 256)) return 8;
  return stated >= 8 && stated <= 16 && most < 2 ** stated ? stated : 16;
}

export function lookUp({ entries, first }: LookupTable, value: number): number {
  return entries[Math.min(entries.length - 1, Math.max(0, value - first))];
}
