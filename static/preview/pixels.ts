/** Between the browser's pixels (RGBA) and OpenCV's. */
import { cv, type Mat } from '../../lib/vision/opencv.ts';
import type { Scope } from '../../lib/vision/scope.ts';

/** RGB as the decoder of the service gives it, or gray where all pixels are: operations take those differently. */
export function matOf({ data, width, height }: ImageData, scope: Scope): Mat {
  const rgba = scope.mat(height, width, cv.CV_8UC4);
  (rgba.data as Uint8Array).set(data);
  const mat = scope.mat();
  cv.cvtColor(rgba, mat, isGray(data) ? cv.COLOR_RGBA2GRAY : cv.COLOR_RGBA2RGB);
  scope.release(rgba).delete();
  return mat;
}

/** A second image with its transparency, or as `matOf` where it has none. */
export function rgbaOf(image: ImageData, scope: Scope): Mat {
  const { data, width, height } = image;
  let opaque = true;
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) opaque = false;
  if (opaque) return matOf(image, scope);
  const rgba = scope.mat(height, width, cv.CV_8UC4);
  (rgba.data as Uint8Array).set(data);
  return rgba;
}

function isGray(data: Uint8ClampedArray): boolean {
  for (let i = 0; i < data.length; i += 4) if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return false;
  return true;
}

/** What a step made, of one or three channels, 8 or 16 bits deep, with its transparency. */
export function toRgba(image: Mat, alpha: Mat | undefined, scope: Scope): ImageData {
  let shallow = image;
  if (image.elemSize1() === 2) {
    shallow = scope.mat();
    image.convertTo(shallow, cv.CV_8U, 1 / 257);
  }
  const rgba = scope.mat();
  cv.cvtColor(shallow, rgba, shallow.channels() === 1 ? cv.COLOR_GRAY2RGBA : cv.COLOR_RGB2RGBA);
  if (alpha) setAlpha(rgba, alpha, scope);
  return new ImageData(new Uint8ClampedArray(rgba.data as Uint8Array), rgba.cols, rgba.rows);
}

function setAlpha(rgba: Mat, alpha: Mat, scope: Scope): void {
  const planes = scope.own(new cv.MatVector());
  cv.split(rgba, planes);
  planes.set(3, alpha);
  cv.merge(planes, rgba);
}
