/** Whether a threshold tells two kinds of pixels apart, or cuts through one. */

export interface Classes {
  /** Distance of the classes' means, in gray values. */
  difference: number;
  /** That distance in standard deviations within the classes (Fisher's criterion); infinite where there is no spread. */
  separation: number;
}

/** Noise that is cut in two has a separation of 2.65, where it is normally distributed, as blurred noise is. Objects against a background have more. */
const leastSeparation = 3.1;
/** Noise of less than a gray value falls into few values, and looks separate. */
const leastDifference = 4;

/** Whether the classes are two kinds of pixels. */
export function areApart({ difference, separation }: Classes): boolean {
  return difference >= leastDifference && separation >= leastSeparation;
}

/** The classes below or at, and above, the threshold. */
export function classesOf(pixels: Uint8Array, threshold: number): Classes {
  const histogram = new Float64Array(256);
  for (let i = 0; i < pixels.length; i++) histogram[pixels[i]]++;
  const low = momentsOf(histogram, 0, threshold);
  const high = momentsOf(histogram, threshold + 1, 255);
  if (low.count === 0 || high.count === 0) return { difference: 0, separation: 0 };
  const difference = high.mean - low.mean;
  const within = (low.variance * low.count + high.variance * high.count) / (low.count + high.count);
  return { difference, separation: difference / Math.sqrt(within) };
}

function momentsOf(histogram: Float64Array, from: number, to: number) {
  let [count, sum, squares] = [0, 0, 0];
  for (let value = from; value <= to; value++) {
    count += histogram[value];
    sum += histogram[value] * value;
    squares += histogram[value] * value * value;
  }
  const mean = sum / count;
  return { count, mean, variance: Math.max(0, squares / count - mean * mean) };
}
