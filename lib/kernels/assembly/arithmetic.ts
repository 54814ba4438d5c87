/** Arithmetic on 8-bit samples, one by one, as OpenCV's functions of these names without a mask. Any of the addresses may be the same. */
import { narrow, rounded } from './float';
import { max, min } from './rows';

export function add(a: usize, b: usize, dst: usize, length: i32): void {
  let i = 0;
  for (; i + 16 <= length; i += 16) v128.store(dst + i, i8x16.add_sat_u(v128.load(a + i), v128.load(b + i)));
  for (; i < length; i++) store<u8>(dst + i, <u8>Math.min(255, <i32>load<u8>(a + i) + <i32>load<u8>(b + i)));
}

export function subtract(a: usize, b: usize, dst: usize, length: i32): void {
  let i = 0;
  for (; i + 16 <= length; i += 16) v128.store(dst + i, i8x16.sub_sat_u(v128.load(a + i), v128.load(b + i)));
  for (; i < length; i++) store<u8>(dst + i, <u8>Math.max(0, <i32>load<u8>(a + i) - <i32>load<u8>(b + i)));
}

export function absdiff(a: usize, b: usize, dst: usize, length: i32): void {
  let i = 0;
  for (; i + 16 <= length; i += 16) {
    const p = v128.load(a + i);
    const q = v128.load(b + i);
    v128.store(dst + i, v128.or(i8x16.sub_sat_u(p, q), i8x16.sub_sat_u(q, p)));
  }
  for (; i < length; i++) store<u8>(dst + i, <u8>Math.abs(<i32>load<u8>(a + i) - <i32>load<u8>(b + i)));
}

export function least(a: usize, b: usize, dst: usize, length: i32): void {
  let i = 0;
  for (; i + 16 <= length; i += 16) v128.store(dst + i, min(v128.load(a + i), v128.load(b + i)));
  for (; i < length; i++) store<u8>(dst + i, <u8>Math.min(<i32>load<u8>(a + i), <i32>load<u8>(b + i)));
}

export function greatest(a: usize, b: usize, dst: usize, length: i32): void {
  let i = 0;
  for (; i + 16 <= length; i += 16) v128.store(dst + i, max(v128.load(a + i), v128.load(b + i)));
  for (; i < length; i++) store<u8>(dst + i, <u8>Math.max(<i32>load<u8>(a + i), <i32>load<u8>(b + i)));
}

export function invert(src: usize, dst: usize, length: i32): void {
  let i = 0;
  for (; i + 16 <= length; i += 16) v128.store(dst + i, v128.not(v128.load(src + i)));
  for (; i < length; i++) store<u8>(dst + i, ~load<u8>(src + i));
}

/** `high` where a sample is above `level` (0 to 254), `low` elsewhere. */
export function threshold(src: usize, dst: usize, length: i32, level: i32, low: i32, high: i32): void {
  const first = i8x16.splat(<i8>(level + 1));
  const above = i8x16.splat(<i8>high);
  const below = i8x16.splat(<i8>low);
  let i = 0;
  for (; i + 16 <= length; i += 16) {
    const samples = v128.load(src + i);
    v128.store(dst + i, v128.bitselect(above, below, i8x16.eq(max(samples, first), samples)));
  }
  for (; i < length; i++) store<u8>(dst + i, <u8>(<i32>load<u8>(src + i) > level ? high : low));
}

/** a · alpha + b · beta + gamma in single precision, rounded to even. The factors are below 2^12, `gamma` below 2^20. */
export function addWeighted(a: usize, b: usize, dst: usize, length: i32, alpha: f32, beta: f32, gamma: f32): void {
  let i = 0;
  for (; i + 16 <= length; i += 16) {
    const p = v128.load(a + i);
    const q = v128.load(b + i);
    const pl = i16x8.extend_low_i8x16_u(p);
    const ph = i16x8.extend_high_i8x16_u(p);
    const ql = i16x8.extend_low_i8x16_u(q);
    const qh = i16x8.extend_high_i8x16_u(q);
    const first = weighted(i32x4.extend_low_i16x8_u(pl), i32x4.extend_low_i16x8_u(ql), alpha, beta, gamma);
    const second = weighted(i32x4.extend_high_i16x8_u(pl), i32x4.extend_high_i16x8_u(ql), alpha, beta, gamma);
    const third = weighted(i32x4.extend_low_i16x8_u(ph), i32x4.extend_low_i16x8_u(qh), alpha, beta, gamma);
    const fourth = weighted(i32x4.extend_high_i16x8_u(ph), i32x4.extend_high_i16x8_u(qh), alpha, beta, gamma);
    v128.store(dst + i, narrow(first, second, third, fourth));
  }
  for (; i < length; i++) {
    const sum = weighted(i32x4.splat(load<u8>(a + i)), i32x4.splat(load<u8>(b + i)), alpha, beta, gamma);
    store<u8>(dst + i, i8x16.extract_lane_u(narrow(sum, sum, sum, sum), 0));
  }
}

function weighted(a: v128, b: v128, alpha: f32, beta: f32, gamma: f32): v128 {
  const p = f32x4.mul(f32x4.convert_i32x4_s(a), f32x4.splat(alpha));
  const q = f32x4.mul(f32x4.convert_i32x4_s(b), f32x4.splat(beta));
  return rounded(f32x4.add(f32x4.add(p, q), f32x4.splat(gamma)));
}

/** (scale · a) · b in single precision, rounded to even; `scale` is below 32. */
export function multiply(a: usize, b: usize, dst: usize, length: i32, scale: f32): void {
  const factor = f32x4.splat(scale);
  let i = 0;
  for (; i + 16 <= length; i += 16) {
    const p = v128.load(a + i);
    const q = v128.load(b + i);
    const pl = i16x8.extend_low_i8x16_u(p);
    const ph = i16x8.extend_high_i8x16_u(p);
    const ql = i16x8.extend_low_i8x16_u(q);
    const qh = i16x8.extend_high_i8x16_u(q);
    v128.store(
      dst + i,
      narrow(
        product(i32x4.extend_low_i16x8_u(pl), i32x4.extend_low_i16x8_u(ql), factor),
        product(i32x4.extend_high_i16x8_u(pl), i32x4.extend_high_i16x8_u(ql), factor),
        product(i32x4.extend_low_i16x8_u(ph), i32x4.extend_low_i16x8_u(qh), factor),
        product(i32x4.extend_high_i16x8_u(ph), i32x4.extend_high_i16x8_u(qh), factor),
      ),
    );
  }
  for (; i < length; i++) {
    const one = product(i32x4.splat(load<u8>(a + i)), i32x4.splat(load<u8>(b + i)), factor);
    store<u8>(dst + i, i8x16.extract_lane_u(narrow(one, one, one, one), 0));
  }
}

function product(a: v128, b: v128, scale: v128): v128 {
  return rounded(f32x4.mul(f32x4.mul(scale, f32x4.convert_i32x4_s(a)), f32x4.convert_i32x4_s(b)));
}

/** (scale · a) / b in single precision, rounded to even, and 0 where b is 0; `scale` is below 2^13. */
export function divide(a: usize, b: usize, dst: usize, length: i32, scale: f32): void {
  const factor = f32x4.splat(scale);
  let i = 0;
  for (; i + 16 <= length; i += 16) {
    const p = v128.load(a + i);
    const q = v128.load(b + i);
    const pl = i16x8.extend_low_i8x16_u(p);
    const ph = i16x8.extend_high_i8x16_u(p);
    const ql = i16x8.extend_low_i8x16_u(q);
    const qh = i16x8.extend_high_i8x16_u(q);
    v128.store(
      dst + i,
      narrow(
        quotient(i32x4.extend_low_i16x8_u(pl), i32x4.extend_low_i16x8_u(ql), factor),
        quotient(i32x4.extend_high_i16x8_u(pl), i32x4.extend_high_i16x8_u(ql), factor),
        quotient(i32x4.extend_low_i16x8_u(ph), i32x4.extend_low_i16x8_u(qh), factor),
        quotient(i32x4.extend_high_i16x8_u(ph), i32x4.extend_high_i16x8_u(qh), factor),
      ),
    );
  }
  for (; i < length; i++) {
    const one = quotient(i32x4.splat(load<u8>(a + i)), i32x4.splat(load<u8>(b + i)), factor);
    store<u8>(dst + i, i8x16.extract_lane_u(narrow(one, one, one, one), 0));
  }
}

function quotient(a: v128, b: v128, scale: v128): v128 {
  const exact = f32x4.div(f32x4.mul(scale, f32x4.convert_i32x4_s(a)), f32x4.convert_i32x4_s(b));
  return v128.andnot(rounded(exact), i32x4.eq(b, i32x4.splat(0)));
}

/** |x| of 32-bit floats, scaled, moved by `shift` and rounded to even: OpenCV's `convertScaleAbs`. Saturated at 255. */
export function scaleAbs(src: usize, dst: usize, length: i32, scale: f32, shift: f32): void {
  const factor = f32x4.splat(scale);
  const offset = f32x4.splat(shift);
  let i = 0;
  for (; i + 16 <= length; i += 16) {
    const at = src + 4 * i;
    v128.store(
      dst + i,
      narrow(
        absolute(v128.load(at), factor, offset),
        absolute(v128.load(at + 16), factor, offset),
        absolute(v128.load(at + 32), factor, offset),
        absolute(v128.load(at + 48), factor, offset),
      ),
    );
  }
  for (; i < length; i++) {
    const one = absolute(f32x4.splat(load<f32>(src + 4 * i)), factor, offset);
    store<u8>(dst + i, i8x16.extract_lane_u(narrow(one, one, one, one), 0));
  }
}

function absolute(value: v128, scale: v128, shift: v128): v128 {
  const scaled = f32x4.abs(f32x4.add(f32x4.mul(value, scale), shift));
  return rounded(f32x4.pmin(scaled, f32x4.splat(255)));
}
