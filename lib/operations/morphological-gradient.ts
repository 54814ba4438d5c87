import { defineMorphology } from '../vision/declaration/morphology.ts';

/** Morphological gradient: dilation minus erosion. Use it for thick outlines of masks and objects. */
export const morphologicalGradient = defineMorphology({
  name: 'morphological-gradient',
  title: 'Morphological gradient',
  summary: 'Shows outlines: what dilation adds to erosion.',
  type: 'MORPH_GRADIENT',
  kernelSize: 3,
});
