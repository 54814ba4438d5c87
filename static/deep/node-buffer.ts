/** As much of Node's Buffer as the decoders of the service use. */

type Swapped = Uint8Array<ArrayBuffer> & { swap16(): Swapped; swap32(): Swapped; swap64(): Swapped };

function withSwaps(bytes: Uint8Array<ArrayBuffer>): Swapped {
  const swap = (size: number) => () => {
    for (let at = 0; at + size <= bytes.length; at += size) bytes.subarray(at, at + size).reverse();
    return bytes as Swapped;
  };
  return Object.assign(bytes, { swap16: swap(2), swap32: swap(4), swap64: swap(8) });
}

const NodeBuffer = {
  /** A view of a buffer, or a copy of bytes. */
  from(source: ArrayBuffer | Uint8Array, offset = 0, length?: number): Swapped {
    return withSwaps(source instanceof ArrayBuffer ? new Uint8Array(source, offset, length) : Uint8Array.from(source));
  },
  allocUnsafeSlow(size: number): Swapped {
    return withSwaps(new Uint8Array(size));
  },
  concat(parts: readonly Uint8Array[]): Swapped {
    const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return withSwaps(whole);
  },
};

Object.assign(globalThis, { Buffer: NodeBuffer });
