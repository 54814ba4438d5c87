/**
 * First and second derivatives of 8-bit gray images over 3 × 3 pixels, straight to 8 bits: what OpenCV's `Sobel`, `Scharr` and `Laplacian` to
 * 32-bit floats give once `magnitude` and `convertScaleAbs` have passed over them. Borders are reflected without the outermost sample.
 */
import { narrow, rounded } from './float';
import { finishRow } from './rows';

/** Bytes of `scratch` for an image of this width: three padded rows. */
export function gradientScratch(width: i32): i32 {
  return 3 * stepOf(width);
}

function stepOf(width: i32): i32 {
  return (width + 63) & ~15;
}

/** A copy of row `y` with a pixel more at either side. */
function paddedRow(src: usize, y: i32, width: i32, scratch: usize): usize {
  const row = scratch + (y % 3) * stepOf(width) + 16;
  memory.copy(row, src + y * width, width);
  store<u8>(row - 1, load<u8>(row + 1));
  store<u8>(row + width, load<u8>(row + width - 2));
  return row;
}

/**
 * The derivative along x (`direction` 0) or y (1), or the length of the gradient (2), times `scale`, a power of two. `side` and `middle` are the weights of the
 * smoothing across: 1 and 2 for Sobel, 3 and 10 for Scharr. Width: 16 or more; height: 2 or more; `dst` is not `src`.
 */
export function gradient(
  src: usize,
  dst: usize,
  width: i32,
  height: i32,
  side: i32,
  middle: i32,
  direction: i32,
  scale: f32,
  scratch: usize,
): void {
  const outer = i16x8.splat(<i16>side);
  const inner = i16x8.splat(<i16>middle);
  const factor = f32x4.splat(scale);
  let above = paddedRow(src, 1, width, scratch);
  let row = paddedRow(src, 0, width, scratch);
  for (let y = 0; y < height; y++) {
    let below = above;
    if (y + 1 < height) below = y === 0 ? above : paddedRow(src, y + 1, width, scratch);
    const out = dst + y * width;
    for (let x = 0; x < width; x = finishRow(x, width)) {
      let first: v128;
      let second: v128;
      if (direction === 0) {
        first = i16x8.abs(along(above, row, below, x, outer, inner, false));
        second = i16x8.abs(along(above, row, below, x, outer, inner, true));
      } else if (direction === 1) {
        first = i16x8.abs(across(above, below, x, outer, inner, false));
        second = i16x8.abs(across(above, below, x, outer, inner, true));
      } else {
        const dx = along(above, row, below, x, outer, inner, false);
        const dy = across(above, below, x, outer, inner, false);
        const ex = along(above, row, below, x, outer, inner, true);
        const ey = across(above, below, x, outer, inner, true);
        v128.store(
          out + x,
          narrow(
            lengthLow(dx, dy, factor),
            lengthHigh(dx, dy, factor),
            lengthLow(ex, ey, factor),
            lengthHigh(ex, ey, factor),
          ),
        );
        continue;
      }
      v128.store(
        out + x,
        narrow(
          scaled(i32x4.extend_low_i16x8_s(first), factor),
          scaled(i32x4.extend_high_i16x8_s(first), factor),
          scaled(i32x4.extend_low_i16x8_s(second), factor),
          scaled(i32x4.extend_high_i16x8_s(second), factor),
        ),
      );
    }
    above = row;
    row = below;
  }
}

function part(at: usize, isHigh: bool): v128 {
  return v128.load8x8_u(at + (isHigh ? 8 : 0));
}

function along(above: usize, row: usize, below: usize, x: i32, outer: v128, inner: v128, isHigh: bool): v128 {
  const top = i16x8.sub(part(above + x + 1, isHigh), part(above + x - 1, isHigh));
  const center = i16x8.sub(part(row + x + 1, isHigh), part(row + x - 1, isHigh));
  const bottom = i16x8.sub(part(below + x + 1, isHigh), part(below + x - 1, isHigh));
  return i16x8.add(i16x8.mul(i16x8.add(top, bottom), outer), i16x8.mul(center, inner));
}

function across(above: usize, below: usize, x: i32, outer: v128, inner: v128, isHigh: bool): v128 {
  const left = i16x8.sub(part(below + x - 1, isHigh), part(above + x - 1, isHigh));
  const center = i16x8.sub(part(below + x, isHigh), part(above + x, isHigh));
  const right = i16x8.sub(part(below + x + 1, isHigh), part(above + x + 1, isHigh));
  return i16x8.add(i16x8.mul(i16x8.add(left, right), outer), i16x8.mul(center, inner));
}

function scaled(value: v128, factor: v128): v128 {
  return rounded(f32x4.mul(f32x4.convert_i32x4_s(value), factor));
}

function lengthLow(dx: v128, dy: v128, factor: v128): v128 {
  return lengthOf(v128.shuffle<i16>(dx, dy, 0, 8, 1, 9, 2, 10, 3, 11), factor);
}

function lengthHigh(dx: v128, dy: v128, factor: v128): v128 {
  return lengthOf(v128.shuffle<i16>(dx, dy, 4, 12, 5, 13, 6, 14, 7, 15), factor);
}

/** Of pairs of dx and dy. */
function lengthOf(pairs: v128, factor: v128): v128 {
  const squares = f32x4.convert_i32x4_s(i32x4.dot_i16x8_s(pairs, pairs));
  return rounded(f32x4.mul(f32x4.sqrt(squares), factor));
}

/**
 * The Laplacian, its absolute value times `scale` in `dst`. The sum of its values and of their squares are left at the start of `scratch`, 64 bits
 * each. Width: 16 or more; height: 2 or more; `dst` is not `src`.
 */
export function laplacian(src: usize, dst: usize, width: i32, height: i32, scale: f32, scratch: usize): void {
  const factor = f32x4.splat(scale);
  let above = paddedRow(src, 1, width, scratch);
  let row = paddedRow(src, 0, width, scratch);
  let sum: i64 = 0;
  let squares: i64 = 0;
  for (let y = 0; y < height; y++) {
    let below = above;
    if (y + 1 < height) below = y === 0 ? above : paddedRow(src, y + 1, width, scratch);
    const out = dst + y * width;
    let rowSum = i32x4.splat(0);
    let rowSquares = i64x2.splat(0);
    let x = 0;
    for (; x + 16 <= width; x += 16) {
      const first = secondDerivative(above, row, below, x, false);
      const second = secondDerivative(above, row, below, x, true);
      rowSum = i32x4.add(rowSum, i32x4.extadd_pairwise_i16x8_s(i16x8.add(first, second)));
      const both = i32x4.add(i32x4.dot_i16x8_s(first, first), i32x4.dot_i16x8_s(second, second));
      rowSquares = i64x2.add(rowSquares, i64x2.add(i64x2.extend_low_i32x4_u(both), i64x2.extend_high_i32x4_u(both)));
      v128.store(out + x, scaledBoth(first, second, factor));
    }
    sum += <i64>(
      (i32x4.extract_lane(rowSum, 0) +
        i32x4.extract_lane(rowSum, 1) +
        i32x4.extract_lane(rowSum, 2) +
        i32x4.extract_lane(rowSum, 3))
    );
    squares += i64x2.extract_lane(rowSquares, 0) + i64x2.extract_lane(rowSquares, 1);
    if (x < width) {
      // The last step overlaps the one before it: its samples must not count twice.
      for (let i = x; i < width; i++) {
        const value =
          2 *
            (<i32>load<u8>(above + i - 1) +
              <i32>load<u8>(above + i + 1) +
              <i32>load<u8>(below + i - 1) +
              <i32>load<u8>(below + i + 1)) -
          8 * <i32>load<u8>(row + i);
        sum += value;
        squares += value * value;
      }
      x = width - 16;
      v128.store(
        out + x,
        scaledBoth(secondDerivative(above, row, below, x, false), secondDerivative(above, row, below, x, true), factor),
      );
    }
    above = row;
    row = below;
  }
  store<i64>(scratch, sum);
  store<i64>(scratch, squares, 8);
}

function secondDerivative(above: usize, row: usize, below: usize, x: i32, isHigh: bool): v128 {
  const top = i16x8.add(part(above + x - 1, isHigh), part(above + x + 1, isHigh));
  const bottom = i16x8.add(part(below + x - 1, isHigh), part(below + x + 1, isHigh));
  return i16x8.sub(i16x8.shl(i16x8.add(top, bottom), 1), i16x8.shl(part(row + x, isHigh), 3));
}

function scaledBoth(first: v128, second: v128, factor: v128): v128 {
  const low = i16x8.abs(first);
  const high = i16x8.abs(second);
  return narrow(
    scaled(i32x4.extend_low_i16x8_s(low), factor),
    scaled(i32x4.extend_high_i16x8_s(low), factor),
    scaled(i32x4.extend_low_i16x8_s(high), factor),
    scaled(i32x4.extend_high_i16x8_s(high), factor),
  );
}
