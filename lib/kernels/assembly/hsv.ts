/** Hue, saturation and value of 8-bit RGB (A. R. Smith, "Color gamut transform pairs", 1978), rounded as OpenCV's `cvtColor` rounds. */
import { narrow, rounded } from './float';
import { firstPlane, secondPlane, storePixels, thirdPlane } from './planes';

/** `hues` is how many make a turn, 180 or 256. `scratch` takes 96 bytes. */
export function rgbToHsv(src: usize, dst: usize, pixels: i32, hues: i32, scratch: usize): void {
  let i = 0;
  for (; i + 16 <= pixels; i += 16) toHsv(src + 3 * i, dst + 3 * i, hues);
  if (i < pixels) {
    memory.copy(scratch, src + 3 * i, 3 * (pixels - i));
    toHsv(scratch, scratch + 48, hues);
    memory.copy(dst + 3 * i, scratch + 48, 3 * (pixels - i));
  }
}

/** As `rgbToHsv`; `turn` is 6 divided by the hues of a turn. */
export function hsvToRgb(src: usize, dst: usize, pixels: i32, turn: f32, scratch: usize): void {
  let i = 0;
  for (; i + 16 <= pixels; i += 16) toRgb(src + 3 * i, dst + 3 * i, turn);
  if (i < pixels) {
    memory.copy(scratch, src + 3 * i, 3 * (pixels - i));
    toRgb(scratch, scratch + 48, turn);
    memory.copy(dst + 3 * i, scratch + 48, 3 * (pixels - i));
  }
}

function toHsv(src: usize, dst: usize, hues: i32): void {
  const a = v128.load(src);
  const b = v128.load(src, 16);
  const c = v128.load(src, 32);
  const red = firstPlane(a, b, c);
  const green = secondPlane(a, b, c);
  const blue = thirdPlane(a, b, c);
  const value = i8x16.max_u(i8x16.max_u(red, green), blue);
  const chroma = i8x16.sub(value, i8x16.min_u(i8x16.min_u(red, green), blue));
  const isRed = i8x16.eq(value, red);
  const isGreen = i8x16.eq(value, green);
  // The two other samples, and how many sixths of a turn their difference begins at.
  const first = v128.bitselect(green, v128.bitselect(blue, red, isGreen), isRed);
  const second = v128.bitselect(blue, v128.bitselect(red, green, isGreen), isRed);
  const two = i8x16.splat(2);
  const four = i8x16.splat(4);
  const sixths = v128.andnot(v128.bitselect(two, four, isGreen), isRed);
  const low = hueOf(
    i16x8.extend_low_i8x16_u(first),
    i16x8.extend_low_i8x16_u(second),
    i16x8.extend_low_i8x16_u(sixths),
    i16x8.extend_low_i8x16_u(chroma),
    hues,
  );
  const high = hueOf(
    i16x8.extend_high_i8x16_u(first),
    i16x8.extend_high_i8x16_u(second),
    i16x8.extend_high_i8x16_u(sixths),
    i16x8.extend_high_i8x16_u(chroma),
    hues,
  );
  const chromaLow = i16x8.extend_low_i8x16_u(chroma);
  const chromaHigh = i16x8.extend_high_i8x16_u(chroma);
  const valueLow = i16x8.extend_low_i8x16_u(value);
  const valueHigh = i16x8.extend_high_i8x16_u(value);
  const full = f32x4.splat(<f32>(255 << 12));
  const saturation = narrow(
    parts(i32x4.extend_low_i16x8_u(chromaLow), i32x4.extend_low_i16x8_u(valueLow), full),
    parts(i32x4.extend_high_i16x8_u(chromaLow), i32x4.extend_high_i16x8_u(valueLow), full),
    parts(i32x4.extend_low_i16x8_u(chromaHigh), i32x4.extend_low_i16x8_u(valueHigh), full),
    parts(i32x4.extend_high_i16x8_u(chromaHigh), i32x4.extend_high_i16x8_u(valueHigh), full),
  );
  storePixels(dst, i8x16.narrow_i16x8_u(low, high), saturation, value);
}

function hueOf(first: v128, second: v128, sixths: v128, chroma: v128, hues: i32): v128 {
  const apart = i16x8.add(i16x8.sub(first, second), i16x8.mul(sixths, chroma));
  // OpenCV's quotients have 12 fractional bits; a sixth of a turn is what the chroma is divided into.
  const turn = f32x4.splat(<f32>(hues << 12));
  const six = i16x8.mul(chroma, i16x8.splat(6));
  const low = parts(i32x4.extend_low_i16x8_s(apart), i32x4.extend_low_i16x8_u(six), turn);
  const high = parts(i32x4.extend_high_i16x8_s(apart), i32x4.extend_high_i16x8_u(six), turn);
  const hue = i16x8.narrow_i32x4_s(low, high);
  return i16x8.add(hue, v128.and(i16x8.splat(<i16>hues), i16x8.shr_s(hue, 15)));
}

/** value · round(scale / divisor) with 12 fractional bits rounded away; 0 where the divisor is, as the value is 0 too. */
function parts(value: v128, divisor: v128, scale: v128): v128 {
  const quotient = rounded(f32x4.div(scale, f32x4.convert_i32x4_s(divisor)));
  return i32x4.shr_s(i32x4.add(i32x4.mul(value, quotient), i32x4.splat(1 << 11)), 12);
}

function toRgb(src: usize, dst: usize, turn: f32): void {
  const a = v128.load(src);
  const b = v128.load(src, 16);
  const c = v128.load(src, 32);
  const hue = firstPlane(a, b, c);
  const saturation = secondPlane(a, b, c);
  const value = thirdPlane(a, b, c);
  const hl = i16x8.extend_low_i8x16_u(hue);
  const hh = i16x8.extend_high_i8x16_u(hue);
  const sl = i16x8.extend_low_i8x16_u(saturation);
  const sh = i16x8.extend_high_i8x16_u(saturation);
  const vl = i16x8.extend_low_i8x16_u(value);
  const vh = i16x8.extend_high_i8x16_u(value);
  // Red, green and blue of four pixels each, packed into the bytes of an integer.
  const p = four(i32x4.extend_low_i16x8_u(hl), i32x4.extend_low_i16x8_u(sl), i32x4.extend_low_i16x8_u(vl), turn);
  const q = four(i32x4.extend_high_i16x8_u(hl), i32x4.extend_high_i16x8_u(sl), i32x4.extend_high_i16x8_u(vl), turn);
  const r = four(i32x4.extend_low_i16x8_u(hh), i32x4.extend_low_i16x8_u(sh), i32x4.extend_low_i16x8_u(vh), turn);
  const s = four(i32x4.extend_high_i16x8_u(hh), i32x4.extend_high_i16x8_u(sh), i32x4.extend_high_i16x8_u(vh), turn);
  v128.store(dst, v128.shuffle<i8>(p, q, 0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 16, 17, 18, 20));
  v128.store(dst, v128.shuffle<i8>(q, r, 5, 6, 8, 9, 10, 12, 13, 14, 16, 17, 18, 20, 21, 22, 24, 25), 16);
  v128.store(dst, v128.shuffle<i8>(r, s, 10, 12, 13, 14, 16, 17, 18, 20, 21, 22, 24, 25, 26, 28, 29, 30), 32);
}

function four(hue: v128, saturation: v128, value: v128, turn: f32): v128 {
  const one = f32x4.splat(1);
  const unit = f32x4.splat(<f32>1 / <f32>255);
  const s = f32x4.mul(f32x4.convert_i32x4_s(saturation), unit);
  const v = f32x4.mul(f32x4.convert_i32x4_s(value), unit);
  const place = f32x4.mul(f32x4.convert_i32x4_s(hue), f32x4.splat(turn));
  const floor = f32x4.floor(place);
  // Beyond the sixth sector the first begins.
  const isBeyond = f32x4.ge(floor, f32x4.splat(6));
  const sector = v128.andnot(floor, isBeyond);
  const within = v128.andnot(f32x4.sub(place, floor), isBeyond);
  const pale = scaled(f32x4.mul(v, f32x4.sub(one, s)));
  const falling = scaled(f32x4.mul(v, f32x4.sub(one, f32x4.mul(s, within))));
  const rising = scaled(f32x4.mul(v, f32x4.sub(one, f32x4.mul(s, f32x4.sub(one, within)))));
  const full = scaled(v);
  const is0 = f32x4.eq(sector, f32x4.splat(0));
  const is1 = f32x4.eq(sector, one);
  const is2 = f32x4.eq(sector, f32x4.splat(2));
  const is3 = f32x4.eq(sector, f32x4.splat(3));
  const is4 = f32x4.eq(sector, f32x4.splat(4));
  const is5 = f32x4.eq(sector, f32x4.splat(5));
  const red = chosen(full, v128.or(is0, is5), falling, is1, pale, v128.or(is2, is3), rising);
  const green = chosen(full, v128.or(is1, is2), rising, is0, falling, is3, pale);
  const blue = chosen(full, v128.or(is3, is4), rising, is2, falling, is5, pale);
  return v128.or(red, v128.or(i32x4.shl(green, 8), i32x4.shl(blue, 16)));
}

function scaled(value: v128): v128 {
  const level = rounded(f32x4.mul(value, f32x4.splat(255)));
  return i32x4.min_s(i32x4.max_s(level, i32x4.splat(0)), i32x4.splat(255));
}

function chosen(a: v128, isA: v128, b: v128, isB: v128, c: v128, isC: v128, other: v128): v128 {
  return v128.bitselect(a, v128.bitselect(b, v128.bitselect(c, other, isC), isB), isA);
}
