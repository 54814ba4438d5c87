/** The list of operations, as they are shown: adding one means its file and a line here. */
import { adaptiveThreshold } from './adaptive-threshold.ts';
import { aruco } from './aruco.ts';
import { autoCrop } from './auto-crop.ts';
import { barcode } from './barcode.ts';
import { bilateral } from './bilateral.ts';
import { blackHat } from './black-hat.ts';
import { blend } from './blend.ts';
import { boxBlur } from './box-blur.ts';
import { brightnessContrast } from './brightness-contrast.ts';
import { canny } from './canny.ts';
import { channel } from './channel.ts';
import { clahe } from './clahe.ts';
import { clearBorder } from './clear-border.ts';
import { close } from './close.ts';
import { colorMap } from './color-map.ts';
import { colorTable } from './color-table.ts';
import { connectedComponents } from './connected-components.ts';
import { contours } from './contours.ts';
import { corners } from './corners.ts';
import { crop } from './crop.ts';
import { curves } from './curves.ts';
import { customKernel } from './custom-kernel.ts';
import { denoise } from './denoise.ts';
import { deskew } from './deskew.ts';
import { difference } from './difference.ts';
import { dilate } from './dilate.ts';
import { distanceTransform } from './distance-transform.ts';
import { emboss } from './emboss.ts';
import { equalize } from './equalize.ts';
import { erode } from './erode.ts';
import { evenIllumination } from './even-illumination.ts';
import { faceDetection } from './face-detection.ts';
import { featureMatching } from './feature-matching.ts';
import { fillHoles } from './fill-holes.ts';
import { filterObjects } from './filter-objects.ts';
import { flatField } from './flat-field.ts';
import { flip } from './flip.ts';
import { gamma } from './gamma.ts';
import { gaussianBlur } from './gaussian-blur.ts';
import { grabCut } from './grab-cut.ts';
import { grayscale } from './grayscale.ts';
import { hMaxima } from './h-maxima.ts';
import { histogram } from './histogram.ts';
import { houghCircles } from './hough-circles.ts';
import { houghLines } from './hough-lines.ts';
import { hueSaturation } from './hue-saturation.ts';
import { hysteresisThreshold } from './hysteresis-threshold.ts';
import { inRange } from './in-range.ts';
import { inpaint } from './inpaint.ts';
import { invert } from './invert.ts';
import { kMeans } from './k-means.ts';
import { laplacian } from './laplacian.ts';
import { localThreshold } from './local-threshold.ts';
import { measureObjects } from './measure-objects.ts';
import { medianBlur } from './median-blur.ts';
import { mergeChannels } from './merge-channels.ts';
import { morphologicalGradient } from './morphological-gradient.ts';
import { multiOtsu } from './multi-otsu.ts';
import { open } from './open.ts';
import { openByReconstruction } from './open-by-reconstruction.ts';
import type { Operation } from './operation.ts';
import { people } from './people.ts';
import { peopleCutout } from './people-cutout.ts';
import { perspective } from './perspective.ts';
import { qrCode } from './qr-code.ts';
import { quantize } from './quantize.ts';
import { reconstruction } from './reconstruction.ts';
import { rectifyPage } from './rectify-page.ts';
import { redactFaces } from './redact-faces.ts';
import { register } from './register.ts';
import { rescale } from './rescale.ts';
import { resize } from './resize.ts';
import { rollingBall } from './rolling-ball.ts';
import { rotate } from './rotate.ts';
import { scharr } from './scharr.ts';
import { sepia } from './sepia.ts';
import { sharpen } from './sharpen.ts';
import { skeleton } from './skeleton.ts';
import { smartCrop } from './smart-crop.ts';
import { sobel } from './sobel.ts';
import { splitChannels } from './split-channels.ts';
import { spots } from './spots.ts';
import { stainUnmixing } from './stain-unmixing.ts';
import { temperatureTint } from './temperature-tint.ts';
import { templateMatching } from './template-matching.ts';
import { text } from './text.ts';
import { threshold } from './threshold.ts';
import { topHat } from './top-hat.ts';
import { watermark } from './watermark.ts';
import { watershed } from './watershed.ts';
import { whiteBalance } from './white-balance.ts';
import { windowLevel } from './window-level.ts';

const all = [
  canny,
  watershed,
  featureMatching,
  faceDetection,
  gaussianBlur,
  boxBlur,
  medianBlur,
  bilateral,
  sharpen,
  denoise,
  emboss,
  customKernel,
  sobel,
  scharr,
  laplacian,
  houghLines,
  houghCircles,
  corners,
  grayscale,
  channel,
  splitChannels,
  stainUnmixing,
  invert,
  brightnessContrast,
  gamma,
  curves,
  hueSaturation,
  whiteBalance,
  temperatureTint,
  sepia,
  colorMap,
  equalize,
  clahe,
  inRange,
  quantize,
  histogram,
  windowLevel,
  rescale,
  threshold,
  adaptiveThreshold,
  localThreshold,
  hysteresisThreshold,
  multiOtsu,
  erode,
  dilate,
  open,
  close,
  morphologicalGradient,
  topHat,
  blackHat,
  openByReconstruction,
  hMaxima,
  skeleton,
  resize,
  crop,
  rotate,
  flip,
  perspective,
  rectifyPage,
  deskew,
  smartCrop,
  autoCrop,
  contours,
  connectedComponents,
  peopleCutout,
  grabCut,
  kMeans,
  measureObjects,
  filterObjects,
  clearBorder,
  fillHoles,
  distanceTransform,
  spots,
  templateMatching,
  qrCode,
  barcode,
  aruco,
  people,
  redactFaces,
  register,
  difference,
  blend,
  colorTable,
  mergeChannels,
  flatField,
  reconstruction,
  text,
  watermark,
  inpaint,
  evenIllumination,
  rollingBall,
] as unknown as readonly Operation[];

export const operations: ReadonlyMap<string, Operation> = new Map(all.map((operation) => [operation.name, operation]));
