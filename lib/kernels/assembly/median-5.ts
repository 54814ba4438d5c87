/**
 * Median of 5 × 5 samples of 8 bits, borders replicated, as OpenCV's `medianBlur`. Columns are sorted once and shared by the five windows that
 * they lie in. The network behind it is one that sorts the rows and then the 13 samples that can be the median still (K. Batcher, "Sorting networks and
 * their applications", 1968), without the steps that a median of sorted columns does not need: each was left out in turn and the rest
 * tried on all 7,776 columns of zeros and ones (the principle is in D. Knuth, The Art of Computer Programming 3, 5.3.4).
 */
import { finishRow, max, min, pad } from './rows';

/** `scratch` takes five rows of `(width + 4) * channels` bytes. A row has 16 bytes or more; `dst` is not `src`. */
export function median5(src: usize, dst: usize, width: i32, height: i32, channels: i32, scratch: usize): void {
  const length = width * channels;
  const padded = length + 4 * channels;
  const rowA = scratch + 2 * channels;
  const rowB = rowA + padded;
  const rowC = rowB + padded;
  const rowD = rowC + padded;
  const rowE = rowD + padded;
  const last = height - 1;
  for (let y = 0; y < height; y++) {
    const first = src + max32(y - 2) * length;
    const second = src + max32(y - 1) * length;
    const third = src + y * length;
    const fourth = src + (y + 1 < last ? y + 1 : last) * length;
    const fifth = src + (y + 2 < last ? y + 2 : last) * length;
    for (let x = 0; x < length; x = finishRow(x, length)) {
      let a = v128.load(first + x);
      let b = v128.load(second + x);
      let c = v128.load(third + x);
      let d = v128.load(fourth + x);
      let e = v128.load(fifth + x);
      let lesser: v128;
      lesser = min(a, d);
      d = max(a, d);
      a = lesser;
      lesser = min(b, e);
      e = max(b, e);
      b = lesser;
      lesser = min(a, c);
      c = max(a, c);
      a = lesser;
      lesser = min(b, d);
      d = max(b, d);
      b = lesser;
      lesser = min(a, b);
      b = max(a, b);
      a = lesser;
      lesser = min(c, e);
      e = max(c, e);
      c = lesser;
      lesser = min(b, c);
      c = max(b, c);
      b = lesser;
      lesser = min(d, e);
      e = max(d, e);
      d = lesser;
      lesser = min(c, d);
      d = max(c, d);
      c = lesser;
      v128.store(rowA + x, a);
      v128.store(rowB + x, b);
      v128.store(rowC + x, c);
      v128.store(rowD + x, d);
      v128.store(rowE + x, e);
    }
    pad(rowA, length, channels, 2 * channels);
    pad(rowB, length, channels, 2 * channels);
    pad(rowC, length, channels, 2 * channels);
    pad(rowD, length, channels, 2 * channels);
    pad(rowE, length, channels, 2 * channels);
    const out = dst + y * length;
    for (let x = 0; x < length; x = finishRow(x, length)) {
      v128.store(out + x, median(rowA + x, rowB + x, rowC + x, rowD + x, rowE + x, channels));
    }
  }
}

/** Zero instead of what is below it. */
function max32(value: i32): i32 {
  return value > 0 ? value : 0;
}

/** Of five sorted columns, the addresses of whose middle ones are given from the least up. */
function median(a: usize, b: usize, c: usize, d: usize, e: usize, channels: i32): v128 {
  let a0 = v128.load(a - 2 * channels);
  let a1 = v128.load(a - channels);
  let a2 = v128.load(a);
  let a3 = v128.load(a + channels);
  let a4 = v128.load(a + 2 * channels);
  let b0 = v128.load(b - 2 * channels);
  let b1 = v128.load(b - channels);
  let b2 = v128.load(b);
  let b3 = v128.load(b + channels);
  let b4 = v128.load(b + 2 * channels);
  let c0 = v128.load(c - 2 * channels);
  let c1 = v128.load(c - channels);
  let c2 = v128.load(c);
  let c3 = v128.load(c + channels);
  let c4 = v128.load(c + 2 * channels);
  let d0 = v128.load(d - 2 * channels);
  let d1 = v128.load(d - channels);
  let d2 = v128.load(d);
  let d3 = v128.load(d + channels);
  let d4 = v128.load(d + 2 * channels);
  let e0 = v128.load(e - 2 * channels);
  let e1 = v128.load(e - channels);
  let e2 = v128.load(e);
  let e3 = v128.load(e + channels);
  let e4 = v128.load(e + 2 * channels);
  let lesser: v128;
  lesser = min(a0, a3);
  a3 = max(a0, a3);
  a0 = lesser;
  a2 = max(a0, a2);
  lesser = min(a1, a3);
  a3 = max(a1, a3);
  a1 = lesser;
  lesser = min(a2, a4);
  a4 = max(a2, a4);
  a2 = lesser;
  a2 = max(a1, a2);
  lesser = min(a3, a4);
  a4 = max(a3, a4);
  a3 = lesser;
  a3 = max(a2, a3);
  lesser = min(b0, b3);
  b3 = max(b0, b3);
  b0 = lesser;
  lesser = min(b1, b4);
  b4 = max(b1, b4);
  b1 = lesser;
  lesser = min(b1, b3);
  b3 = max(b1, b3);
  b1 = lesser;
  b1 = max(b0, b1);
  lesser = min(b2, b4);
  b4 = max(b2, b4);
  b2 = lesser;
  b2 = max(b1, b2);
  lesser = min(b3, b4);
  b4 = max(b3, b4);
  b3 = lesser;
  lesser = min(b2, b3);
  b3 = max(b2, b3);
  b2 = lesser;
  lesser = min(c0, c3);
  c3 = max(c0, c3);
  c0 = lesser;
  lesser = min(c1, c4);
  c4 = max(c1, c4);
  c1 = lesser;
  lesser = min(c0, c2);
  c2 = max(c0, c2);
  c0 = lesser;
  lesser = min(c1, c3);
  c3 = max(c1, c3);
  c1 = lesser;
  c1 = max(c0, c1);
  lesser = min(c2, c4);
  c4 = max(c2, c4);
  c2 = lesser;
  lesser = min(c1, c2);
  c2 = max(c1, c2);
  c1 = lesser;
  c3 = min(c3, c4);
  lesser = min(c2, c3);
  c3 = max(c2, c3);
  c2 = lesser;
  lesser = min(d0, d3);
  d3 = max(d0, d3);
  d0 = lesser;
  lesser = min(d1, d4);
  d4 = max(d1, d4);
  d1 = lesser;
  lesser = min(d0, d2);
  d2 = max(d0, d2);
  d0 = lesser;
  lesser = min(d1, d3);
  d3 = max(d1, d3);
  d1 = lesser;
  lesser = min(d0, d1);
  d1 = max(d0, d1);
  d0 = lesser;
  d2 = min(d2, d4);
  lesser = min(d1, d2);
  d2 = max(d1, d2);
  d1 = lesser;
  d2 = min(d2, d3);
  lesser = min(e0, e3);
  e3 = max(e0, e3);
  e0 = lesser;
  lesser = min(e1, e4);
  e4 = max(e1, e4);
  e1 = lesser;
  e1 = min(e1, e3);
  lesser = min(e0, e1);
  e1 = max(e0, e1);
  e0 = lesser;
  e2 = min(e2, e4);
  e1 = min(e1, e2);
  b2 = max(a3, b2);
  d0 = max(c1, d0);
  lesser = min(a4, b3);
  b3 = max(a4, b3);
  a4 = lesser;
  lesser = min(c2, d1);
  d1 = max(c2, d1);
  c2 = lesser;
  lesser = min(e0, b4);
  b4 = max(e0, b4);
  e0 = lesser;
  c3 = min(c3, d2);
  d0 = max(b2, d0);
  c2 = max(a4, c2);
  b3 = min(b3, d1);
  lesser = min(e0, c3);
  c3 = max(e0, c3);
  e0 = lesser;
  lesser = min(b3, c2);
  c2 = max(b3, c2);
  b3 = lesser;
  lesser = min(e0, e1);
  e1 = max(e0, e1);
  e0 = lesser;
  lesser = min(d0, b3);
  b3 = max(d0, b3);
  d0 = lesser;
  c3 = min(c3, e1);
  lesser = min(b3, c2);
  c2 = max(b3, c2);
  b3 = lesser;
  b4 = min(b4, c3);
  b3 = min(b3, b4);
  b3 = max(d0, b3);
  c2 = min(c2, e0);
  c2 = max(b3, c2);
  return c2;
}
