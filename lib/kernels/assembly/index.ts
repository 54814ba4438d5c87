/** The kernels: AssemblyScript on OpenCV's heap, 8-bit samples, rows without gaps. Addresses and sizes in bytes. */

export {
  absdiff,
  add,
  addWeighted,
  divide,
  greatest,
  invert,
  least,
  multiply,
  scaleAbs,
  subtract,
  threshold,
} from './arithmetic';
export { box, boxScratch } from './box';
export { canny, cannyScratch } from './canny';
export { clahe, claheScratch } from './clahe';
export { inRange, nearestColors, palette } from './colors';
export { countNonZero } from './count';
export { enlargeLabels } from './enlarge-labels';
export { fastCorners, fastScratch } from './fast';
export { filter2d, filter2dScratch } from './filter-2d';
export { follow, followScratch } from './follow';
export { gaussian } from './gaussian';
export { gradient, gradientScratch, laplacian } from './gradient';
export { grayOf3, grayOf4 } from './gray';
export { hamming } from './hamming';
export { histogram } from './histogram';
export { hsvToRgb, rgbToHsv } from './hsv';
export { countLabelRuns, labelBoundaries, labelRuns, labelWindows, tintLabels } from './label-trace';
export { thresholdAgainst, weightedMean, weightedMeanScratch } from './local-mean';
export { localThreshold, localThresholdScratch } from './local-threshold';
export { lut, lut3 } from './lut';
export { median3 } from './median-3';
export { median5 } from './median-5';
export { morphology, morphologyScratch } from './morphology';
export { nonLocalMeans } from './non-local-means';
export { harrisResponses, orbBlur, orbBlurScratch, orbDescriptors, orbMoments } from './orb';
export { plane } from './planes';
export { resizeArea, resizeBlocks } from './resize-area';
export { resizeSmooth, resizeSmoothScratch } from './resize-smooth';
export { leastOfBlocks, rollBall } from './rolling-ball';
export { shrinkExact } from './shrink-exact';
export { unmixStains } from './stains';
export { transform3 } from './transform';
export { rgbToYcrcb, ycrcbToRgb } from './ycrcb';
