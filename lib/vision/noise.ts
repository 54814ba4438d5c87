import type { Mat } from './opencv.ts';
import { samplesOf } from './samples.ts';

/** The median of the absolute values of a normal distribution, in standard deviations. */
const medianDeviation = 0.674_5;

/**
 * Standard deviation of the noise in an image of any number of channels, in samples (D. Donoho & I. Johnstone, "Ideal spatial adaptation by wavelet
 * shrinkage", 1994): from the median of the diagonal details, of which a photo itself has few. Noise is taken to be white.
 */
export function noiseOf(image: Mat): number {
  const channels = image.channels();
  const samples = samplesOf(image);
  const length = image.cols * channels;
  // Absolute details, doubled to be whole.
  const histogram = new Uint32Array(4 * 256 ** samples.BYTES_PER_ELEMENT);
  let count = 0;
  for (let y = 0; y + 1 < image.rows; y += 2) {
    for (let i = y * length; i + 2 * channels <= (y + 1) * length; i += 2 * channels) {
      for (let c = i; c < i + channels; c++) {
        const detail = samples[c] - samples[c + channels] - samples[c + length] + samples[c + channels + length];
        histogram[Math.abs(detail)]++;
        count++;
      }
    }
  }
  // Without any detail there is no noise to estimate, not a little below what samples can show.
  return histogram[0] === count ? 0 : median(histogram, count) / 2 / medianDeviation;
}

/** Each value stands for the half above and below it; 0 for that above alone, as values are absolute. */
function median(histogram: Uint32Array, count: number): number {
  let below = 0;
  for (const [value, times] of histogram.entries()) {
    if (below + times >= count / 2) {
      const share = (count / 2 - below) / times;
      return value === 0 ? share / 2 : value - 0.5 + share;
    }
    below += times;
  }
  return 0;
}
