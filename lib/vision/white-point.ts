/** Lights by their color temperature, and the change from one white to another. */
import { rgbToXyz } from './srgb.ts';

export type Matrix = number[][];

/** Chromaticity of D65 (CIE 15), sRGB's white. */
const d65 = { x: 0.3127, y: 0.329 };
/** What of the CIE 1960 chromaticity 100 % of tint is. */
const tintScale = 0.02;
/** Lights of the first temperature and below shine because they are hot; from the second on it is daylight. */
const [warmest, coldest] = [3500, 5000];
/** Bradford's cone responses (CIE 159:2004). */
const bradford: Matrix = [
  [0.8951, 0.2664, -0.1614],
  [-0.7502, 1.7135, 0.0367],
  [0.0389, -0.0685, 1.0296],
];

/** Linear sRGB in which a light of `kelvin` and `tint` (-1 to 1, above 0 greener) becomes white, as a matrix of linear sRGB. */
export function adaptation(kelvin: number, tint: number): Matrix {
  const toCones = multiply(bradford, rgbToXyz);
  const [from, to] = [whiteOf(kelvin, tint), xyzOf(d65)].map((white) => apply(bradford, white));
  const gains = from.map((cone, i) => [0, 1, 2].map((k) => (k === i ? to[i] / cone : 0)));
  return multiply(inverse(toCones), multiply(gains, toCones));
}

/** XYZ, with Y = 1, of a light: of bulbs on the Planckian locus (M. Krystek, 1985), of daylight beside it, so that 6504 K without tint is D65. */
function whiteOf(kelvin: number, tint: number): number[] {
  const [u, v] = planckian(kelvin);
  const [ahead, behind] = [planckian(kelvin * 1.01), planckian(kelvin / 1.01)];
  const [du, dv] = [ahead[0] - behind[0], ahead[1] - behind[1]];
  const length = Math.hypot(du, dv);
  const [u65, v65] = uvOf(d65);
  const base = planckian(6504);
  const daylight = Math.min(1, Math.max(0, (kelvin - warmest) / (coldest - warmest)));
  // To the left of the locus on the way to hotter lights lies purple, to the right green.
  const [across, up] = [(-dv / length) * tint * tintScale, (du / length) * tint * tintScale];
  const [uu, vv] = [u + daylight * (u65 - base[0]) - across, v + daylight * (v65 - base[1]) - up];
  const divisor = 2 * uu - 8 * vv + 4;
  return xyzOf({ x: (3 * uu) / divisor, y: (2 * vv) / divisor });
}

/** u and v of CIE 1960, from 1000 to 15000 K. */
function planckian(kelvin: number): [number, number] {
  const t = kelvin;
  const u =
    (0.860_117_757 + 1.541_182_54e-4 * t + 1.286_412_12e-7 * t * t) /
    (1 + 8.424_202_35e-4 * t + 7.081_451_63e-7 * t * t);
  const v =
    (0.317_398_726 + 4.228_062_45e-5 * t + 4.204_816_91e-8 * t * t) /
    (1 - 2.897_418_16e-5 * t + 1.614_560_53e-7 * t * t);
  return [u, v];
}

function uvOf({ x, y }: typeof d65): [number, number] {
  const divisor = -2 * x + 12 * y + 3;
  return [(4 * x) / divisor, (6 * y) / divisor];
}

function xyzOf({ x, y }: typeof d65): number[] {
  return [x / y, 1, (1 - x - y) / y];
}

function apply(matrix: Matrix, vector: readonly number[]): number[] {
  return matrix.map((row) => row.reduce((sum, value, i) => sum + value * vector[i], 0));
}

function multiply(a: Matrix, b: Matrix): Matrix {
  return a.map((row) => [0, 1, 2].map((k) => row.reduce((sum, value, i) => sum + value * b[i][k], 0)));
}

/** Of a 3 × 3 matrix, by its adjugate. */
function inverse(m: Matrix): Matrix {
  const cofactor = (i: number, k: number) => {
    const [r, s] = [(i + 1) % 3, (i + 2) % 3];
    const [c, d] = [(k + 1) % 3, (k + 2) % 3];
    return m[r][c] * m[s][d] - m[r][d] * m[s][c];
  };
  const determinant = [0, 1, 2].reduce((sum, k) => sum + m[0][k] * cofactor(0, k), 0);
  return [0, 1, 2].map((i) => [0, 1, 2].map((k) => cofactor(k, i) / determinant));
}
