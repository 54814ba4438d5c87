import type { GrayScale } from './gray-scale.ts';
import { localStatistics } from './local-statistics.ts';
import { addressOf, cv, kernels, type Mat } from './opencv.ts';
import { samplesOf } from './samples.ts';
import { Scope } from './scope.ts';

/** Half of the range of 8 bits: the greatest standard deviation that samples can have. */
const dynamicRange = 127.5;

/** See `lib/operations/local-threshold.ts`. */
interface LocalThreshold {
  method: 'sauvola' | 'niblack';
  size: number;
  k: number;
  invert: boolean;
}

/** White where a sample of a gray image is above the threshold of its surroundings, or the other way round. The scale says which samples are black and white. */
export function thresholdLocally(
  gray: Mat,
  { black, white }: GrayScale,
  { method, size, k, invert }: LocalThreshold,
  outer: Scope,
): Mat {
  const { rows, cols } = gray;
  const binary = outer.mat(rows, cols, cv.CV_8UC1);
  const [bright, dark] = invert ? [0, 255] : [255, 0];
  const isSauvola = method === 'sauvola';
  if (kernels && gray.elemSize1() === 1 && black === 0 && white === 255 && gray.isContinuous()) {
    using scope = new Scope();
    const scratch = scope.mat(1, kernels.localThresholdScratch(cols, size), cv.CV_8UC1);
    kernels.localThreshold(
      ...([addressOf(gray), addressOf(binary), cols, rows, size, k] as const),
      ...([isSauvola ? 1 : 0, dark, bright, addressOf(scratch)] as const),
    );
    return binary;
  }
  const [source, target] = [samplesOf(gray), binary.data as Uint8Array];
  const range = (dynamicRange * (white - black)) / 255;
  const threshold = isSauvola
    ? (mean: number, deviation: number) => black + (mean - black) * (1 + k * (deviation / range - 1))
    : (mean: number, deviation: number) => mean - k * deviation;
  localStatistics(source, rows, cols, size, (i, mean, deviation) => {
    target[i] = source[i] > threshold(mean, deviation) ? bright : dark;
  });
  return binary;
}
