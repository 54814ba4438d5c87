import type { Kernels } from '../kernels/load.ts';
import { isPlain } from './accelerated/accelerator.ts';
import { addressOf, cv, kernels, type Mat } from './opencv.ts';
import type { Scope } from './scope.ts';

export type Direction = 'x' | 'y' | 'both';

/** Weights of the smoothing across the direction of a derivative over 3 × 3 pixels, and a factor on it. */
interface SmallDerivative {
  side: number;
  middle: number;
  scale: number;
}

/**
 * The absolute gradient of a gray image in its depth, saturated: of one direction, or the magnitude of both.
 * `derivative` writes the derivative (1, 0) or (0, 1) as CV_32F; `small` says the same where it is over 3 × 3 pixels.
 */
export function gradientImage(
  gray: Mat,
  small: SmallDerivative | undefined,
  derivative: (target: Mat, dx: number, dy: number) => void,
  direction: Direction,
  scope: Scope,
): Mat {
  if (small && hasKernel(gray, small)) return smallGradient(gray, small, direction, scope);
  const take = (dx: number, dy: number) => {
    const target = scope.mat();
    derivative(target, dx, dy);
    return target;
  };
  const result = scope.mat();
  if (direction === 'both') {
    const [dx, dy] = [take(1, 0), take(0, 1)];
    cv.magnitude(dx, dy, dx);
    dx.convertTo(result, gray.depth());
    return result;
  }
  return absolute(direction === 'x' ? take(1, 0) : take(0, 1), 1, gray, scope);
}

/** The absolute values times `factor` in the depth of `gray`, saturated. */
function absolute(values: Mat, factor: number, gray: Mat, scope: Scope): Mat {
  const result = scope.mat();
  if (gray.elemSize1() === 1) {
    cv.convertScaleAbs(values, result, factor);
    return result;
  }
  const negative = scope.mat();
  values.convertTo(negative, -1, -1);
  cv.max(values, negative, negative);
  negative.convertTo(result, gray.depth(), factor);
  return result;
}

/** Factors other than powers of two are rounded on the way, and differently. */
function hasKernel(gray: Mat, { scale }: SmallDerivative): boolean {
  return kernels !== undefined && Number.isInteger(Math.log2(scale)) && hasWholeRows(gray);
}

function smallGradient(gray: Mat, { side, middle, scale }: SmallDerivative, direction: Direction, scope: Scope): Mat {
  const { rows, cols } = gray;
  const result = scope.mat(rows, cols, cv.CV_8UC1);
  const scratch = scope.mat(1, kernels?.gradientScratch(cols) ?? 0, cv.CV_8UC1);
  const code = { x: 0, y: 1, both: 2 }[direction];
  const [from, to] = [addressOf(gray), addressOf(result)];
  kernels?.gradient(from, to, cols, rows, side, middle, code, scale, addressOf(scratch));
  return result;
}

/** Rows and columns as the kernels need them. */
function hasWholeRows(gray: Mat): boolean {
  return gray.type() === cv.CV_8UC1 && gray.rows > 1 && isPlain({ cv }, gray);
}

/** The absolute Laplacian of a gray image times `scale`, in its depth, and the variance of the Laplacian itself. */
export function laplacianImage(
  gray: Mat,
  kernelSize: number,
  scale: number,
  scope: Scope,
): { image: Mat; variance: number } {
  if (kernels && kernelSize === 3 && hasWholeRows(gray)) return smallLaplacian(gray, scale, kernels, scope);
  const second = scope.mat();
  cv.Laplacian(gray, second, cv.CV_32F, kernelSize);
  const [mean, deviation] = [scope.mat(), scope.mat()];
  cv.meanStdDev(second, mean, deviation);
  return { image: absolute(second, scale, gray, scope), variance: deviation.doubleAt(0, 0) ** 2 };
}

function smallLaplacian(gray: Mat, scale: number, { laplacian, gradientScratch }: Kernels, scope: Scope) {
  const { rows, cols } = gray;
  const image = scope.mat(rows, cols, cv.CV_8UC1);
  const scratch = scope.mat(1, gradientScratch(cols), cv.CV_8UC1);
  laplacian(addressOf(gray), addressOf(image), cols, rows, scale, addressOf(scratch));
  const [sum, squares] = new BigInt64Array(scratch.data.slice(0, 16).buffer);
  const mean = Number(sum) / (rows * cols);
  const deviation = Math.sqrt(Math.max(0, Number(squares) / (rows * cols) - mean * mean));
  return { image, variance: deviation ** 2 };
}
