import { addressOf, type Mat } from '../opencv-types.ts';
import { type Accelerator, allocate, isFlat, isPlain, isSame } from './accelerator.ts';

/** OpenCV's weights of red, green and blue, with 15 fractional bits. */
const [red, green, blue] = [9798, 19235, 3735];

/** Color to gray, HSV and YCrCb, and from these back. False where it is another conversion, which OpenCV does. */
export function fastCvtColor(accelerator: Accelerator) {
  const toGray = grayConversions(accelerator);
  const toColor = colorConversions(accelerator);
  return (image: Mat, target: Mat, code: number): boolean => {
    const convert = toGray.get(code) ?? toColor.get(code);
    return convert !== undefined && !isSame(image, target) && convert(image, target);
  };
}

type Conversion = (image: Mat, target: Mat) => boolean;

function grayConversions(accelerator: Accelerator): Map<number, Conversion> {
  const { cv, kernels } = accelerator;
  const conversion =
    (channels: 3 | 4, c0: number, c1: number, c2: number): Conversion =>
    (image, target) => {
      if (image.channels() !== channels || !isPlain(accelerator, image)) return false;
      if (!allocate(target, image.rows, image.cols, cv.CV_8UC1)) return false;
      const toGray = channels === 3 ? kernels.grayOf3 : kernels.grayOf4;
      toGray(addressOf(image), addressOf(target), image.rows * image.cols, c0, c1, c2);
      return true;
    };
  return new Map([
    [cv.COLOR_RGB2GRAY, conversion(3, red, green, blue)],
    [cv.COLOR_BGR2GRAY, conversion(3, blue, green, red)],
    [cv.COLOR_RGBA2GRAY, conversion(4, red, green, blue)],
    [cv.COLOR_BGRA2GRAY, conversion(4, blue, green, red)],
  ]);
}

/** Bytes in which the last pixels are converted. */
const scratchBytes = 96;

function colorConversions(accelerator: Accelerator): Map<number, Conversion> {
  const { cv, kernels, withScratch } = accelerator;
  type Kernel = (source: number, target: number, pixels: number, scratch: number) => void;
  const conversion =
    (kernel: Kernel): Conversion =>
    (image, target) => {
      if (image.type() !== cv.CV_8UC3 || !isFlat(accelerator, image)) return false;
      if (!allocate(target, image.rows, image.cols, cv.CV_8UC3)) return false;
      withScratch(scratchBytes, (scratch) =>
        kernel(addressOf(image), addressOf(target), image.rows * image.cols, scratch),
      );
      return true;
    };
  const toHsv =
    (hues: number): Kernel =>
    (source, target, pixels, scratch) =>
      kernels.rgbToHsv(source, target, pixels, hues, scratch);
  const fromHsv =
    (hues: number): Kernel =>
    (source, target, pixels, scratch) =>
      kernels.hsvToRgb(source, target, pixels, 6 / hues, scratch);
  return new Map([
    [cv.COLOR_RGB2YCrCb, conversion(kernels.rgbToYcrcb)],
    [cv.COLOR_YCrCb2RGB, conversion(kernels.ycrcbToRgb)],
    [cv.COLOR_RGB2HSV, conversion(toHsv(180))],
    [cv.COLOR_RGB2HSV_FULL, conversion(toHsv(256))],
    // OpenCV's whole turn is 256 hues on the way there, and 255 on the way back.
    [cv.COLOR_HSV2RGB_FULL, conversion(fromHsv(255))],
  ]);
}
