/**
 * Edges of 8-bit gray images (J. Canny, "A computational approach to edge detection", 1986), as OpenCV's `Canny` with an aperture of 3: Sobel
 * gradients with replicated borders, suppression in one of four directions by 15-bit tangents, hysteresis over eight neighbors.
 */
import { finishRow } from './rows';

const weak: u8 = 1;
const strong: u8 = 255;
/** tan 22.5° with 15 fractional bits. */
const tan22: i32 = 13573;
/** Pixels that wait to be followed; where there are more, the image is looked through once more. */
const stackSize: i32 = 1 << 16;

/** Bytes of `scratch` for an image of this width. */
export function cannyScratch(width: i32): i32 {
  return 3 * paddedBytes(width) + 3 * magnitudeBytes(width) + 4 * gradientBytes(width) + 4 * stackSize;
}

function paddedBytes(width: i32): i32 {
  return (width + 63) & ~15;
}

function magnitudeBytes(width: i32): i32 {
  return (4 * width + 127) & ~15;
}

function gradientBytes(width: i32): i32 {
  return (2 * width + 63) & ~15;
}

/** `low` and `high` are thresholds of the magnitude: |dx| + |dy| or, if `squared`, dx² + dy². Width: 16 or more; `dst` is not `src`. */
export function canny(
  src: usize,
  dst: usize,
  width: i32,
  height: i32,
  low: i32,
  high: i32,
  squared: bool,
  scratch: usize,
): void {
  const padded = scratch + 16;
  const paddedStep = paddedBytes(width);
  const magnitude = scratch + 3 * paddedStep + 16;
  const magnitudeStep = magnitudeBytes(width);
  const gradient = magnitude - 16 + 3 * magnitudeStep;
  const gradientStep = gradientBytes(width);
  const stack = gradient + 4 * gradientStep;
  copyPadded(src, padded, width);
  if (height > 1) copyPadded(src + width, padded + paddedStep, width);
  memory.fill(magnitude - 16, 0, 3 * magnitudeStep);
  for (let y = 0; y <= height; y++) {
    const current = magnitude + (y % 3) * magnitudeStep;
    if (y < height) {
      const above = padded + ((y > 0 ? y - 1 : 0) % 3) * paddedStep;
      const row = padded + (y % 3) * paddedStep;
      const next = y + 1 < height ? y + 1 : y;
      if (next > 1 && next > y) copyPadded(src + next * width, padded + (next % 3) * paddedStep, width);
      const below = padded + (next % 3) * paddedStep;
      const dx = gradient + (y & 1) * gradientStep;
      gradients(above, row, below, dx, dx + 2 * gradientStep, current, width, squared);
    } else {
      memory.fill(current - 16, 0, magnitudeStep);
    }
    if (y === 0) continue;
    const previous = magnitude + ((y + 1) % 3) * magnitudeStep;
    const middle = magnitude + ((y + 2) % 3) * magnitudeStep;
    const dx = gradient + ((y - 1) & 1) * gradientStep;
    suppress(previous, middle, current, dx, dx + 2 * gradientStep, dst + (y - 1) * width, width, low, high);
  }
  while (follow(dst, width, height, stack));
  keepStrong(dst, width * height);
}

function copyPadded(src: usize, padded: usize, width: i32): void {
  memory.copy(padded, src, width);
  store<u8>(padded - 1, load<u8>(src));
  store<u8>(padded + width, load<u8>(src + width - 1));
}

/** Sobel gradients of a row and their magnitude, which is 0 at either end of the row. */
function gradients(
  above: usize,
  row: usize,
  below: usize,
  dx: usize,
  dy: usize,
  magnitude: usize,
  width: i32,
  squared: bool,
): void {
  for (let x = 0; x < width; x += 8) {
    const a0 = v128.load8x8_u(above + x - 1);
    const a1 = v128.load8x8_u(above + x);
    const a2 = v128.load8x8_u(above + x + 1);
    const b0 = v128.load8x8_u(row + x - 1);
    const b2 = v128.load8x8_u(row + x + 1);
    const c0 = v128.load8x8_u(below + x - 1);
    const c1 = v128.load8x8_u(below + x);
    const c2 = v128.load8x8_u(below + x + 1);
    const middle = i16x8.shl(i16x8.sub(b2, b0), 1);
    const across = i16x8.add(i16x8.add(i16x8.sub(a2, a0), i16x8.sub(c2, c0)), middle);
    const sides = i16x8.add(i16x8.sub(c0, a0), i16x8.sub(c2, a2));
    const down = i16x8.add(sides, i16x8.shl(i16x8.sub(c1, a1), 1));
    v128.store(dx + 2 * x, across);
    v128.store(dy + 2 * x, down);
    if (squared) {
      const low = v128.shuffle<i16>(across, down, 0, 8, 1, 9, 2, 10, 3, 11);
      const high = v128.shuffle<i16>(across, down, 4, 12, 5, 13, 6, 14, 7, 15);
      v128.store(magnitude + 4 * x, i32x4.dot_i16x8_s(low, low));
      v128.store(magnitude + 4 * x + 16, i32x4.dot_i16x8_s(high, high));
    } else {
      const sum = i16x8.add(i16x8.abs(across), i16x8.abs(down));
      v128.store(magnitude + 4 * x, i32x4.extend_low_i16x8_s(sum));
      v128.store(magnitude + 4 * x + 16, i32x4.extend_high_i16x8_s(sum));
    }
  }
  store<i32>(magnitude - 4, 0);
  store<i32>(magnitude + 4 * width, 0);
}

/** Marks the pixels of a row whose magnitude is above `low` and the greatest across the edge. */
function suppress(
  previous: usize,
  middle: usize,
  next: usize,
  dx: usize,
  dy: usize,
  dst: usize,
  width: i32,
  low: i32,
  high: i32,
): void {
  memory.fill(dst, 0, width);
  const least = i32x4.splat(low);
  for (let x = 0; x < width; x += 8) {
    const first = i32x4.bitmask(i32x4.gt_s(v128.load(middle + 4 * x), least));
    const second = i32x4.bitmask(i32x4.gt_s(v128.load(middle + 4 * x + 16), least));
    let candidates = first | (second << 4);
    if (x + 8 > width) candidates &= (1 << (width - x)) - 1;
    while (candidates !== 0) {
      const at = x + ctz(candidates);
      candidates &= candidates - 1;
      const m = load<i32>(middle + 4 * at);
      if (isGreatest(previous + 4 * at, middle + 4 * at, next + 4 * at, load<i16>(dx + 2 * at), load<i16>(dy + 2 * at)))
        store<u8>(dst + at, m > high ? strong : weak);
    }
  }
}

function isGreatest(previous: usize, middle: usize, next: usize, dx: i32, dy: i32): bool {
  const m = load<i32>(middle);
  const across = abs(dx) * tan22;
  const down = abs(dy) << 15;
  if (down < across) return m > load<i32>(middle - 4) && m >= load<i32>(middle + 4);
  if (down > across + (abs(dx) << 16)) return m > load<i32>(previous) && m >= load<i32>(next);
  const side: isize = (dx ^ dy) < 0 ? -4 : 4;
  return m > load<i32>(previous - side) && m > load<i32>(next + side);
}

/** Makes weak pixels strong that touch strong ones. Whether some may be left, for want of room on the stack. */
function follow(dst: usize, width: i32, height: i32, stack: usize): bool {
  const length = width * height;
  let isCut = false;
  for (let i = 0; i < length; i += 16) {
    const rest = length - i;
    let found = rest >= 16 ? i8x16.bitmask(i8x16.eq(v128.load(dst + i), i8x16.splat(-1))) : strongIn(dst + i, rest);
    while (found !== 0) {
      const at = i + ctz(found);
      found &= found - 1;
      let waiting = 1;
      store<i32>(stack, at);
      while (waiting > 0) {
        waiting--;
        const center = load<i32>(stack + 4 * waiting);
        const x = center % width;
        const y = center / width;
        const left = x > 0 ? -1 : 0;
        const right = x + 1 < width ? 1 : 0;
        for (let v = y > 0 ? -1 : 0; v <= (y + 1 < height ? 1 : 0); v++) {
          for (let u = left; u <= right; u++) {
            const near = center + v * width + u;
            if (load<u8>(dst + near) !== weak) continue;
            store<u8>(dst + near, strong);
            if (waiting < stackSize) store<i32>(stack + 4 * waiting++, near);
            else isCut = true;
          }
        }
      }
    }
  }
  return isCut;
}

function strongIn(at: usize, count: i32): i32 {
  let found = 0;
  for (let i = 0; i < count; i++) if (load<u8>(at + i) === strong) found |= 1 << i;
  return found;
}

function keepStrong(dst: usize, length: i32): void {
  for (let i = 0; i < length; i = finishRow(i, length)) {
    const values = v128.load(dst + i);
    v128.store(dst + i, i8x16.eq(values, i8x16.splat(-1)));
  }
}
