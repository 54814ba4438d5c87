/** Nearest descriptors by the kernel and by OpenCV. */
import '../../lib/imaging/engine-thread.ts';
import { nearestDescriptors, withOpenCv } from '../../lib/vision/nearest-descriptors.ts';
import { cv, kernels, loadOpenCv, type Mat } from '../../lib/vision/opencv.ts';
import { Scope } from '../../lib/vision/scope.ts';

beforeAll(loadOpenCv);

/** Repeatable descriptors; of few values, so that many are equally near. */
function descriptors(rows: number, bytes: number, values: number, scope: Scope): Mat {
  const mat = scope.mat(rows, bytes, cv.CV_8UC1);
  for (let i = 0; i < mat.data.length; i++) mat.data[i] = (Math.imul(i + rows, 2_654_435_761) >>> 16) % values;
  return mat;
}

test.each([
  [32, 256],
  [61, 256],
  [32, 3],
  [5, 2],
])('of %i bytes with %i values', (bytes, values) => {
  using scope = new Scope();
  expect(kernels).toBeDefined();
  for (const [count, others] of [
    [1, 2],
    [3, 1],
    [7, 5],
    [150, 90],
  ]) {
    const [from, to] = [descriptors(count, bytes, values, scope), descriptors(others, bytes, values, scope)];
    expect(nearestDescriptors(from, to)).toEqual(withOpenCv(from, to));
  }
});
