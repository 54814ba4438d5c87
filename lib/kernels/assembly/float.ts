/** Steps between 32-bit floats and 8-bit samples. */

/** 1.5 · 2^23: added to a float below 2^22 it leaves the nearest whole number in the low bits, halves rounded to even. */
const magic: f32 = 12582912;
const magicBits: i32 = 0x4b400000;

/** Four floats between -2^22 and 2^22 as integers, halves rounded to even. */
export function rounded(values: v128): v128 {
  return i32x4.sub(f32x4.add(values, f32x4.splat(magic)), i32x4.splat(magicBits));
}

/** Sixteen integers, saturated to bytes. */
export function narrow(a: v128, b: v128, c: v128, d: v128): v128 {
  return i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d));
}
