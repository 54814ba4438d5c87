import { defineMorphology } from '../vision/declaration/morphology.ts';

/** White top hat: the image minus its opening. Use it to see small bright things on an uneven background. */
export const topHat = defineMorphology({
  name: 'top-hat',
  title: 'Top hat',
  summary: 'Shows bright details smaller than the element, on black: removes an uneven background.',
  type: 'MORPH_TOPHAT',
  kernelSize: 25,
});
