/** Gradients and Laplacians from the kernels are those of OpenCV's functions one after the other, bit for bit. */
import '../../lib/imaging/engine-thread.ts';
import { gradientImage, laplacianImage } from '../../lib/vision/gradient.ts';
import { cv, loadOpenCv, type Mat } from '../../lib/vision/opencv.ts';
import { histogramOf } from '../../lib/vision/sample-statistics.ts';
import { Scope } from '../../lib/vision/scope.ts';
import { kernelImages } from '../harness/kernel-images.ts';

beforeAll(loadOpenCv);

function isSame(a: Mat, b: Mat): boolean {
  return a.type() === b.type() && Buffer.from(a.data).equals(b.data);
}

test.each([
  ['Sobel', { side: 1, middle: 2, scale: 1 }],
  ['Sobel', { side: 1, middle: 2, scale: 0.5 }],
  ['Scharr', { side: 3, middle: 10, scale: 0.25 }],
  ['Scharr', { side: 3, middle: 10, scale: 2 }],
] as const)('%s, %j', async (name, small) => {
  using scope = new Scope();
  for (const [label, image] of await kernelImages(1, scope)) {
    const derivative = (target: Mat, dx: number, dy: number) => {
      if (name === 'Sobel') cv.Sobel(image, target, cv.CV_32F, dx, dy, 3, small.scale);
      else cv.Scharr(image, target, cv.CV_32F, dx, dy, small.scale);
    };
    for (const direction of ['x', 'y', 'both'] as const) {
      const expected = gradientImage(image, undefined, derivative, direction, scope);
      const given = gradientImage(image, small, derivative, direction, scope);
      expect({ label, direction, same: isSame(given, expected) }).toEqual({ label, direction, same: true });
    }
  }
});

test.each([1, 0.37, 3])('Laplacian times %f', async (scale) => {
  using scope = new Scope();
  for (const [label, image] of await kernelImages(1, scope)) {
    const [second, mean, deviation, expected] = [scope.mat(), scope.mat(), scope.mat(), scope.mat()];
    cv.Laplacian(image, second, cv.CV_32F, 3);
    cv.meanStdDev(second, mean, deviation);
    cv.convertScaleAbs(second, expected, scale);
    const given = laplacianImage(image, 3, scale, scope);
    expect({ label, same: isSame(given.image, expected) }).toEqual({ label, same: true });
    expect(given.variance).toBeCloseTo(deviation.doubleAt(0, 0) ** 2, 6);
  }
});

test.each([1, 3, 4] as const)('a histogram of one of %i channels', async (channels) => {
  using scope = new Scope();
  for (const [, image] of await kernelImages(channels, scope)) {
    const counts = new Uint32Array(256);
    for (let i = channels - 1; i < image.data.length; i += channels) counts[image.data[i]]++;
    expect(histogramOf(image, channels - 1)).toEqual(counts);
  }
});
