import { corrupt } from './problems.ts';

/**
 * Decodes RLE (PS3.5, annex G): one PackBits segment for each byte of each sample, most significant first. Gives the
 * samples little-endian and interleaved.
 */
export function decodeRle(encoded: Uint8Array, pixels: number, samples: number, bytesPerSample: number): Uint8Array {
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.length);
  const stride = samples * bytesPerSample;
  if (encoded.length < 64 || view.getUint32(0, true) !== stride) {
    throw corrupt(`its RLE frame has not ${stride} segments`);
  }
  const decoded = new Uint8Array(pixels * stride);
  for (let segment = 0; segment < stride; segment++) {
    const start = view.getUint32(4 + 4 * segment, true);
    const end = segment + 1 < stride ? view.getUint32(8 + 4 * segment, true) : encoded.length;
    const sample = Math.floor(segment / bytesPerSample);
    const byte = bytesPerSample - 1 - (segment % bytesPerSample);
    unpackBits(encoded.subarray(start, end), decoded, sample * bytesPerSample + byte, stride);
  }
  return decoded;
}

/** Fills every `stride`-th byte of `target`, from `at` on. */
function unpackBits(packed: Uint8Array, target: Uint8Array, at: number, stride: number): void {
  let [from, to] = [0, at];
  while (to < target.length) {
    if (from >= packed.length) throw corrupt('its pixel data end early');
    const control = packed[from++];
    if (control < 128) {
      for (const end = Math.min(packed.length, from + control + 1); from < end && to < target.length; to += stride) {
        target[to] = packed[from++];
      }
    } else if (control > 128) {
      const value = packed[from++];
      for (let left = 257 - control; left > 0 && to < target.length; left--, to += stride) target[to] = value;
    }
  }
}
