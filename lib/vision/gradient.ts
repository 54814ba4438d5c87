import { cv, type Mat } from './opencv.ts';
import type { Scope } from './scope.ts';

export type Direction = 'x' | 'y' | 'both';

/**
 * The absolute gradient of a gray image as 8 bits, saturated: of one direction, or the magnitude of both.
 * `derivative` writes the derivative (1, 0) or (0, 1) as CV_32F.
 */
export function gradientImage(
  derivative: (target: Mat, dx: number, dy: number) => void,
  direction: Direction,
  scope: Scope,
): Mat {
  const take = (dx: number, dy: number) => {
    const target = scope.mat();
    derivative(target, dx, dy);
    return target;
  };
  const result = scope.mat();
  if (direction === 'both') {
    const [dx, dy] = [take(1, 0), take(0, 1)];
    cv.magnitude(dx, dy, dx);
    cv.convertScaleAbs(dx, result);
  } else {
    cv.convertScaleAbs(direction === 'x' ? take(1, 0) : take(0, 1), result);
  }
  return result;
}
