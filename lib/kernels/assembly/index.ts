/** The kernels: AssemblyScript on OpenCV's heap, 8-bit samples, rows without gaps. Addresses and sizes in bytes. */

export { canny, cannyScratch } from './canny';
export { countNonZero } from './count';
export { fastCorners, fastScratch } from './fast';
export { follow, followScratch } from './follow';
export { gaussian } from './gaussian';
export { grayOf3, grayOf4 } from './gray';
export { hamming } from './hamming';
export { median3 } from './median-3';
export { median5 } from './median-5';
export { morphology, morphologyScratch } from './morphology';
export { nonLocalMeans } from './non-local-means';
export { harrisResponses, orbBlur, orbBlurScratch, orbDescriptors, orbMoments } from './orb';
export { shrinkExact } from './shrink-exact';
