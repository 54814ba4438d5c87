import { defineMorphology } from '../vision/declaration/morphology.ts';

/** Opening: erosion, then dilation. Use it to clean masks of specks. */
export const open = defineMorphology({
  name: 'open',
  title: 'Open',
  summary: 'Removes bright specks and thin parts, and leaves the rest as it was.',
  type: 'MORPH_OPEN',
  kernelSize: 5,
});
