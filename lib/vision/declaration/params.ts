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

const maxShapes = 200;
const side = z.int().min(0).max(100_000);

/** Rectangles in pixels, by their edges at the left and the top. */
export const rectangles = () =>
  z
    .array(z.strictObject({ left: side, top: side, width: side.min(1), height: side.min(1) }))
    .max(maxShapes)
    .meta({ unit: 'px' });

const coordinate = z.number().min(-100_000).max(100_000);

/** Strokes of a brush: lines through [x, y] points with round ends; a stroke of one point is a disc. */
export const strokes = () =>
  z
    .array(
      z.strictObject({
        points: z
          .array(z.tuple([coordinate, coordinate]))
          .min(1)
          .max(1000)
          .describe('[x, y] in the image, which reaches from 0, 0 to its width and height'),
        radius: z.number().min(0.5).max(1000).default(5),
      }),
    )
    .max(maxShapes)
    .meta({ unit: 'px' });

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
