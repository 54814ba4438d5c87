/**
 * Greatest or least sample under an element whose rows are runs, as rectangles, ellipses and crosses have: OpenCV's `dilate` and `erode`. Windows
 * along a row grow by doubling (as in M. van Herk, "A fast algorithm for local minimum and maximum filters", 1992, a window costs the same whatever
 * its length); each row of the element then takes the windows of its length. What lies beyond the image does not count.
 */
import { max } from './rows';

/**
 * `element` has four 32-bit numbers for each of its `height` rows: where the run begins, in bytes of the padded row; the number of its length among
 * the `lengths`; two that are unused. An empty row has a length of -1. `lengths` are runs in pixels, ascending, `lengthCount` of them.
 * `left` and `right` are the columns of the element beside its anchor, `anchorRow` the row of the anchor. `isLeast`: 255 for the least, 0 for the
 * greatest. `scratch` takes `morphologyScratch` bytes. `dst` is not `src`.
 */
export function morphology(
  src: usize,
  dst: usize,
  width: i32,
  rows: i32,
  channels: i32,
  element: usize,
  height: i32,
  anchorRow: i32,
  lengths: usize,
  lengthCount: i32,
  left: i32,
  right: i32,
  isLeast: i32,
  scratch: usize,
): void {
  const length = width * channels;
  const step = stepOf(width, channels, left, right);
  const ringStep = step * lengthCount;
  const levels = scratch;
  const ring = scratch + 2 * step;
  const flip = i8x16.splat(<i8>isLeast);
  for (let next = 0; next < height - 1 - anchorRow && next < rows; next++)
    windows(
      src + next * length,
      ring + (next % height) * ringStep,
      length,
      channels,
      lengths,
      lengthCount,
      left,
      step,
      levels,
      flip,
    );
  for (let y = 0; y < rows; y++) {
    const next = y + height - 1 - anchorRow;
    if (next < rows)
      windows(
        src + next * length,
        ring + (next % height) * ringStep,
        length,
        channels,
        lengths,
        lengthCount,
        left,
        step,
        levels,
        flip,
      );
    combine(dst + y * length, length, y - anchorRow, rows, element, height, ring, ringStep, step, flip);
  }
}

export function morphologyScratch(
  width: i32,
  channels: i32,
  left: i32,
  right: i32,
  lengthCount: i32,
  height: i32,
): i32 {
  return stepOf(width, channels, left, right) * (lengthCount * height + 2);
}

function stepOf(width: i32, channels: i32, left: i32, right: i32): i32 {
  return ((width + left + right) * channels + 159) & ~15;
}

/** The greatest of each window of a row, for each length; samples are flipped where the least is wanted. */
function windows(
  src: usize,
  out: usize,
  length: i32,
  channels: i32,
  lengths: usize,
  lengthCount: i32,
  left: i32,
  step: i32,
  levels: usize,
  flip: v128,
): void {
  let level = levels;
  let spare = levels + step;
  memory.fill(level, 0, step);
  const start = level + left * channels;
  let x = 0;
  for (; x + 16 <= length; x += 16) v128.store(start + x, v128.xor(v128.load(src + x), flip));
  for (; x < length; x++) store<u8>(start + x, load<u8>(src + x) ^ <u8>i8x16.extract_lane_u(flip, 0));
  let reach = 1;
  for (let i = 0; i < lengthCount; i++) {
    const wanted = load<i32>(lengths + 4 * i);
    while (2 * reach <= wanted) {
      joined(level, spare, reach * channels, step);
      const other = level;
      level = spare;
      spare = other;
      reach *= 2;
    }
    joined(level, out + i * step, (wanted - reach) * channels, step);
  }
}

/** The greater of each sample and that `offset` bytes further on; beyond the end there are zeros. */
function joined(from: usize, to: usize, offset: i32, step: i32): void {
  let x = 0;
  for (; x + offset + 16 <= step; x += 16) v128.store(to + x, max(v128.load(from + x), v128.load(from + x + offset)));
  for (; x < step; x += 16) v128.store(to + x, v128.load(from + x));
}

/** A row of the result: the greatest of what the element's rows find; the first of them is row `top` of the image. */
function combine(
  dst: usize,
  length: i32,
  top: i32,
  rows: i32,
  element: usize,
  height: i32,
  ring: usize,
  ringStep: i32,
  step: i32,
  flip: v128,
): void {
  let x = 0;
  for (; x + 64 <= length; x += 64) {
    let a = i8x16.splat(0);
    let b = a;
    let c = a;
    let d = a;
    for (let k = 0; k < height; k++) {
      const at = found(element + 16 * k, top + k, rows, height, ring, ringStep, step);
      if (at === 0) continue;
      a = max(a, v128.load(at + x));
      b = max(b, v128.load(at + x + 16));
      c = max(c, v128.load(at + x + 32));
      d = max(d, v128.load(at + x + 48));
    }
    v128.store(dst + x, v128.xor(a, flip));
    v128.store(dst + x + 16, v128.xor(b, flip));
    v128.store(dst + x + 32, v128.xor(c, flip));
    v128.store(dst + x + 48, v128.xor(d, flip));
  }
  while (x < length) {
    // The last step overlaps the one before it; a row shorter than a step goes byte by byte.
    if (x + 16 > length && length >= 16) x = length - 16;
    let a = i8x16.splat(0);
    for (let k = 0; k < height; k++) {
      const at = found(element + 16 * k, top + k, rows, height, ring, ringStep, step);
      if (at !== 0) a = max(a, v128.load(at + x));
    }
    a = v128.xor(a, flip);
    if (length >= 16) {
      v128.store(dst + x, a);
      x += 16;
    } else {
      for (let i = 0; i < length; i++) {
        store<u8>(dst + i, i8x16.extract_lane_u(a, 0));
        a = v128.shuffle<i8>(a, a, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0);
      }
      x = length;
    }
  }
}

/** Where the windows of a row of the element begin; 0 where there are none. */
function found(row: usize, y: i32, rows: i32, height: i32, ring: usize, ringStep: i32, step: i32): usize {
  const length = load<i32>(row + 4);
  if (length < 0 || y < 0 || y >= rows) return 0;
  return ring + (y % height) * ringStep + length * step + load<i32>(row);
}
