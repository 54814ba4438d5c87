/** Parameter types that several operations share. */
import { z } from 'zod';

/** An odd whole number, as kernel sizes are. */
export const oddSize = (min: number, max: number) =>
  z
    .int()
    .min(min)
    .max(max)
    .refine((size) => size % 2 === 1, { error: 'must be odd' });

/** A length in pixels. */
export const pixels = (min: number, max: number) => z.number().min(min).max(max).meta({ unit: 'px' });

/** A number of per cent. */
export const percent = (min: number, max: number) => z.number().min(min).max(max).meta({ unit: '%' });

/** A color as in CSS, `#rrggbb`; comes out as red, green and blue. */
export const color = () =>
  z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/, { error: 'must be a color as #rrggbb' })
    .describe('color as #rrggbb');

/** The samples of a checked `#rrggbb`. */
export function rgbOf(hex: string): [red: number, green: number, blue: number] {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** `#rrggbb` of three samples. */
export function hexOf([red, green, blue]: readonly number[]): string {
  return `#${[red, green, blue].map((sample) => Math.round(sample).toString(16).padStart(2, '0')).join('')}`;
}
