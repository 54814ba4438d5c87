/**
 * What ORB (E. Rublee et al., ORB: an efficient alternative to SIFT or SURF, 2011) computes at each corner, bit for bit as OpenCV does. Corners are listed
 * as `fast.ts` writes them: 8 bytes each, x and y of 16 bits, and a 32-bit float.
 */

const blockSize: i32 = 7;
const harrisK: f32 = 0.04;

/** Replaces the floats of the list by Harris's response (C. Harris & M. Stephens, 1988) of the 7 × 7 pixels around each corner. */
export function harrisResponses(src: usize, width: i32, list: usize, count: i32): void {
  const scale: f32 = <f32>1 / (<f32>4 * <f32>blockSize * <f32>255);
  const scale4: f32 = scale * scale * scale * scale;
  // Seven of eight.
  const inside = i16x8(-1, -1, -1, -1, -1, -1, -1, 0);
  for (let i = 0; i < count; i++) {
    const at = list + 8 * i;
    let row = src + (<i32>load<u16>(at + 2) - 3) * width + <i32>load<u16>(at) - 3;
    let xx = i32x4.splat(0);
    let yy = i32x4.splat(0);
    let xy = i32x4.splat(0);
    let left = v128.load_ext<u8>(row - width - 1);
    let middle = v128.load_ext<u8>(row - width);
    let right = v128.load_ext<u8>(row - width + 1);
    let acrossAbove = i16x8.sub(right, left);
    let downAbove = smooth(left, middle, right);
    left = v128.load_ext<u8>(row - 1);
    middle = v128.load_ext<u8>(row);
    right = v128.load_ext<u8>(row + 1);
    let across = i16x8.sub(right, left);
    let down = smooth(left, middle, right);
    for (let k = 0; k < blockSize; k++) {
      row += width;
      left = v128.load_ext<u8>(row - 1);
      middle = v128.load_ext<u8>(row);
      right = v128.load_ext<u8>(row + 1);
      const acrossBelow = i16x8.sub(right, left);
      const downBelow = smooth(left, middle, right);
      const dx = v128.and(inside, i16x8.add(i16x8.add(across, across), i16x8.add(acrossAbove, acrossBelow)));
      const dy = v128.and(inside, i16x8.sub(downBelow, downAbove));
      xx = i32x4.add(xx, i32x4.dot_i16x8_s(dx, dx));
      yy = i32x4.add(yy, i32x4.dot_i16x8_s(dy, dy));
      xy = i32x4.add(xy, i32x4.dot_i16x8_s(dx, dy));
      acrossAbove = across;
      across = acrossBelow;
      downAbove = down;
      down = downBelow;
    }
    const a = <f32>sum(xx);
    const b = <f32>sum(yy);
    const c = <f32>sum(xy);
    store<f32>(at + 4, (a * b - c * c - harrisK * (a + b) * (a + b)) * scale4);
  }
}

function smooth(left: v128, middle: v128, right: v128): v128 {
  return i16x8.add(i16x8.add(middle, middle), i16x8.add(left, right));
}

function sum(lanes: v128): i32 {
  return (
    i32x4.extract_lane(lanes, 0) +
    i32x4.extract_lane(lanes, 1) +
    i32x4.extract_lane(lanes, 2) +
    i32x4.extract_lane(lanes, 3)
  );
}

/** The radius of the disc whose brightness gives the direction. */
const radius: i32 = 15;

/**
 * Writes the moments of the brightness around each corner, x and y as 32-bit floats in two lists: the direction to its center. `weights` has, for each row
 * of the disc's lower half, 32 numbers of 16 bits: the column from -15 on, 0 outside of the disc; and then 32 that are 1 inside.
 */
export function orbMoments(
  src: usize,
  width: i32,
  list: usize,
  count: i32,
  weights: usize,
  across: usize,
  down: usize,
): void {
  for (let i = 0; i < count; i++) {
    const center = src + <i32>load<u16>(list + 8 * i + 2) * width + <i32>load<u16>(list + 8 * i) - radius;
    let moments = i32x4.splat(0);
    let m01 = 0;
    for (let k = 0; k < 4; k++)
      moments = i32x4.add(moments, i32x4.dot_i16x8_s(v128.load_ext<u8>(center + 8 * k), v128.load(weights + 16 * k)));
    for (let v = 1; v <= radius; v++) {
      const row = weights + 128 * v;
      let differences = i32x4.splat(0);
      for (let k = 0; k < 4; k++) {
        const upper = v128.load_ext<u8>(center - v * width + 8 * k);
        const lower = v128.load_ext<u8>(center + v * width + 8 * k);
        moments = i32x4.add(moments, i32x4.dot_i16x8_s(i16x8.add(lower, upper), v128.load(row + 16 * k)));
        differences = i32x4.add(differences, i32x4.dot_i16x8_s(i16x8.sub(lower, upper), v128.load(row + 64 + 16 * k)));
      }
      m01 += v * sum(differences);
    }
    store<f32>(across + 4 * i, <f32>sum(moments));
    store<f32>(down + 4 * i, <f32>m01);
  }
}

/**
 * Writes a descriptor of 32 bytes for each corner: 256 pairs of pixels of the blurred image, turned by the corner's direction, of which the first or the
 * second is brighter. `turns` has the cosine and the sine of each direction, `pattern` four lists of 256 floats: x and y of the first pixels, x and y of the second.
 */
export function orbDescriptors(
  blurred: usize,
  width: i32,
  list: usize,
  count: i32,
  turns: usize,
  pattern: usize,
  descriptors: usize,
): void {
  const step = i32x4.splat(width);
  for (let i = 0; i < count; i++) {
    const center = blurred + <i32>load<u16>(list + 8 * i + 2) * width + <i32>load<u16>(list + 8 * i);
    const cos = f32x4.splat(load<f32>(turns + 8 * i));
    const sin = f32x4.splat(load<f32>(turns + 8 * i + 4));
    const target = descriptors + 32 * i;
    for (let byte = 0; byte < 32; byte++) {
      const pairs = pattern + 32 * byte;
      const low = brighter(center, pairs, cos, sin, step);
      const high = brighter(center, pairs + 16, cos, sin, step);
      store<u8>(target + byte, <u8>(low | (high << 4)));
    }
  }
}

/** Of four pairs, a bit each. */
function brighter(center: usize, pairs: usize, cos: v128, sin: v128, step: v128): i32 {
  const first = offsets(v128.load(pairs), v128.load(pairs + 1024), cos, sin, step);
  const second = offsets(v128.load(pairs + 2048), v128.load(pairs + 3072), cos, sin, step);
  const a = load<u8>(center + i32x4.extract_lane(first, 0)) < load<u8>(center + i32x4.extract_lane(second, 0));
  const b = load<u8>(center + i32x4.extract_lane(first, 1)) < load<u8>(center + i32x4.extract_lane(second, 1));
  const c = load<u8>(center + i32x4.extract_lane(first, 2)) < load<u8>(center + i32x4.extract_lane(second, 2));
  const d = load<u8>(center + i32x4.extract_lane(first, 3)) < load<u8>(center + i32x4.extract_lane(second, 3));
  return i32(a) | (i32(b) << 1) | (i32(c) << 2) | (i32(d) << 3);
}

function offsets(x: v128, y: v128, cos: v128, sin: v128, step: v128): v128 {
  const column = f32x4.nearest(f32x4.sub(f32x4.mul(x, cos), f32x4.mul(y, sin)));
  const row = f32x4.nearest(f32x4.add(f32x4.mul(x, sin), f32x4.mul(y, cos)));
  return i32x4.add(i32x4.mul(i32x4.trunc_sat_f32x4_s(row), step), i32x4.trunc_sat_f32x4_s(column));
}

/** Pixels that are blurred in one go, at each side. */
const tile: i32 = 32;
/** A descriptor looks so far from its corner, and a half of the filter further. */
const reach: i32 = 19;
const half: i32 = 3;

export function orbBlurScratch(width: i32, height: i32): i32 {
  return tilesOf(width) * tilesOf(height) + 4 * tile * (tile + 2 * half) + 16;
}

function tilesOf(length: i32): i32 {
  return (length + tile - 1) / tile;
}

/**
 * Blurs the image (Gaussian, 7 × 7, symmetric) where descriptors of the listed corners look, in floats as OpenCV does with parts of larger images; the rest of
 * `dst` is left as it is. `weights` has four floats, from the center outwards.
 */
export function orbBlur(
  src: usize,
  dst: usize,
  width: i32,
  height: i32,
  list: usize,
  count: i32,
  weights: usize,
  scratch: usize,
): void {
  const across = tilesOf(width);
  const tiles = across * tilesOf(height);
  memory.fill(scratch, 0, tiles);
  for (let i = 0; i < count; i++) {
    const x = <i32>load<u16>(list + 8 * i);
    const y = <i32>load<u16>(list + 8 * i + 2);
    for (let row = (y - reach) / tile; row <= (y + reach) / tile; row++)
      for (let column = (x - reach) / tile; column <= (x + reach) / tile; column++)
        store<u8>(scratch + row * across + column, 1);
  }
  const rows = (scratch + tiles + 15) & ~15;
  for (let i = 0; i < tiles; i++) {
    if (load<u8>(scratch + i) === 0) continue;
    // Tiles at the border lose what is never looked at, and those at the far ends are moved inwards.
    const x = max(half, min((i % across) * tile, width - tile - half));
    const y = max(half, min((i / across) * tile, height - tile - half));
    blurTile(src + y * width + x, dst + y * width + x, width, weights, rows);
  }
}

function blurTile(src: usize, dst: usize, width: i32, weights: usize, rows: usize): void {
  const w0 = v128.load32_splat(weights);
  const w1 = v128.load32_splat(weights + 4);
  const w2 = v128.load32_splat(weights + 8);
  const w3 = v128.load32_splat(weights + 12);
  const from = src - half * width;
  for (let y = 0; y < tile + 2 * half; y++) {
    const row = from + y * width;
    for (let x = 0; x < tile; x += 4) {
      const at = row + x;
      let sum = f32x4.mul(w3, floats(at - 3));
      sum = f32x4.add(sum, f32x4.mul(w2, floats(at - 2)));
      sum = f32x4.add(sum, f32x4.mul(w1, floats(at - 1)));
      sum = f32x4.add(sum, f32x4.mul(w0, floats(at)));
      sum = f32x4.add(sum, f32x4.mul(w1, floats(at + 1)));
      sum = f32x4.add(sum, f32x4.mul(w2, floats(at + 2)));
      sum = f32x4.add(sum, f32x4.mul(w3, floats(at + 3)));
      v128.store(rows + 4 * (y * tile + x), sum);
    }
  }
  for (let y = 0; y < tile; y++) {
    for (let x = 0; x < tile; x += 8) {
      const at = rows + 4 * ((y + half) * tile + x);
      const low = column(at, w0, w1, w2, w3);
      const high = column(at + 16, w0, w1, w2, w3);
      const words = i16x8.narrow_i32x4_s(low, high);
      v128.store64_lane(dst + y * width + x, i8x16.narrow_i16x8_u(words, words), 0);
    }
  }
}

function floats(at: usize): v128 {
  return f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at))));
}

function column(at: usize, w0: v128, w1: v128, w2: v128, w3: v128): v128 {
  const row = 4 * tile;
  let sum = f32x4.mul(w0, v128.load(at));
  sum = f32x4.add(sum, f32x4.mul(w1, f32x4.add(v128.load(at + row), v128.load(at - row))));
  sum = f32x4.add(sum, f32x4.mul(w2, f32x4.add(v128.load(at + 2 * row), v128.load(at - 2 * row))));
  sum = f32x4.add(sum, f32x4.mul(w3, f32x4.add(v128.load(at + 3 * row), v128.load(at - 3 * row))));
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(sum));
}
