import { defineMorphology } from '../vision/declaration/morphology.ts';

/** Dilation. Use it to join broken lines, or to give a mask a margin. */
export const dilate = defineMorphology({
  name: 'dilate',
  title: 'Dilate',
  summary: 'Grows bright areas: small dark gaps close.',
  type: 'MORPH_DILATE',
  kernelSize: 3,
});
