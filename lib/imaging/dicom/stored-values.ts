import type { DataSet } from './data-set.ts';

export type Words = Uint8Array | Uint16Array | Uint32Array | Float32Array | Float64Array;

/** Samples as the file has them, one behind the other. */
export interface Samples {
  words: Words;
  /** Bits of a sample that count, from `lowBit` on. */
  bitsStored: number;
  lowBit: number;
  signed: boolean;
}

/** Views little-endian bytes as words; copies where they lie across word boundaries. */
export function wordsOf(bytes: Uint8Array, bits: 8 | 16 | 32): Words {
  const types: Record<
    8 | 16 | 32,
    { new (buffer: ArrayBuffer, at: number, length: number): Words; BYTES_PER_ELEMENT: number }
  > = { 8: Uint8Array, 16: Uint16Array, 32: Uint32Array };
  const type = types[bits];
  const size = type.BYTES_PER_ELEMENT;
  const aligned = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
  return new type(aligned.buffer as ArrayBuffer, aligned.byteOffset, Math.floor(aligned.length / size));
}

/** How BitsStored, HighBit and PixelRepresentation say that samples of `bits` bits are to be read; what cannot be is as usual. */
export function storedBits(dataSet: DataSet, bits: number): Omit<Samples, 'words'> {
  const stored = dataSet.number('BitsStored') ?? bits;
  const bitsStored = stored >= 1 && stored <= bits ? stored : bits;
  const highBit = dataSet.number('HighBit') ?? bitsStored - 1;
  const lowBit = highBit >= bitsStored - 1 && highBit < bits ? highBit - bitsStored + 1 : 0;
  return { bitsStored, lowBit, signed: dataSet.number('PixelRepresentation') === 1 };
}

/** The value of an integer word: without bits that do not belong to it, and with its sign. */
export function valueReader({ bitsStored, lowBit, signed }: Samples): (word: number) => number {
  const [up, down] = [32 - bitsStored - lowBit, 32 - bitsStored];
  return signed ? (word) => (word << up) >> down : (word) => (word << up) >>> down;
}
