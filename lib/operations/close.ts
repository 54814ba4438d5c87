import { defineMorphology } from '../vision/declaration/morphology.ts';

/** Closing: dilation, then erosion. Use it to fill gaps in masks and lines. */
export const close = defineMorphology({
  name: 'close',
  title: 'Close',
  summary: 'Closes dark gaps and holes, and leaves the rest as it was.',
  type: 'MORPH_CLOSE',
  kernelSize: 5,
});
