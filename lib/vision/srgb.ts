/** Between samples of sRGB and linear light (IEC 61966-2-1). */

/** Linear light, 0 to 1, of a sample from 0 to 1. */
export function toLinear(sample: number): number {
  return sample <= 0.040_45 ? sample / 12.92 : ((sample + 0.055) / 1.055) ** 2.4;
}

/** The sample, 0 to 1, of linear light; what is beyond 0 to 1 is clamped. */
export function fromLinear(light: number): number {
  const clamped = Math.min(1, Math.max(0, light));
  return clamped <= 0.003_130_8 ? 12.92 * clamped : 1.055 * clamped ** (1 / 2.4) - 0.055;
}

/** XYZ of linear sRGB, row by row. */
export const rgbToXyz = [
  [0.412_390_8, 0.357_584_34, 0.180_480_79],
  [0.212_639_01, 0.715_168_68, 0.072_192_32],
  [0.019_330_82, 0.119_194_78, 0.950_532_15],
];
