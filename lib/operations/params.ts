/** Parameter types that several operations share. */
import { z } from 'zod';

/** An odd whole number, as kernel sizes are. */
export const oddSize = (min: number, max: number) =>
  z
    .int()
    .min(min)
    .max(max)
    .refine((size) => size % 2 === 1, { error: 'must be odd' });
