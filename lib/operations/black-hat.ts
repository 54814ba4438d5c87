import { defineMorphology } from '../vision/declaration/morphology.ts';

/** Black hat: the closing minus the image. Use it to see small dark things, such as text or cracks. */
export const blackHat = defineMorphology({
  name: 'black-hat',
  title: 'Black hat',
  summary: 'Shows dark details smaller than the element, on black.',
  type: 'MORPH_BLACKHAT',
  kernelSize: 25,
});
