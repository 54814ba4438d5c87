/** Means of the areas that become pixels, as OpenCV's `resize` with INTER_AREA makes images of 8 bits smaller. */
import { rounded } from './float';

/**
 * Areas of any size. `across` and `down` hold entries of two 32-bit numbers, the first of the pixels that is covered and the share of it (a float), one after the other
 * for each pixel of the result; `acrossCounts` and `downCounts` say how many entries each has. `scratch` takes 16 bytes for each column of the result twice, and
 * a row of the image with 16 bytes more.
 */
export function resizeArea(
  src: usize,
  dst: usize,
  srcWidth: i32,
  srcHeight: i32,
  width: i32,
  height: i32,
  channels: i32,
  across: usize,
  acrossCounts: usize,
  down: usize,
  downCounts: usize,
  scratch: usize,
): void {
  const buffer = scratch;
  const sums = scratch + 16 * width;
  const lastRow = sums + 16 * width;
  const srcLength = srcWidth * channels;
  // A pixel is loaded with what follows it: the last row has nothing behind it.
  memory.copy(lastRow, src + (srcHeight - 1) * srcLength, srcLength);
  let done = -1;
  for (let y = 0; y < height; y++) {
    const count = load<i32>(downCounts + 4 * y);
    for (let k = 0; k < count; k++, down += 8) {
      const row = load<i32>(down);
      if (row !== done) {
        const at = row === srcHeight - 1 ? lastRow : src + row * srcLength;
        if (channels === 1) reduceGray(at, buffer, width, across, acrossCounts);
        else reduce(at, buffer, width, channels, across, acrossCounts);
        done = row;
      }
      accumulate(buffer, sums, channels === 1 ? width : 4 * width, load<f32>(down, 4), k === 0);
    }
    if (channels === 1) finishGray(sums, dst + y * width, width);
    else finish(sums, dst + y * width * channels, width, channels);
  }
}

function reduceGray(row: usize, buffer: usize, width: i32, across: usize, counts: usize): void {
  for (let x = 0; x < width; x++) {
    const end = across + 8 * load<i32>(counts + 4 * x);
    let sum: f32 = 0;
    for (; across < end; across += 8) sum += <f32>load<u8>(row + load<i32>(across)) * load<f32>(across, 4);
    store<f32>(buffer + 4 * x, sum);
  }
}

function reduce(row: usize, buffer: usize, width: i32, channels: i32, across: usize, counts: usize): void {
  for (let x = 0; x < width; x++) {
    const end = across + 8 * load<i32>(counts + 4 * x);
    let sum = f32x4.splat(0);
    for (; across < end; across += 8) {
      const bytes = v128.load32_zero(row + load<i32>(across) * channels);
      const pixel = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes)));
      sum = f32x4.add(sum, f32x4.mul(pixel, v128.load32_splat(across, 4)));
    }
    v128.store(buffer + 16 * x, sum);
  }
}

function accumulate(buffer: usize, sums: usize, count: i32, share: f32, isFirst: bool): void {
  const factor = f32x4.splat(share);
  for (let i = 0; i < 4 * count; i += 16) {
    const part = f32x4.mul(factor, v128.load(buffer + i));
    v128.store(sums + i, isFirst ? part : f32x4.add(v128.load(sums + i), part));
  }
}

function finishGray(sums: usize, dst: usize, width: i32): void {
  for (let x = 0; x < width; x++) store<u8>(dst + x, byteOf(f32x4.splat(load<f32>(sums + 4 * x))));
}

function byteOf(value: v128): u8 {
  const words = i16x8.narrow_i32x4_s(rounded(value), rounded(value));
  return i8x16.extract_lane_u(i8x16.narrow_i16x8_u(words, words), 0);
}

function finish(sums: usize, dst: usize, width: i32, channels: i32): void {
  for (let x = 0; x < width; x++) put(dst + x * channels, rounded(v128.load(sums + 16 * x)), channels);
}

/** A pixel of 3 or 4 channels. */
function put(dst: usize, values: v128, channels: i32): void {
  const words = i16x8.narrow_i32x4_s(values, values);
  const bytes = i8x16.narrow_i16x8_u(words, words);
  if (channels === 4) {
    v128.store32_lane(dst, bytes, 0);
  } else {
    v128.store16_lane(dst, bytes, 0);
    v128.store8_lane(dst + 2, bytes, 2);
  }
}

/**
 * Areas of `factorX` × `factorY` whole pixels, at most 257. Halves round up where both are 2, and to even elsewhere. `scratch` takes 2 bytes for each sample
 * of a row, and 16 more.
 */
export function resizeBlocks(
  src: usize,
  dst: usize,
  width: i32,
  height: i32,
  channels: i32,
  factorX: i32,
  factorY: i32,
  scratch: usize,
): void {
  const length = width * factorX * channels;
  const factor: f32 = <f32>1 / <f32>(factorX * factorY);
  const isQuarter = factorX === 2 && factorY === 2;
  for (let y = 0; y < height; y++) {
    const top = src + y * factorY * length;
    for (let x = 0; x < length; x += 16) {
      if (x + 16 > length) x = length - 16;
      let samples = v128.load(top + x);
      let low = i16x8.extend_low_i8x16_u(samples);
      let high = i16x8.extend_high_i8x16_u(samples);
      for (let k = 1; k < factorY; k++) {
        samples = v128.load(top + k * length + x);
        low = i16x8.add(low, i16x8.extend_low_i8x16_u(samples));
        high = i16x8.add(high, i16x8.extend_high_i8x16_u(samples));
      }
      v128.store(scratch + 2 * x, low);
      v128.store(scratch + 2 * x, high, 16);
    }
    const out = dst + y * width * channels;
    if (channels === 1) {
      for (let x = 0; x < width; x++) {
        let sum: i32 = 0;
        for (let k = 0; k < factorX; k++) sum += load<u16>(scratch + 2 * (x * factorX + k));
        store<u8>(out + x, isQuarter ? <u8>((sum + 2) >> 2) : byteOf(f32x4.splat(<f32>sum * factor)));
      }
    } else {
      for (let x = 0; x < width; x++) {
        let sum = i16x8.splat(0);
        for (let k = 0; k < factorX; k++)
          sum = i16x8.add(sum, v128.load64_zero(scratch + 2 * channels * (x * factorX + k)));
        const whole = i32x4.extend_low_i16x8_u(sum);
        const mean = isQuarter
          ? i32x4.shr_s(i32x4.add(whole, i32x4.splat(2)), 2)
          : rounded(f32x4.mul(f32x4.convert_i32x4_s(whole), f32x4.splat(factor)));
        put(out + x * channels, mean, channels);
      }
    }
  }
}
