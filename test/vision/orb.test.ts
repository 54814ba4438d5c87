/** ORB on kernels finds the keypoints that OpenCV's finds, with the same descriptors. */
import '../../lib/imaging/engine-thread.ts';
import sharp from 'sharp';
import { withOpenCv } from '../../lib/vision/features.ts';
import { cv, kernels, loadOpenCv, type Mat } from '../../lib/vision/opencv.ts';
import { type Described, orb } from '../../lib/vision/orb.ts';
import { Scope } from '../../lib/vision/scope.ts';
import { fixture } from '../harness/fixtures.ts';

beforeAll(loadOpenCv);

/** Places, responses and descriptors, in an order that does not depend on how they were found. */
function listed({ keypoints, descriptors }: Described): string[] {
  const row = (i: number) => Buffer.from(descriptors.data.subarray(32 * i, 32 * (i + 1))).toString('hex');
  return keypoints.map(({ pt, response }, i) => `${pt.x} ${pt.y} ${response} ${row(i)}`).toSorted();
}

function expectSame(image: Mat, maxFeatures: number, scope: Scope): void {
  if (!kernels) throw new Error('There are no kernels.');
  const given = orb(kernels, image, maxFeatures, scope);
  if (!given) throw new Error('The kernels refused the image.');
  const expected = withOpenCv(image, { detector: 'orb', maxFeatures }, scope);
  expect(expected.keypoints.length).toBeGreaterThan(0);
  expect(listed(given)).toEqual(listed(expected));
}

async function grayOf(name: string, width: number, height: number, scope: Scope): Promise<Mat> {
  const data = await sharp(fixture(name)).resize(width, height, { fit: 'fill' }).toColourspace('b-w').raw().toBuffer();
  const image = scope.mat(height, width, cv.CV_8UC1);
  image.data.set(data);
  return image;
}

test.each([
  ['graf1.png', 800, 640, 2000],
  ['graf3.png', 1155, 866, 500],
  ['fruits.jpg', 509, 383, 20_000],
  ['coins.png', 301, 257, 2000],
  ['astronaut.png', 511, 97, 300],
  ['box.png', 151, 233, 50],
] as const)('%s at %i × %i, %i keypoints', async (name, width, height, maxFeatures) => {
  using scope = new Scope();
  expectSame(await grayOf(name, width, height, scope), maxFeatures, scope);
});

test('noise, in which responses are equal', () => {
  using scope = new Scope();
  const image = scope.mat(140, 170, cv.CV_8UC1);
  let state = 1;
  for (let i = 0; i < image.data.length; i++) {
    state = Math.imul(state, 1_103_515_245) + 12_345;
    image.data[i] = (state >>> 30) * 85;
  }
  for (const maxFeatures of [50, 400]) expectSame(image, maxFeatures, scope);
});

test('an image of one color has no keypoints', () => {
  using scope = new Scope();
  const image = scope.own(cv.Mat.zeros(200, 200, cv.CV_8UC1));
  expect(kernels && orb(kernels, image, 500, scope)?.keypoints).toEqual([]);
});
