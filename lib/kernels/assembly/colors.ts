/** Which pixels have a color, and colors for numbers. */
import { firstPlane, secondPlane, thirdPlane } from './planes';

/**
 * 255 where all three samples lie between the bounds, 0 elsewhere; gives the number of the former. If `wraps`, the first sample has to be above its lower or below its upper
 * bound. `scratch` takes 64 bytes.
 */
export function inRange(
  src: usize,
  dst: usize,
  pixels: i32,
  low0: i32,
  low1: i32,
  low2: i32,
  high0: i32,
  high1: i32,
  high2: i32,
  wraps: bool,
  scratch: usize,
): i32 {
  let count: i32 = 0;
  let i = 0;
  for (; i < pixels; i += 16) {
    const rest = pixels - i;
    let from = src + 3 * i;
    if (rest < 16) {
      memory.copy(scratch, from, 3 * rest);
      from = scratch;
    }
    const a = v128.load(from);
    const b = v128.load(from, 16);
    const c = v128.load(from, 32);
    const first = firstPlane(a, b, c);
    const above = isAtLeast(first, low0);
    const below = isAtMost(first, high0);
    const second = secondPlane(a, b, c);
    const third = thirdPlane(a, b, c);
    let hit = wraps ? v128.or(above, below) : v128.and(above, below);
    hit = v128.and(hit, v128.and(isAtLeast(second, low1), isAtMost(second, high1)));
    hit = v128.and(hit, v128.and(isAtLeast(third, low2), isAtMost(third, high2)));
    const bits = i8x16.bitmask(hit);
    if (rest >= 16) {
      count += popcnt<i32>(bits);
      v128.store(dst + i, hit);
    } else {
      count += popcnt<i32>(bits & ((1 << rest) - 1));
      v128.store(scratch, hit, 48);
      memory.copy(dst + i, scratch + 48, rest);
    }
  }
  return count;
}

function isAtLeast(samples: v128, bound: i32): v128 {
  return i8x16.eq(i8x16.max_u(samples, i8x16.splat(<i8>bound)), samples);
}

function isAtMost(samples: v128, bound: i32): v128 {
  return i8x16.eq(i8x16.min_u(samples, i8x16.splat(<i8>bound)), samples);
}

/** A pixel of three samples for each number; `colors` has four bytes for each of 256. */
export function palette(numbers: usize, dst: usize, pixels: i32, colors: usize): void {
  let i = 0;
  // Four bytes are written, of which the next pixel takes back one.
  for (; i + 1 < pixels; i++) store<u32>(dst + 3 * i, load<u32>(colors + 4 * <usize>load<u8>(numbers + i)));
  for (; i < pixels; i++) {
    const color = load<u32>(colors + 4 * <usize>load<u8>(numbers + i));
    store<u16>(dst + 3 * i, <u16>color);
    store<u8>(dst + 3 * i + 2, <u8>(color >> 16));
  }
}

/**
 * The number of the nearest of `count` centers (256 at most; three 32-bit integers each) for each pixel, and how often each is. Colors that are equal in their upper
 * six bits share the answer of the first. `known` takes 512 KB, `counts` a 32-bit number for each center.
 */
export function nearestColors(
  src: usize,
  numbers: usize,
  pixels: i32,
  centers: usize,
  count: i32,
  known: usize,
  counts: usize,
): void {
  memory.fill(known, 255, 2 << 18);
  memory.fill(counts, 0, 4 * count);
  for (let i = 0; i < pixels; i++) {
    const red = <i32>load<u8>(src + 3 * i);
    const green = <i32>load<u8>(src + 3 * i + 1);
    const blue = <i32>load<u8>(src + 3 * i + 2);
    const cell = known + 2 * <usize>(((red >> 2) << 12) | ((green >> 2) << 6) | (blue >> 2));
    let number = <i32>load<i16>(cell);
    if (number < 0) {
      number = nearest(red, green, blue, centers, count);
      store<i16>(cell, <i16>number);
    }
    store<u8>(numbers + i, <u8>number);
    const total = counts + 4 * <usize>number;
    store<u32>(total, load<u32>(total) + 1);
  }
}

function nearest(red: i32, green: i32, blue: i32, centers: usize, count: i32): i32 {
  let best = 0;
  let least = i32.MAX_VALUE;
  for (let c = 0; c < count; c++) {
    const at = centers + 12 * c;
    const r = red - load<i32>(at);
    const g = green - load<i32>(at, 4);
    const b = blue - load<i32>(at, 8);
    const distance = r * r + g * g + b * b;
    if (distance < least) {
      least = distance;
      best = c;
    }
  }
  return best;
}
