/** What becomes of the samples of all pages at a place: the greatest, the least or the mean of them. */
export const projections = ['max', 'min', 'mean'] as const;
export type Projection = (typeof projections)[number];
