type Samples = Uint8Array | Uint16Array;

/**
 * Morphological reconstruction by dilation: `marker` grown under `mask` until nothing changes (L. Vincent, Morphological grayscale
 * reconstruction in image analysis, 1993, the hybrid algorithm: two scans, then a queue of the pixels that can still grow). Where the
 * marker is above the mask, it is lowered to it first. About O(pixels).
 */
export function reconstruct<T extends Samples>(marker: T, mask: T, rows: number, cols: number, connectivity: 4 | 8): T {
  // A frame of zeros, where nothing grows, saves all questions for the border.
  const stride = cols + 2;
  const limit = framed(mask, rows, cols);
  const grown = framed(marker, rows, cols);
  for (let i = 0; i < grown.length; i++) if (grown[i] > limit[i]) grown[i] = limit[i];
  const before = connectivity === 8 ? [-stride - 1, -stride, -stride + 1, -1] : [-stride, -1];
  const after = before.map((step) => -step);
  const around = [...before, ...after];
  const [first, last] = [stride + 1, grown.length - stride - 2];
  const raise = (i: number, steps: number[]) => {
    let value = grown[i];
    for (const step of steps) if (grown[i + step] > value) value = grown[i + step];
    grown[i] = Math.min(value, limit[i]);
  };
  const queue: number[] = [];
  for (let i = first; i <= last; i++) raise(i, before);
  for (let i = last; i >= first; i--) {
    raise(i, after);
    if (after.some((step) => grown[i + step] < grown[i] && grown[i + step] < limit[i + step])) queue.push(i);
  }
  for (let head = 0; head < queue.length; head++) {
    const i = queue[head];
    for (const step of around) {
      const n = i + step;
      if (grown[n] >= grown[i] || grown[n] >= limit[n]) continue;
      grown[n] = Math.min(grown[i], limit[n]);
      queue.push(n);
    }
  }
  const result = marker.slice() as T;
  for (let y = 0; y < rows; y++)
    result.set(grown.subarray((y + 1) * stride + 1, (y + 1) * stride + 1 + cols), y * cols);
  return result;
}

function framed<T extends Samples>(samples: T, rows: number, cols: number): T {
  const stride = cols + 2;
  const length = (rows + 2) * stride;
  const result = (samples.BYTES_PER_ELEMENT === 2 ? new Uint16Array(length) : new Uint8Array(length)) as T;
  for (let y = 0; y < rows; y++) result.set(samples.subarray(y * cols, (y + 1) * cols), (y + 1) * stride + 1);
  return result;
}
