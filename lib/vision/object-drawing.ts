/** How operations show the objects that they have found. */
import { canvasOf } from './channels.ts';
import { lineWidth } from './drawing.ts';
import { addressOf, cv, kernels, type Mat } from './opencv.ts';
import { distinctColor, paletteSize } from './palette.ts';
import type { Scope } from './scope.ts';

/** The image with each object a third of the way to a color of its own, and its boundary in red. */
export function tintedObjects(image: Mat, labels: Mat, scope: Scope): Mat {
  const canvas = canvasOf(image, scope);
  tint(canvas, labels, scope);
  canvas.setTo(new cv.Scalar(255, 40, 40), visible(objectBoundaries(labels, scope), scope));
  return canvas;
}

/** Something to draw on for a label image: white where objects are, as its numbers are no brightness. */
export function labelsShown(image: Mat, scope: Scope): Mat {
  const white = scope.mat();
  image.convertTo(white, cv.CV_8U, 255);
  return white;
}

/** The image with the outlines of the objects; those of their holes, too, where wanted. */
export function outlinedObjects(image: Mat, labels: Mat, holes: boolean, scope: Scope): Mat {
  const mask = scope.mat(labels.rows, labels.cols, cv.CV_8UC1);
  const source = labels.data32S as Int32Array;
  const target = mask.data as Uint8Array;
  for (let i = 0; i < target.length; i++) target[i] = source[i] > 0 ? 255 : 0;
  const outlines = scope.own(new cv.MatVector());
  cv.findContours(mask, outlines, scope.mat(), holes ? cv.RETR_CCOMP : cv.RETR_EXTERNAL, cv.CHAIN_APPROX_NONE);
  const canvas = canvasOf(image, scope);
  cv.drawContours(canvas, outlines, -1, new cv.Scalar(60, 220, 90), lineWidth(canvas));
  return canvas;
}

/** White where a pixel of an object lies beside another object or the background, and on lines that belong to nobody (below 0). */
export function objectBoundaries(labels: Mat, scope: Scope): Mat {
  const { rows, cols } = labels;
  const mask = scope.own(cv.Mat.zeros(rows, cols, cv.CV_8UC1));
  if (kernels) {
    kernels.labelBoundaries(addressOf(labels), rows, cols, addressOf(mask));
    return mask;
  }
  const label = labels.data32S as Int32Array;
  const target = mask.data as Uint8Array;
  for (let y = 0, i = 0; y < rows; y++) {
    for (let x = 0; x < cols; x++, i++) {
      const l = label[i];
      if (l === 0) continue;
      if (l < 0) {
        // OpenCV marks the image's frame as a line.
        if (x > 0 && y > 0 && x < cols - 1 && y < rows - 1) target[i] = 255;
      } else if (
        (x > 0 && label[i - 1] >= 0 && label[i - 1] !== l) ||
        (x < cols - 1 && label[i + 1] >= 0 && label[i + 1] !== l) ||
        (y > 0 && label[i - cols] >= 0 && label[i - cols] !== l) ||
        (y < rows - 1 && label[i + cols] >= 0 && label[i + cols] !== l)
      ) {
        target[i] = 255;
      }
    }
  }
  return mask;
}

/** Lines that can still be seen when a large image is shown on a screen. */
function visible(mask: Mat, scope: Scope): Mat {
  const width = Math.round(Math.min(mask.rows, mask.cols) / 500);
  if (width < 2) return mask;
  const thick = scope.mat();
  cv.dilate(mask, thick, scope.own(cv.Mat.ones(width, width, cv.CV_8UC1)));
  return thick;
}

function tint(canvas: Mat, labels: Mat, scope: Scope): void {
  if (kernels) {
    const colors = scope.mat(1, 3 * paletteSize, cv.CV_8UC1);
    for (let i = 0; i < paletteSize; i++) colors.data.set(distinctColor(i), 3 * i);
    const pixels = labels.rows * labels.cols;
    kernels.tintLabels(addressOf(canvas), addressOf(labels), pixels, addressOf(colors), paletteSize);
    return;
  }
  const source = labels.data32S as Int32Array;
  const pixels = canvas.data as Uint8Array;
  for (let i = 0; i < source.length; i++) {
    const l = source[i];
    if (l < 1) continue;
    const color = distinctColor(l);
    for (let c = 0; c < 3; c++) {
      const p = i * 3 + c;
      pixels[p] = (pixels[p] * 2 + color[c]) / 3;
    }
  }
}
