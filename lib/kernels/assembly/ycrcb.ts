/** ITU-R BT.601 luma and color differences of 8-bit RGB, as OpenCV's `cvtColor`: weights of 14 fractional bits. */
import { narrow } from './float';
import { firstPlane, secondPlane, storePixels, thirdPlane } from './planes';

const half: i32 = 1 << 13;
const middle: i32 = 128 << 14;

/** `scratch` takes 96 bytes. */
export function rgbToYcrcb(src: usize, dst: usize, pixels: i32, scratch: usize): void {
  let i = 0;
  for (; i + 16 <= pixels; i += 16) toYcrcb(src + 3 * i, dst + 3 * i);
  if (i < pixels) {
    memory.copy(scratch, src + 3 * i, 3 * (pixels - i));
    toYcrcb(scratch, scratch + 48);
    memory.copy(dst + 3 * i, scratch + 48, 3 * (pixels - i));
  }
}

export function ycrcbToRgb(src: usize, dst: usize, pixels: i32, scratch: usize): void {
  let i = 0;
  for (; i + 16 <= pixels; i += 16) toRgb(src + 3 * i, dst + 3 * i);
  if (i < pixels) {
    memory.copy(scratch, src + 3 * i, 3 * (pixels - i));
    toRgb(scratch, scratch + 48);
    memory.copy(dst + 3 * i, scratch + 48, 3 * (pixels - i));
  }
}

function toYcrcb(src: usize, dst: usize): void {
  const a = v128.load(src);
  const b = v128.load(src, 16);
  const c = v128.load(src, 32);
  const red = firstPlane(a, b, c);
  const green = secondPlane(a, b, c);
  const blue = thirdPlane(a, b, c);
  const y = i8x16.narrow_i16x8_u(
    luma(i16x8.extend_low_i8x16_u(red), i16x8.extend_low_i8x16_u(green), i16x8.extend_low_i8x16_u(blue)),
    luma(i16x8.extend_high_i8x16_u(red), i16x8.extend_high_i8x16_u(green), i16x8.extend_high_i8x16_u(blue)),
  );
  storePixels(dst, y, away(red, y, 11682), away(blue, y, 9241));
}

function luma(red: v128, green: v128, blue: v128): v128 {
  const one = i16x8.splat(1);
  const weights = i32x4.splat(4899 | (9617 << 16));
  // The half of the rounding stands beside blue.
  const last = i32x4.splat(1868 | (half << 16));
  const low = i32x4.add(
    i32x4.dot_i16x8_s(v128.shuffle<i16>(red, green, 0, 8, 1, 9, 2, 10, 3, 11), weights),
    i32x4.dot_i16x8_s(v128.shuffle<i16>(blue, one, 0, 8, 1, 9, 2, 10, 3, 11), last),
  );
  const high = i32x4.add(
    i32x4.dot_i16x8_s(v128.shuffle<i16>(red, green, 4, 12, 5, 13, 6, 14, 7, 15), weights),
    i32x4.dot_i16x8_s(v128.shuffle<i16>(blue, one, 4, 12, 5, 13, 6, 14, 7, 15), last),
  );
  return i16x8.narrow_i32x4_s(i32x4.shr_s(low, 14), i32x4.shr_s(high, 14));
}

/** What a sample is above the luma, scaled, 128 for nothing. */
function away(samples: v128, y: v128, weight: i16): v128 {
  const low = i16x8.sub(i16x8.extend_low_i8x16_u(samples), i16x8.extend_low_i8x16_u(y));
  const high = i16x8.sub(i16x8.extend_high_i8x16_u(samples), i16x8.extend_high_i8x16_u(y));
  const factor = i16x8.splat(weight);
  const start = i32x4.splat(middle + half);
  return narrow(
    i32x4.shr_s(i32x4.add(i32x4.extmul_low_i16x8_s(low, factor), start), 14),
    i32x4.shr_s(i32x4.add(i32x4.extmul_high_i16x8_s(low, factor), start), 14),
    i32x4.shr_s(i32x4.add(i32x4.extmul_low_i16x8_s(high, factor), start), 14),
    i32x4.shr_s(i32x4.add(i32x4.extmul_high_i16x8_s(high, factor), start), 14),
  );
}

function toRgb(src: usize, dst: usize): void {
  const a = v128.load(src);
  const b = v128.load(src, 16);
  const c = v128.load(src, 32);
  const y = firstPlane(a, b, c);
  const cr = secondPlane(a, b, c);
  const cb = thirdPlane(a, b, c);
  const center = i16x8.splat(128);
  const yl = i16x8.extend_low_i8x16_u(y);
  const yh = i16x8.extend_high_i8x16_u(y);
  const crl = i16x8.sub(i16x8.extend_low_i8x16_u(cr), center);
  const crh = i16x8.sub(i16x8.extend_high_i8x16_u(cr), center);
  const cbl = i16x8.sub(i16x8.extend_low_i8x16_u(cb), center);
  const cbh = i16x8.sub(i16x8.extend_high_i8x16_u(cb), center);
  // Each weight fits 16 bits, or is the sum of two that do.
  const red = mixed(yl, yh, crl, crh, cbl, cbh, 22987, 0);
  const green = mixed(yl, yh, crl, crh, cbl, cbh, -11698, -5636);
  const blue = mixed(yl, yh, crl, crh, cbl, cbh, 0, 29049);
  storePixels(dst, red, green, blue);
}

function mixed(yl: v128, yh: v128, crl: v128, crh: v128, cbl: v128, cbh: v128, first: i32, second: i32): v128 {
  const weights = i32x4.splat((first & 0xffff) | (second << 16));
  return i8x16.narrow_i16x8_u(added(yl, crl, cbl, weights), added(yh, crh, cbh, weights));
}

function added(y: v128, cr: v128, cb: v128, weights: v128): v128 {
  const rounding = i32x4.splat(half);
  const low = i32x4.dot_i16x8_s(v128.shuffle<i16>(cr, cb, 0, 8, 1, 9, 2, 10, 3, 11), weights);
  const high = i32x4.dot_i16x8_s(v128.shuffle<i16>(cr, cb, 4, 12, 5, 13, 6, 14, 7, 15), weights);
  const difference = i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.add(low, rounding), 14),
    i32x4.shr_s(i32x4.add(high, rounding), 14),
  );
  return i16x8.add(y, difference);
}
