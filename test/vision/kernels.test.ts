/** The kernels give what OpenCV gives, or the same arithmetic without SIMD, bit for bit. */
import '../../lib/imaging/engine-thread.ts';
import { countNonZero } from '../../lib/vision/count.ts';
import { medianBlur } from '../../lib/vision/median.ts';
import { nonLocalMeans } from '../../lib/vision/non-local-means.ts';
import { cv, kernels, loadOpenCv, type Mat } from '../../lib/vision/opencv.ts';
import { Scope } from '../../lib/vision/scope.ts';
import { kernelImages } from '../harness/kernel-images.ts';

beforeAll(loadOpenCv);

/** What differs between what OpenCV and our filter make of each image. */
async function differing(
  channels: 1 | 3,
  theirs: (image: Mat, target: Mat) => void,
  ours: (image: Mat, target: Mat) => void,
): Promise<string[]> {
  using scope = new Scope();
  const wrong: string[] = [];
  for (const [name, image] of await kernelImages(channels, scope)) {
    const [expected, given] = [scope.mat(), scope.mat()];
    theirs(image, expected);
    ours(image, given);
    if (given.type() !== expected.type() || !Buffer.from(given.data).equals(expected.data)) wrong.push(name);
  }
  return wrong;
}

test('the kernels are there', () => expect(kernels).toBeDefined());

test.each([1, 3] as const)('a median filter of %i channels', async (channels) => {
  for (const side of [3, 5, 7]) {
    const wrong = await differing(
      channels,
      (image, target) => cv.medianBlur(image, target, side),
      (image, target) => medianBlur(image, target, side),
    );
    expect({ side, wrong }).toEqual({ side, wrong: [] });
  }
});

test.each([1, 3] as const)('non-local means of %i channels', async (channels) => {
  using scope = new Scope();
  for (const [name, image] of await kernelImages(channels, scope)) {
    const large = image.rows * image.cols > 10_000;
    for (const sigma of large ? [20] : [0.3, 12, 28, 55]) {
      const search = large ? 1 : 2;
      const given = nonLocalMeans(image, sigma, search, scope);
      const expected = nonLocalMeans(image, sigma, search, scope, false);
      expect({ name, sigma, same: Buffer.from(given.data).equals(expected.data) }).toEqual({ name, sigma, same: true });
    }
  }
});

test.each([1, 3] as const)('non-local means of %i channels of 16 bits', async (channels) => {
  using scope = new Scope();
  for (const [name, shallow] of await kernelImages(channels, scope)) {
    if (shallow.rows * shallow.cols > 10_000) continue;
    const image = scope.mat();
    shallow.convertTo(image, cv.CV_16U, 256);
    const samples = image.data16U as Uint16Array;
    for (let i = 0; i < samples.length; i++) samples[i] += (i * 7919) & 255;
    for (const sigma of [80, 3000, 14_000]) {
      const given = nonLocalMeans(image, sigma, 2, scope);
      const expected = nonLocalMeans(image, sigma, 2, scope, false);
      const same = Buffer.from(given.data).equals(expected.data);
      expect({ name, sigma, same }).toEqual({ name, sigma, same: true });
    }
  }
});

test('non-local means of a white image is white, however far one looks', () => {
  using scope = new Scope();
  const white = scope.own(new cv.Mat(30, 30, cv.CV_8UC1, new cv.Scalar(255)));
  expect(Math.min(...nonLocalMeans(white, 20, 10, scope).data)).toBe(255);
});

test('a count of what is not zero', async () => {
  using scope = new Scope();
  for (const [, image] of await kernelImages(1, scope)) expect(countNonZero(image)).toBe(cv.countNonZero(image));
});

test('a filter after the heap has grown', () => {
  using scope = new Scope();
  const before = cv.HEAPU8.length;
  const image = new cv.Mat(3000, 4000, cv.CV_8UC1, new cv.Scalar(7));
  scope.own(image);
  const held = [];
  while (cv.HEAPU8.length === before) held.push(scope.mat(4000, 4000, cv.CV_8UC1));
  const [expected, given] = [scope.mat(), scope.mat()];
  cv.medianBlur(image, expected, 5);
  medianBlur(image, given, 5);
  expect(Buffer.from(given.data).equals(expected.data)).toBe(true);
});
