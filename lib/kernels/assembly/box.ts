/**
 * Means of windows of odd sides, as OpenCV's `blur` of 8-bit samples: sums of columns that follow the window down (M. McDonnell, "Box-filtering
 * techniques", 1981), and along a row sums of 1, 2, 4, … neighbors, of which every side is made.
 */
import { narrow, rounded } from './float';

/** Bytes of `scratch`. */
export function boxScratch(width: i32, channels: i32, sideX: i32): i32 {
  return 2 * stepOf(width, channels, sideX) + 8 * stepOf(width, channels, sideX);
}

/** Samples of a row with its borders, and some more for the last steps. */
function stepOf(width: i32, channels: i32, sideX: i32): i32 {
  return (width * channels + (sideX - 1) * channels + 47) & ~15;
}

/**
 * `sideX` and `sideY` are odd, `sideY` at most 257. Borders are reflected without the outermost sample or, if `repeats`, repeat it. A row has 16 bytes or more;
 * `dst` is not `src`.
 */
export function box(
  src: usize,
  dst: usize,
  width: i32,
  height: i32,
  channels: i32,
  sideX: i32,
  sideY: i32,
  repeats: bool,
  scratch: usize,
): void {
  const length = width * channels;
  const step = stepOf(width, channels, sideX);
  const radiusX = (sideX - 1) / 2;
  const radiusY = (sideY - 1) / 2;
  const border = radiusX * channels;
  const columns = scratch;
  const levels = columns + 2 * step;
  const sums = levels + 4 * step;
  const area = sideX * sideY;
  // Products round as quotients do as long as halves are far enough from them: sides are odd, so that no quotient is a half.
  const inverse: f32 = <f32>1 / <f32>area;
  const isSmall = area <= 257;
  memory.fill(columns, 0, 2 * step);
  for (let y = -radiusY; y < radiusY; y++)
    addRow(src + outside(y, height, repeats) * length, columns + 2 * border, length);
  for (let y = 0; y < height; y++) {
    addRow(src + outside(y + radiusY, height, repeats) * length, columns + 2 * border, length);
    padColumns(columns, width, channels, radiusX, repeats);
    const out = dst + y * length;
    if (isSmall) {
      windows16(columns, levels, sums, length, sideX, channels, step);
      means16(sums, out, length, inverse);
    } else {
      windows32(columns, levels, sums, length, sideX, channels, step);
      means32(sums, out, length, <f32>area, inverse);
    }
    subtractRow(src + outside(y - radiusY, height, repeats) * length, columns + 2 * border, length);
  }
}

/** The row or column that stands in for `i` beyond the border. */
function outside(i: i32, count: i32, repeats: bool): i32 {
  if (count === 1) return 0;
  if (repeats) return i < 0 ? 0 : i >= count ? count - 1 : i;
  while (i < 0 || i >= count) i = i < 0 ? -i : 2 * count - 2 - i;
  return i;
}

function addRow(src: usize, sums: usize, length: i32): void {
  let x = 0;
  for (; x + 16 <= length; x += 16) {
    const samples = v128.load(src + x);
    const at = sums + 2 * x;
    v128.store(at, i16x8.add(v128.load(at), i16x8.extend_low_i8x16_u(samples)));
    v128.store(at, i16x8.add(v128.load(at, 16), i16x8.extend_high_i8x16_u(samples)), 16);
  }
  for (; x < length; x++) store<u16>(sums + 2 * x, load<u16>(sums + 2 * x) + load<u8>(src + x));
}

function subtractRow(src: usize, sums: usize, length: i32): void {
  let x = 0;
  for (; x + 16 <= length; x += 16) {
    const samples = v128.load(src + x);
    const at = sums + 2 * x;
    v128.store(at, i16x8.sub(v128.load(at), i16x8.extend_low_i8x16_u(samples)));
    v128.store(at, i16x8.sub(v128.load(at, 16), i16x8.extend_high_i8x16_u(samples)), 16);
  }
  for (; x < length; x++) store<u16>(sums + 2 * x, load<u16>(sums + 2 * x) - load<u8>(src + x));
}

function padColumns(columns: usize, width: i32, channels: i32, radius: i32, repeats: bool): void {
  const inner = columns + 2 * radius * channels;
  for (let i = 1; i <= radius; i++) {
    const left = outside(-i, width, repeats) * channels;
    const right = outside(width - 1 + i, width, repeats) * channels;
    for (let c = 0; c < channels; c++) {
      store<u16>(inner + 2 * (c - i * channels), load<u16>(inner + 2 * (left + c)));
      store<u16>(inner + 2 * ((width - 1 + i) * channels + c), load<u16>(inner + 2 * (right + c)));
    }
  }
}

/** Sums of `side` neighbors, in 16 bits. */
function windows16(columns: usize, levels: usize, sums: usize, length: i32, side: i32, channels: i32, step: i32): void {
  if (side === 3) {
    for (let x = 0; x < length; x += 8) {
      const at = columns + 2 * x;
      const outer = i16x8.add(v128.load(at), v128.load(at + 4 * channels));
      v128.store(sums + 2 * x, i16x8.add(outer, v128.load(at + 2 * channels)));
    }
    return;
  }
  if (side === 5) {
    for (let x = 0; x < length; x += 8) {
      const at = columns + 2 * x;
      const outer = i16x8.add(v128.load(at), v128.load(at + 8 * channels));
      const inner = i16x8.add(v128.load(at + 2 * channels), v128.load(at + 6 * channels));
      v128.store(sums + 2 * x, i16x8.add(i16x8.add(outer, inner), v128.load(at + 4 * channels)));
    }
    return;
  }
  memory.copy(levels, columns, 2 * step);
  let done = 0;
  for (let bit = 1; bit <= side; bit *= 2) {
    if (side & bit) {
      const from = levels + 2 * done * channels;
      if (done === 0) memory.copy(sums, from, 2 * length + 32);
      else
        for (let x = 0; x < length; x += 8)
          v128.store(sums + 2 * x, i16x8.add(v128.load(sums + 2 * x), v128.load(from + 2 * x)));
      done += bit;
    }
    const offset = 2 * bit * channels;
    const end = 2 * step - offset - 16;
    for (let x = 0; x <= end; x += 16)
      v128.store(levels + x, i16x8.add(v128.load(levels + x), v128.load(levels + x + offset)));
  }
}

/** As `windows16`, in 32 bits. */
function windows32(columns: usize, levels: usize, sums: usize, length: i32, side: i32, channels: i32, step: i32): void {
  for (let x = 0; x < step; x += 8) {
    const columnSums = v128.load(columns + 2 * x);
    v128.store(levels + 4 * x, i32x4.extend_low_i16x8_u(columnSums));
    v128.store(levels + 4 * x, i32x4.extend_high_i16x8_u(columnSums), 16);
  }
  let done = 0;
  for (let bit = 1; bit <= side; bit *= 2) {
    if (side & bit) {
      const from = levels + 4 * done * channels;
      if (done === 0) memory.copy(sums, from, 4 * length + 64);
      else
        for (let x = 0; x < length; x += 4)
          v128.store(sums + 4 * x, i32x4.add(v128.load(sums + 4 * x), v128.load(from + 4 * x)));
      done += bit;
    }
    const offset = 4 * bit * channels;
    const end = 4 * step - offset - 16;
    for (let x = 0; x <= end; x += 16)
      v128.store(levels + x, i32x4.add(v128.load(levels + x), v128.load(levels + x + offset)));
  }
}

function means16(sums: usize, dst: usize, length: i32, inverse: f32): void {
  const factor = f32x4.splat(inverse);
  for (let x = 0; x < length; x += 16) {
    // The last step overlaps the one before it.
    if (x + 16 > length) x = length - 16;
    const low = v128.load(sums + 2 * x);
    const high = v128.load(sums + 2 * x, 16);
    v128.store(
      dst + x,
      narrow(
        mean(i32x4.extend_low_i16x8_u(low), factor),
        mean(i32x4.extend_high_i16x8_u(low), factor),
        mean(i32x4.extend_low_i16x8_u(high), factor),
        mean(i32x4.extend_high_i16x8_u(high), factor),
      ),
    );
  }
}

function means32(sums: usize, dst: usize, length: i32, area: f32, inverse: f32): void {
  const factor = f32x4.splat(inverse);
  const divisor = f32x4.splat(area);
  const isExact = area > 8000;
  for (let x = 0; x < length; x += 16) {
    if (x + 16 > length) x = length - 16;
    const at = sums + 4 * x;
    if (isExact) {
      v128.store(
        dst + x,
        narrow(
          quotient(v128.load(at), divisor),
          quotient(v128.load(at, 16), divisor),
          quotient(v128.load(at, 32), divisor),
          quotient(v128.load(at, 48), divisor),
        ),
      );
    } else {
      v128.store(
        dst + x,
        narrow(
          mean(v128.load(at), factor),
          mean(v128.load(at, 16), factor),
          mean(v128.load(at, 32), factor),
          mean(v128.load(at, 48), factor),
        ),
      );
    }
  }
}

function mean(sum: v128, factor: v128): v128 {
  return rounded(f32x4.mul(f32x4.convert_i32x4_s(sum), factor));
}

function quotient(sum: v128, divisor: v128): v128 {
  return rounded(f32x4.div(f32x4.convert_i32x4_s(sum), divisor));
}
