import { defineMorphology } from '../vision/declaration/morphology.ts';

/** Erosion. Use it to part objects that touch, or to drop bright specks. */
export const erode = defineMorphology({
  name: 'erode',
  title: 'Erode',
  summary: 'Shrinks bright areas: removes thin bright parts and specks.',
  type: 'MORPH_ERODE',
  kernelSize: 3,
});
