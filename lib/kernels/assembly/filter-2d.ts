/**
 * Correlation of 8-bit samples with any kernel, as OpenCV's `filter2D` on small ones: its weights that are not 0 are taken in their order, in single
 * precision, or in 16 bits where weights and sums are whole numbers that fit. Borders are reflected without the outermost sample.
 */
import { narrow, rounded } from './float';

/** Bytes of `scratch`: as many rows as the kernel has, with their borders. */
export function filter2dScratch(width: i32, channels: i32, kernelWidth: i32, kernelHeight: i32): i32 {
  return kernelHeight * rowBytes(width, channels, kernelWidth);
}

/** Of samples of 32 bits; those of 16 need half of it. */
function rowBytes(width: i32, channels: i32, kernelWidth: i32): i32 {
  return (4 * (width + kernelWidth) * channels + 79) & ~15;
}

/**
 * `taps` holds four 32-bit numbers for each of `count` weights: its column and its row in the kernel, the weight itself, an integer if `isWhole`, else a float, and
 * room for an address. The anchor is
 * the center. `start` is added to each sum. A row has 16 bytes or more; `dst` is not `src`.
 */
export function filter2d(
  src: usize,
  dst: usize,
  width: i32,
  height: i32,
  channels: i32,
  taps: usize,
  count: i32,
  kernelWidth: i32,
  kernelHeight: i32,
  isWhole: bool,
  start: f32,
  scratch: usize,
): void {
  const length = width * channels;
  const step = rowBytes(width, channels, kernelWidth);
  const left = kernelWidth / 2;
  const above = kernelHeight / 2;
  for (let y = -above; y < height + kernelHeight - 1 - above; y++) {
    const row = scratch + ((y + above) % kernelHeight) * step;
    widen(src + reflect(y, height) * length, row, width, channels, left, kernelWidth - 1 - left, isWhole);
    const center = y - (kernelHeight - 1 - above);
    if (center < 0) continue;
    const out = dst + center * length;
    const end = taps + 16 * count;
    for (let tap = taps; tap < end; tap += 16) {
      const slot = scratch + ((center + load<i32>(tap, 4)) % kernelHeight) * step;
      store<usize>(tap, slot + (isWhole ? 2 : 4) * load<i32>(tap) * channels, 12);
    }
    if (isWhole) sumWhole(taps, end, start, out, length);
    else sumFloat(taps, end, start, out, length);
  }
}

function reflect(i: i32, count: i32): i32 {
  if (count === 1) return 0;
  while (i < 0 || i >= count) i = i < 0 ? -i : 2 * count - 2 - i;
  return i;
}

/** A row with its borders, in 16 bits or as floats. */
function widen(src: usize, row: usize, width: i32, channels: i32, left: i32, right: i32, isWhole: bool): void {
  const length = width * channels;
  const border = left * channels;
  for (let x = 0; x < length; x += 16) {
    if (x + 16 > length) x = length - 16;
    const samples = v128.load(src + x);
    const low = i16x8.extend_low_i8x16_u(samples);
    const high = i16x8.extend_high_i8x16_u(samples);
    if (isWhole) {
      const at = row + 2 * (border + x);
      v128.store(at, low);
      v128.store(at, high, 16);
    } else {
      const at = row + 4 * (border + x);
      v128.store(at, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(low)));
      v128.store(at, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(low)), 16);
      v128.store(at, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(high)), 32);
      v128.store(at, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(high)), 48);
    }
  }
  for (let i = 1; i <= left; i++) put(src, row, border, -i, reflect(-i, width), channels, isWhole);
  for (let i = width; i < width + right; i++) put(src, row, border, i, reflect(i, width), channels, isWhole);
}

function put(src: usize, row: usize, border: i32, at: i32, from: i32, channels: i32, isWhole: bool): void {
  for (let c = 0; c < channels; c++) {
    const sample = load<u8>(src + from * channels + c);
    const place = border + at * channels + c;
    if (isWhole) store<i16>(row + 2 * place, sample);
    else store<f32>(row + 4 * place, <f32>sample);
  }
}

function sumWhole(taps: usize, end: usize, start: f32, dst: usize, length: i32): void {
  const first = i16x8.splat(<i16>start);
  for (let x = 0; x < length; x += 16) {
    if (x + 16 > length) x = length - 16;
    let low = first;
    let high = first;
    for (let tap = taps; tap < end; tap += 16) {
      const at = load<usize>(tap, 12) + 2 * x;
      const weight = v128.load16_splat(tap, 8);
      low = i16x8.add(low, i16x8.mul(v128.load(at), weight));
      high = i16x8.add(high, i16x8.mul(v128.load(at, 16), weight));
    }
    v128.store(dst + x, i8x16.narrow_i16x8_u(low, high));
  }
}

function sumFloat(taps: usize, end: usize, start: f32, dst: usize, length: i32): void {
  const first = f32x4.splat(start);
  for (let x = 0; x < length; x += 16) {
    if (x + 16 > length) x = length - 16;
    let a = first;
    let b = first;
    let c = first;
    let d = first;
    for (let tap = taps; tap < end; tap += 16) {
      const at = load<usize>(tap, 12) + 4 * x;
      const weight = v128.load32_splat(tap, 8);
      a = f32x4.add(a, f32x4.mul(v128.load(at), weight));
      b = f32x4.add(b, f32x4.mul(v128.load(at, 16), weight));
      c = f32x4.add(c, f32x4.mul(v128.load(at, 32), weight));
      d = f32x4.add(d, f32x4.mul(v128.load(at, 48), weight));
    }
    v128.store(dst + x, narrow(limited(a), limited(b), limited(c), limited(d)));
  }
}

/** Sums may be of any size. */
function limited(sum: v128): v128 {
  return rounded(f32x4.pmin(f32x4.pmax(sum, f32x4.splat(-1)), f32x4.splat(256)));
}
