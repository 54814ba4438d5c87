/**
 * Corners by the segment test (E. Rosten & T. Drummond, Machine learning for high-speed corner detection, 2006), as OpenCV's `FAST` of type 9_16
 * with suppression: a ring of 16 pixels around a corner has an arc of 9 that are all brighter, or all darker, by more than the threshold.
 * A corner's score is the greatest threshold at which it still is one. Sixteen pixels are tested at a time.
 */
import { max, min } from './rows';

/** Three rows of scores with 16 bytes to spare at either side. */
export function fastScratch(width: i32): i32 {
  return 3 * rowBytes(width);
}

/**
 * Writes the corners at least `edge` pixels from the border that have a greater score than their eight neighbors, row by row: 8 bytes each,
 * x and y of 16 bits, and the score as a 32-bit float. Gives their number. The image is larger than 2 · `edge` in both directions, and `edge` is 12 or more.
 */
export function fastCorners(
  src: usize,
  width: i32,
  height: i32,
  threshold: i32,
  edge: i32,
  list: usize,
  scratch: usize,
): i32 {
  const bytes = rowBytes(width);
  memory.fill(scratch, 0, 3 * bytes);
  let above = scratch + 16;
  let here = above + bytes;
  let below = here + bytes;
  const bottom = height - edge;
  scoreRow(src + (edge - 1) * width, width, threshold, edge, above);
  let isHere = scoreRow(src + edge * width, width, threshold, edge, here);
  let end = list;
  for (let y = edge; y < bottom; y++) {
    const isBelow = scoreRow(src + (y + 1) * width, width, threshold, edge, below);
    if (isHere) end = peaks(above, here, below, width, edge, y, end);
    const free = above;
    above = here;
    here = below;
    below = free;
    isHere = isBelow;
  }
  return <i32>((end - list) >> 3);
}

function rowBytes(width: i32): i32 {
  return (width + 47) & ~15;
}

/** The scores of a row, from one pixel before `edge` to one after; whether there is any. */
function scoreRow(row: usize, width: i32, threshold: i32, edge: i32, scores: usize): bool {
  const limit = i8x16.splat(<i8>threshold);
  const last = width - edge + 1 - 16;
  let any = i8x16.splat(0);
  let x = edge - 1 < last ? edge - 1 : last;
  while (true) {
    const score = scoreOf(row + x, width, limit);
    any = v128.or(any, score);
    v128.store(scores + x, score);
    if (x === last) return v128.any_true(any);
    x += 16;
    if (x > last) x = last;
  }
}

function scoreOf(at: usize, width: i32, limit: v128): v128 {
  const center = v128.load(at);
  const p0 = v128.load(at + 3 * width);
  const p4 = v128.load(at + 3);
  const p8 = v128.load(at - 3 * width);
  const p12 = v128.load(at - 3);
  // An arc of 9 holds a pixel of each of two opposite pairs.
  const dark = min(max(below(p0, center), below(p8, center)), max(below(p4, center), below(p12, center)));
  const bright = min(max(below(center, p0), below(center, p8)), max(below(center, p4), below(center, p12)));
  if (!v128.any_true(below(limit, max(dark, bright)))) return i8x16.splat(0);
  const p1 = v128.load(at + 3 * width + 1);
  const p2 = v128.load(at + 2 * width + 2);
  const p3 = v128.load(at + width + 3);
  const p5 = v128.load(at - width + 3);
  const p6 = v128.load(at - 2 * width + 2);
  const p7 = v128.load(at - 3 * width + 1);
  const p9 = v128.load(at - 3 * width - 1);
  const p10 = v128.load(at - 2 * width - 2);
  const p11 = v128.load(at - width - 3);
  const p13 = v128.load(at + width - 3);
  const p14 = v128.load(at + 2 * width - 2);
  const p15 = v128.load(at + 3 * width - 1);
  // The least of an arc of brightness differs from the center as the least of its differences does.
  const darkest = below(least(p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15), center);
  const brightest = below(center, greatest(p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15));
  const score = max(darkest, brightest);
  const isCorner = i8x16.ne(below(limit, score), i8x16.splat(0));
  return v128.and(i8x16.sub(score, i8x16.splat(1)), isCorner);
}

/** How far `a` is below `b`; 0 where it is not. */
function below(a: v128, b: v128): v128 {
  return i8x16.sub_sat_u(b, a);
}

/** Over all arcs of 9 of the ring, the least of their greatest. */
function least(
  p0: v128,
  p1: v128,
  p2: v128,
  p3: v128,
  p4: v128,
  p5: v128,
  p6: v128,
  p7: v128,
  p8: v128,
  p9: v128,
  p10: v128,
  p11: v128,
  p12: v128,
  p13: v128,
  p14: v128,
  p15: v128,
): v128 {
  // Of 2, 4 and 8 neighbors that begin at each odd place; an arc is one of these and either the pixel before it or the one after.
  const a1 = max(p1, p2),
    a3 = max(p3, p4),
    a5 = max(p5, p6),
    a7 = max(p7, p8);
  const a9 = max(p9, p10),
    a11 = max(p11, p12),
    a13 = max(p13, p14),
    a15 = max(p15, p0);
  const b1 = max(a1, a3),
    b3 = max(a3, a5),
    b5 = max(a5, a7),
    b7 = max(a7, a9);
  const b9 = max(a9, a11),
    b11 = max(a11, a13),
    b13 = max(a13, a15),
    b15 = max(a15, a1);
  const c1 = max(max(b1, b5), min(p0, p9));
  const c3 = max(max(b3, b7), min(p2, p11));
  const c5 = max(max(b5, b9), min(p4, p13));
  const c7 = max(max(b7, b11), min(p6, p15));
  const c9 = max(max(b9, b13), min(p8, p1));
  const c11 = max(max(b11, b15), min(p10, p3));
  const c13 = max(max(b13, b1), min(p12, p5));
  const c15 = max(max(b15, b3), min(p14, p7));
  return min(min(min(c1, c3), min(c5, c7)), min(min(c9, c11), min(c13, c15)));
}

/** And the greatest of their least. */
function greatest(
  p0: v128,
  p1: v128,
  p2: v128,
  p3: v128,
  p4: v128,
  p5: v128,
  p6: v128,
  p7: v128,
  p8: v128,
  p9: v128,
  p10: v128,
  p11: v128,
  p12: v128,
  p13: v128,
  p14: v128,
  p15: v128,
): v128 {
  const a1 = min(p1, p2),
    a3 = min(p3, p4),
    a5 = min(p5, p6),
    a7 = min(p7, p8);
  const a9 = min(p9, p10),
    a11 = min(p11, p12),
    a13 = min(p13, p14),
    a15 = min(p15, p0);
  const b1 = min(a1, a3),
    b3 = min(a3, a5),
    b5 = min(a5, a7),
    b7 = min(a7, a9);
  const b9 = min(a9, a11),
    b11 = min(a11, a13),
    b13 = min(a13, a15),
    b15 = min(a15, a1);
  const c1 = min(min(b1, b5), max(p0, p9));
  const c3 = min(min(b3, b7), max(p2, p11));
  const c5 = min(min(b5, b9), max(p4, p13));
  const c7 = min(min(b7, b11), max(p6, p15));
  const c9 = min(min(b9, b13), max(p8, p1));
  const c11 = min(min(b11, b15), max(p10, p3));
  const c13 = min(min(b13, b1), max(p12, p5));
  const c15 = min(min(b15, b3), max(p14, p7));
  return max(max(max(c1, c3), max(c5, c7)), max(max(c9, c11), max(c13, c15)));
}

/** Writes the corners of a row that have no neighbor of at least their score; gives where the list ends. */
function peaks(above: usize, here: usize, below: usize, width: i32, edge: i32, y: i32, list: usize): usize {
  const right = width - edge;
  let end = list;
  for (let x = edge; x < right; x += 16) {
    const scores = v128.load(here + x);
    if (!v128.any_true(scores)) continue;
    const sides = max(v128.load(here + x - 1), v128.load(here + x + 1));
    const around = max(max(sides, rowMax(above + x)), rowMax(below + x));
    let bits = i8x16.bitmask(i8x16.gt_u(scores, around));
    while (bits !== 0) {
      const at = x + ctz(bits);
      if (at >= right) break;
      store<u16>(end, <u16>at);
      store<u16>(end + 2, <u16>y);
      store<f32>(end + 4, <f32>load<u8>(here + at));
      end += 8;
      bits &= bits - 1;
    }
  }
  return end;
}

function rowMax(at: usize): v128 {
  return max(max(v128.load(at - 1), v128.load(at + 1)), v128.load(at));
}
