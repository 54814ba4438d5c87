/**
 * Color deconvolution: how much of each of three stains lies in a pixel, by Lambert and Beer's law (A. Ruifrok & D. Johnston,
 * Quantification of histochemical staining by color deconvolution, 2001).
 */

/** Optical densities in red, green and blue. */
export type StainVector = [red: number, green: number, blue: number];

export const stainNames = ['hematoxylin', 'eosin', 'dab'] as const;
export type Stain = (typeof stainNames)[number];
export type StainVectors = Record<Stain, StainVector>;

/** The stains of Ruifrok and Johnston's paper, as in scikit-image's `hed_from_rgb`. */
export const usualStains: StainVectors = {
  hematoxylin: [0.65, 0.7, 0.29],
  eosin: [0.07, 0.99, 0.11],
  dab: [0.27, 0.57, 0.78],
};

/** The darkest that a pixel counts as, a part of white, as in scikit-image. */
const darkest = 1e-6;

/** The natural absorbance of each sample of `depth` bits: -ln(sample / white). */
export function absorbances(depth: 8 | 16): Float64Array {
  const white = 2 ** depth - 1;
  return Float64Array.from({ length: white + 1 }, (_, sample) => -Math.log(Math.max(sample / white, darkest)));
}

/** The sum of triple products; 0 where two stains look the same. */
export function determinantOf({ hematoxylin: h, eosin: e, dab: d }: StainVectors): number {
  return h[0] * (e[1] * d[2] - e[2] * d[1]) - h[1] * (e[0] * d[2] - e[2] * d[0]) + h[2] * (e[0] * d[1] - e[1] * d[0]);
}

/** The weights of red, green and blue absorbance in the amount of a stain: a column of the inverse of the stains' matrix. */
export function unmixingWeights(vectors: StainVectors, stain: Stain): StainVector {
  const index = stainNames.indexOf(stain);
  // The cross product of the two others is at right angles to both: they add nothing.
  const p = vectors[stainNames[(index + 1) % 3]];
  const q = vectors[stainNames[(index + 2) % 3]];
  const determinant = determinantOf(vectors);
  return [
    (p[1] * q[2] - p[2] * q[1]) / determinant,
    (p[2] * q[0] - p[0] * q[2]) / determinant,
    (p[0] * q[1] - p[1] * q[0]) / determinant,
  ];
}

/** The amount of a stain in each pixel of interleaved RGB samples: times its vector, the absorbance that it adds. Never below 0. */
export function stainAmounts(
  samples: Uint8Array | Uint16Array,
  vectors: StainVectors,
  stain: Stain,
): Float32Array<ArrayBuffer> {
  const absorbance = absorbances(samples.BYTES_PER_ELEMENT === 2 ? 16 : 8);
  const [red, green, blue] = unmixingWeights(vectors, stain);
  const amounts = new Float32Array(samples.length / 3);
  for (let i = 0, p = 0; i < amounts.length; i++, p += 3) {
    const amount =
      red * absorbance[samples[p]] + green * absorbance[samples[p + 1]] + blue * absorbance[samples[p + 2]];
    amounts[i] = Math.max(0, amount);
  }
  return amounts;
}

/** The part of the light that so much of a stain takes away, from 0 to 1: brighter where there is more of it. */
export function opacityOf(amount: number): number {
  return 1 - Math.exp(-amount);
}
