/**
 * Follows points from one gray image to another (B. Lucas & T. Kanade, 1981; inverse compositional, S. Baker & I. Matthews, 2004): the shift at which
 * the window around a point looks most like the other image, whatever their difference in brightness and contrast (D. Schreiber, 2007).
 */
/** Samples along a side of the window. */
const side: i32 = 21;
/** Samples of a window, with zeros to a multiple of four. */
const samples: i32 = 444;
const rounds: i32 = 8;
/** A shift by less than this, in pixels of the window's step, is the last. */
const enough: f32 = 0.01;
/** Floats of a list entry. */
const entry: i32 = 12;

export function followScratch(): i32 {
  return 4 * 4 * samples;
}

/**
 * Updates a list of points, 12 floats each: the place in the image (whole numbers); its place in the other image; the derivative there, by x and y of
 * the image (xx, xy, yx, yy); the shift that is looked for, in pixels of the image, with its first guess; and how alike both are: their correlation, or -1
 * where the point cannot be followed. Windows have a sample every `step` pixels, and shifts of more than `most` are given up.
 */
export function follow(
  image: usize,
  width: i32,
  height: i32,
  other: usize,
  otherWidth: i32,
  otherHeight: i32,
  list: usize,
  count: i32,
  step: i32,
  most: f32,
  scratch: usize,
): void {
  const template = scratch;
  const slopeX = template + 4 * samples;
  const slopeY = slopeX + 4 * samples;
  const seen = slopeY + 4 * samples;
  memory.fill(scratch, 0, 4 * 4 * samples);
  for (let i = 0; i < count; i++) {
    const point = list + 4 * entry * i;
    store<f32>(point + 40, -1);
    const spread = readWindow(image, width, height, point, step, template, slopeX, slopeY);
    if (spread < 1) continue;
    const xx = dot(slopeX, slopeX);
    const xy = dot(slopeX, slopeY);
    const yy = dot(slopeY, slopeY);
    const determinant = xx * yy - xy * xy;
    if (determinant < <f32>1e-4 * (xx + yy) * (xx + yy) || xx + yy < <f32>1) continue;
    for (let round = 0; round < rounds; round++) {
      look(other, otherWidth, otherHeight, point, step, seen);
      project(template, slopeX, slopeY, seen);
      const contrast = onTemplate / spread;
      if (contrast < <f32>0.1) break;
      const ex = onSlopeX / contrast;
      const ey = onSlopeY / contrast;
      const dx = (yy * ex - xy * ey) / determinant;
      const dy = (xx * ey - xy * ex) / determinant;
      const shiftX = load<f32>(point + 32) - dx;
      const shiftY = load<f32>(point + 36) - dy;
      if (!(abs(shiftX) <= most && abs(shiftY) <= most)) break;
      store<f32>(point + 32, shiftX);
      store<f32>(point + 36, shiftY);
      if (max(abs(dx), abs(dy)) < enough * <f32>step || round === rounds - 1) {
        store<f32>(point + 40, (contrast * spread) / sqrt(max<f32>(1, spread * variation(seen))));
        break;
      }
    }
  }
}

/** The window without its mean, and its slopes without what brightness and contrast explain. Gives the sum of the window's squares. */
function readWindow(
  image: usize,
  width: i32,
  height: i32,
  point: usize,
  step: i32,
  template: usize,
  slopeX: usize,
  slopeY: usize,
): f32 {
  const half = side >> 1;
  const x = <i32>load<f32>(point);
  const y = <i32>load<f32>(point + 4);
  const perPixel: f32 = <f32>0.5 / <f32>step;
  let at: usize = 0;
  const margin = (half + 1) * step;
  const isInside = x >= margin && y >= margin && x < width - margin && y < height - margin;
  for (let v = -half; v <= half && isInside; v++) {
    const up = width * step;
    let here = image + (y + v * step) * width + x - half * step;
    for (let u = 0; u < side; u++, at += 4, here += step) {
      store<f32>(template + at, <f32>load<u8>(here));
      store<f32>(slopeX + at, perPixel * <f32>(<i32>load<u8>(here + step) - <i32>load<u8>(here - step)));
      store<f32>(slopeY + at, perPixel * <f32>(<i32>load<u8>(here + up) - <i32>load<u8>(here - up)));
    }
  }
  for (let v = -half; v <= half && !isInside; v++) {
    const row = image + inside(y + v * step, height) * width;
    const above = image + inside(y + (v - 1) * step, height) * width;
    const below = image + inside(y + (v + 1) * step, height) * width;
    for (let u = -half; u <= half; u++, at += 4) {
      const here = inside(x + u * step, width);
      const left = inside(x + (u - 1) * step, width);
      const right = inside(x + (u + 1) * step, width);
      store<f32>(template + at, <f32>load<u8>(row + here));
      store<f32>(slopeX + at, perPixel * <f32>(<i32>load<u8>(row + right) - <i32>load<u8>(row + left)));
      store<f32>(slopeY + at, perPixel * <f32>(<i32>load<u8>(below + here) - <i32>load<u8>(above + here)));
    }
  }
  center(template);
  center(slopeX);
  center(slopeY);
  const spread = dot(template, template);
  if (spread < 1) return spread;
  subtract(slopeX, template, dot(slopeX, template) / spread);
  subtract(slopeY, template, dot(slopeY, template) / spread);
  return spread;
}

function inside(at: i32, length: i32): i32 {
  return max(0, min(length - 1, at));
}

function sumOf(list: usize): f32 {
  let sum = f32x4.splat(0);
  for (let i = 0; i < 4 * samples; i += 16) sum = f32x4.add(sum, v128.load(list + i));
  return add4(sum);
}

function dot(a: usize, b: usize): f32 {
  let sum = f32x4.splat(0);
  for (let i = 0; i < 4 * samples; i += 16) sum = f32x4.add(sum, f32x4.mul(v128.load(a + i), v128.load(b + i)));
  return add4(sum);
}

let onTemplate: f32 = 0;
let onSlopeX: f32 = 0;
let onSlopeY: f32 = 0;

/** Three products with what is seen, at once. */
function project(template: usize, slopeX: usize, slopeY: usize, seen: usize): void {
  let a = f32x4.splat(0);
  let b = f32x4.splat(0);
  let c = f32x4.splat(0);
  for (let i = 0; i < 4 * samples; i += 16) {
    const sample = v128.load(seen + i);
    a = f32x4.add(a, f32x4.mul(v128.load(template + i), sample));
    b = f32x4.add(b, f32x4.mul(v128.load(slopeX + i), sample));
    c = f32x4.add(c, f32x4.mul(v128.load(slopeY + i), sample));
  }
  onTemplate = add4(a);
  onSlopeX = add4(b);
  onSlopeY = add4(c);
}

/** Squares about the mean. */
function variation(list: usize): f32 {
  const sum = sumOf(list);
  return max<f32>(0, dot(list, list) - (sum * sum) / <f32>(side * side));
}

function center(list: usize): void {
  const mean = sumOf(list) / <f32>(side * side);
  for (let i = 0; i < side * side; i++) store<f32>(list + 4 * i, load<f32>(list + 4 * i) - mean);
}

function subtract(list: usize, other: usize, factor: f32): void {
  const by = f32x4.splat(factor);
  for (let i = 0; i < 4 * samples; i += 16)
    v128.store(list + i, f32x4.sub(v128.load(list + i), f32x4.mul(by, v128.load(other + i))));
}

/** The window where it is in the other image now, bilinear. */
function look(other: usize, width: i32, height: i32, point: usize, step: i32, seen: usize): void {
  const half = side >> 1;
  const x = load<f32>(point + 8);
  const y = load<f32>(point + 12);
  const xx = load<f32>(point + 16);
  const xy = load<f32>(point + 20);
  const yx = load<f32>(point + 24);
  const yy = load<f32>(point + 28);
  const u0 = load<f32>(point + 32) - <f32>(half * step);
  const v0 = load<f32>(point + 36) - <f32>(half * step);
  const right = f32x4.splat(<f32>(width - 2));
  const bottom = f32x4.splat(<f32>(height - 2));
  const zero = f32x4.splat(0);
  const u = f32x4.mul(f32x4(0, 1, 2, 3), f32x4.splat(<f32>step));
  const four: f32 = <f32>(step << 2);
  const stepX = f32x4.splat(four * xx);
  const stepY = f32x4.splat(four * yx);
  let target = seen;
  for (let row = 0; row < side; row++, target += 4 * side) {
    const v = v0 + <f32>(row * step);
    let atX = f32x4.add(f32x4.splat(x + xx * u0 + xy * v), f32x4.mul(u, f32x4.splat(xx)));
    let atY = f32x4.add(f32x4.splat(y + yx * u0 + yy * v), f32x4.mul(u, f32x4.splat(yx)));
    for (let k = 0; k < 24; k += 4) {
      const cx = f32x4.pmax(zero, f32x4.pmin(right, atX));
      const cy = f32x4.pmax(zero, f32x4.pmin(bottom, atY));
      const wholeX = f32x4.floor(cx);
      const wholeY = f32x4.floor(cy);
      const wx = f32x4.sub(cx, wholeX);
      const wy = f32x4.sub(cy, wholeY);
      const places = i32x4.add(i32x4.mul(integers(wholeY), i32x4.splat(width)), integers(wholeX));
      const p0 = other + i32x4.extract_lane(places, 0);
      const p1 = other + i32x4.extract_lane(places, 1);
      const p2 = other + i32x4.extract_lane(places, 2);
      const p3 = other + i32x4.extract_lane(places, 3);
      let upper = i16x8.splat(0);
      upper = v128.load16_lane(p0, upper, 0);
      upper = v128.load16_lane(p1, upper, 2);
      upper = v128.load16_lane(p2, upper, 4);
      upper = v128.load16_lane(p3, upper, 6);
      let lower = i16x8.splat(0);
      lower = v128.load16_lane(p0 + width, lower, 0);
      lower = v128.load16_lane(p1 + width, lower, 2);
      lower = v128.load16_lane(p2 + width, lower, 4);
      lower = v128.load16_lane(p3 + width, lower, 6);
      const above = mix(first(upper), second(upper), wx);
      const below = mix(first(lower), second(lower), wx);
      if (k < 20) v128.store(target + 4 * k, mix(above, below, wy));
      else v128.store32_lane(target + 4 * k, mix(above, below, wy), 0);
      atX = f32x4.add(atX, stepX);
      atY = f32x4.add(atY, stepY);
    }
  }
}

/** Of whole floats from 0 to 2²³ - 1: as they stand in the last bits of their sum with 2²³. */
function integers(whole: v128): v128 {
  return v128.and(f32x4.add(whole, f32x4.splat(8388608)), i32x4.splat(0x7fffff));
}

function first(pairs: v128): v128 {
  return f32x4.convert_i32x4_u(v128.and(pairs, i32x4.splat(255)));
}

function second(pairs: v128): v128 {
  return f32x4.convert_i32x4_u(i32x4.shr_u(pairs, 8));
}

function mix(a: v128, b: v128, weight: v128): v128 {
  return f32x4.add(a, f32x4.mul(f32x4.sub(b, a), weight));
}

function add4(lanes: v128): f32 {
  return (
    f32x4.extract_lane(lanes, 0) +
    f32x4.extract_lane(lanes, 1) +
    f32x4.extract_lane(lanes, 2) +
    f32x4.extract_lane(lanes, 3)
  );
}
