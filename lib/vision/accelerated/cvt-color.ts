import { addressOf, type Mat } from '../opencv-types.ts';
import { type Accelerator, allocate, isPlain, isSame } from './accelerator.ts';

/** OpenCV's weights of red, green and blue, with 15 fractional bits. */
const [red, green, blue] = [9798, 19235, 3735];

/** Color to gray. False where it is another conversion, which OpenCV does. */
export function fastCvtColor(accelerator: Accelerator) {
  const { cv, kernels } = accelerator;
  const conversions = new Map([
    [cv.COLOR_RGB2GRAY, { channels: 3, weights: [red, green, blue] }],
    [cv.COLOR_BGR2GRAY, { channels: 3, weights: [blue, green, red] }],
    [cv.COLOR_RGBA2GRAY, { channels: 4, weights: [red, green, blue] }],
    [cv.COLOR_BGRA2GRAY, { channels: 4, weights: [blue, green, red] }],
  ]);
  return (image: Mat, target: Mat, code: number): boolean => {
    const conversion = conversions.get(code);
    if (!conversion || image.channels() !== conversion.channels || !isPlain(accelerator, image)) return false;
    if (isSame(image, target)) return false;
    const [c0, c1, c2] = conversion.weights;
    if (!allocate(target, image.rows, image.cols, cv.CV_8UC1)) return false;
    const toGray = conversion.channels === 3 ? kernels.grayOf3 : kernels.grayOf4;
    toGray(addressOf(image), addressOf(target), image.rows * image.cols, c0, c1, c2);
    return true;
  };
}
