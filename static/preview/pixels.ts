/** Between the browser's pixels (RGBA) and OpenCV's. */
import { cv, type Mat } from '../../lib/vision/opencv.ts';
import type { Scope } from '../../lib/vision/scope.ts';
import { type DeepImage, shownDeep } from '../deep/deep-image.ts';

/** RGB as the decoder of the service gives it, or gray where all pixels are: operations take those differently. */
export function matOf(image: ImageData | DeepImage, scope: Scope): Mat {
  if ('channels' in image) return deepMatOf(image, scope);
  const { data, width, height } = image;
  const rgba = scope.mat(height, width, cv.CV_8UC4);
  (rgba.data as Uint8Array).set(data);
  const mat = scope.mat();
  cv.cvtColor(rgba, mat, isGray(data) ? cv.COLOR_RGBA2GRAY : cv.COLOR_RGBA2RGB);
  scope.release(rgba).delete();
  return mat;
}

function deepMatOf({ data, width, height, channels }: DeepImage, scope: Scope): Mat {
  const isDeep = data instanceof Uint16Array;
  const type = isDeep ? (channels === 1 ? cv.CV_16UC1 : cv.CV_16UC3) : channels === 1 ? cv.CV_8UC1 : cv.CV_8UC3;
  const mat = scope.mat(height, width, type);
  (isDeep ? mat.data16U : mat.data).set(data);
  return mat;
}

/** How samples of 16 bits are reduced where a step takes 8. */
export function depthIn(image: ImageData | DeepImage): Pick<DeepImage, 'bits' | 'reduction'> {
  if (!('channels' in image)) return {};
  const { bits, reduction } = image;
  return { ...(bits !== undefined && { bits }), reduction };
}

/** A result of 16 bits; its samples mean what those of the image did. */
export function deepOf(image: Mat, modality: DeepImage['modality']): DeepImage {
  const data = Uint16Array.from(image.data16U as Uint16Array);
  return { width: image.cols, height: image.rows, channels: image.channels() as 1 | 3, data, modality };
}

/** A second image with its transparency, or as `matOf` where it has none. */
export function rgbaOf(image: ImageData | DeepImage, scope: Scope): Mat {
  if ('channels' in image) return deepMatOf(image, scope);
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
  // As the service's renditions show it.
  if (image.elemSize1() === 2) return withAlpha(shownDeep(deepOf(image, undefined)), alpha);
  let shallow = image;
  if (image.elemSize1() > 2) {
    shallow = scope.mat();
    // Labels of 32 bits go on from black to white 65,535 at a time.
    image.convertTo(shallow, cv.CV_8U, 1 / 257);
  }
  const rgba = scope.mat();
  cv.cvtColor(shallow, rgba, shallow.channels() === 1 ? cv.COLOR_GRAY2RGBA : cv.COLOR_RGB2RGBA);
  return withAlpha(new ImageData(new Uint8ClampedArray(rgba.data as Uint8Array), rgba.cols, rgba.rows), alpha);
}

function withAlpha(image: ImageData, alpha: Mat | undefined): ImageData {
  if (!alpha) return image;
  const shift = alpha.elemSize1() === 2 ? 8 : 0;
  const samples = (shift > 0 ? alpha.data16U : alpha.data) as Uint8Array | Uint16Array;
  for (let i = 0; i < samples.length; i++) image.data[4 * i + 3] = samples[i] >> shift;
  return image;
}
