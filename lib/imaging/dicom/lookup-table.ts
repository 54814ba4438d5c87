import type { Attribute } from './attributes.ts';
import type { DataSet } from './data-set.ts';
import { corrupt } from './problems.ts';

/** A look-up table (PS3.3 C.11.1.1, C.7.6.3.1.5): values below the first and above the last are seen as these. */
export interface LookupTable {
  entries: Uint16Array;
  /** The value that the first entry is for. */
  first: number;
  /** Bits of an entry. */
  bits: number;
}

/** Reads a table from its descriptor and its data; undefined where either is not there. */
export function readLookupTable(
  dataSet: DataSet | undefined,
  descriptorName: Attribute,
  dataName: Attribute,
  signed: boolean,
): LookupTable | undefined {
  const [count, first, bits] = dataSet?.numbers(descriptorName).map((number) => number & 0xffff) ?? [];
  const data = dataSet?.element(dataName);
  if (!dataSet || !data || bits === undefined) return undefined;
  // 0 stands for the number that 16 bits do not hold.
  const length = count || 65_536;
  const bytes = data.value;
  // Entries of 8 bits lie in bytes or, by writers that keep to words, in words.
  const narrow = bytes.length < 2 * length;
  if (bytes.length < (narrow ? length : 2 * length)) throw corrupt(`${dataName} ends early`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const { littleEndian } = dataSet.encoding;
  const entries = Uint16Array.from({ length }, (_, i) => (narrow ? bytes[i] : view.getUint16(2 * i, littleEndian)));
  return { entries, first: signed ? (first << 16) >> 16 : first, bits: bitsOf(entries, bits, narrow) };
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
