/** What stands in the place of OpenCV's functions gives what they give, bit for bit, and is used. */
import '../../lib/imaging/engine-thread.ts';
import { type Accelerated, uses } from '../../lib/vision/accelerated/accelerate.ts';
import { cv, loadOpenCv, type Mat, plainCv } from '../../lib/vision/opencv.ts';
import { Scope } from '../../lib/vision/scope.ts';
import { kernelImages } from '../harness/kernel-images.ts';

beforeAll(loadOpenCv);

type Functions = typeof plainCv;

/** Names the images on which OpenCV and `cv` differ; each image must have been left as it was. */
async function differing(
  channels: 1 | 3 | 4,
  run: (functions: Functions, image: Mat, target: Mat) => void,
): Promise<string[]> {
  using scope = new Scope();
  const wrong: string[] = [];
  for (const [name, image] of await kernelImages(channels, scope)) {
    const before = Buffer.from(image.data);
    const [expected, given] = [scope.mat(), scope.mat()];
    run(plainCv, image, expected);
    run(cv, image, given);
    const isSame = given.type() === expected.type() && Buffer.from(given.data).equals(expected.data);
    if (!isSame || !before.equals(image.data)) wrong.push(name);
  }
  return wrong;
}

function expectUsed(name: Accelerated, before: number): void {
  expect(uses[name]).toBeGreaterThan(before);
}

test.each([
  ['COLOR_RGB2GRAY', 3],
  ['COLOR_BGR2GRAY', 3],
  ['COLOR_RGBA2GRAY', 4],
  ['COLOR_BGRA2GRAY', 4],
] as const)('%s', async (code, channels) => {
  const before = uses.cvtColor;
  expect(await differing(channels, (functions, image, target) => functions.cvtColor(image, target, cv[code]))).toEqual(
    [],
  );
  expectUsed('cvtColor', before);
});

const blurs: [width: number, height: number, sigmaX: number, sigmaY: number][] = [
  ...([3, 5, 7, 9, 11, 31] as const).map((side) => [side, side, 0, 0] as [number, number, number, number]),
  ...[0.3, 0.7, 1, 1.4, 2, 3.3, 5, 8, 20].map((sigma) => [0, 0, sigma, sigma] as [number, number, number, number]),
  [5, 1, 1.2, 1.2],
  [1, 5, 1.2, 1.2],
  [3, 7, 0.9, 2.1],
  [0, 0, 1.5, 4],
];

test.each([1, 3, 4] as const)('GaussianBlur of %i channels', async (channels) => {
  const before = uses.GaussianBlur;
  for (const [width, height, sigmaX, sigmaY] of blurs) {
    const wrong = await differing(channels, (functions, image, target) =>
      functions.GaussianBlur(image, target, new cv.Size(width, height), sigmaX, sigmaY),
    );
    expect({ width, height, sigmaX, sigmaY, wrong }).toEqual({ width, height, sigmaX, sigmaY, wrong: [] });
  }
  expectUsed('GaussianBlur', before);
});

test('GaussianBlur of any sigma', async () => {
  for (let sigma = 0.25; sigma < 12; sigma += 0.37) {
    using scope = new Scope();
    const image = scope.mat(40, 64, cv.CV_8UC1);
    for (let i = 0; i < image.data.length; i++) image.data[i] = (i * 2_654_435_761) >>> 24;
    const [expected, given] = [scope.mat(), scope.mat()];
    plainCv.GaussianBlur(image, expected, new cv.Size(0, 0), sigma);
    cv.GaussianBlur(image, given, new cv.Size(0, 0), sigma);
    expect({ sigma, same: Buffer.from(given.data).equals(expected.data) }).toEqual({ sigma, same: true });
  }
});

test.each([
  [100, 200, false],
  [50.5, 149.5, false],
  [200, 100, false],
  [0, 0, false],
  [-5, 30, false],
  [20, 4000, false],
  [100, 200, true],
  [30.2, 90.7, true],
  [0, 10, true],
] as const)('Canny from %f to %f, squared: %s', async (low, high, isSquared) => {
  const before = uses.Canny;
  const wrong = await differing(1, (functions, image, target) =>
    functions.Canny(image, target, low, high, 3, isSquared),
  );
  expect(wrong).toEqual([]);
  expectUsed('Canny', before);
});

const elements: [shape: 'MORPH_RECT' | 'MORPH_ELLIPSE' | 'MORPH_CROSS', width: number, height: number][] = [
  ['MORPH_RECT', 3, 3],
  ['MORPH_RECT', 2, 4],
  ['MORPH_RECT', 9, 1],
  ['MORPH_RECT', 1, 8],
  ['MORPH_RECT', 40, 31],
  ['MORPH_ELLIPSE', 5, 5],
  ['MORPH_ELLIPSE', 25, 25],
  ['MORPH_ELLIPSE', 14, 9],
  ['MORPH_CROSS', 3, 3],
  ['MORPH_CROSS', 7, 4],
];

test.each(elements)('erosion, dilation and what is made of them, %s of %i × %i', async (shape, width, height) => {
  using scope = new Scope();
  const element = scope.own(cv.getStructuringElement(cv[shape], new cv.Size(width, height)));
  const anchor = new cv.Point(-1, -1);
  const { erode, dilate, morphologyEx } = uses;
  for (const channels of [1, 3] as const) {
    for (const iterations of [1, 2]) {
      const wrong = {
        erode: await differing(channels, (own, image, to) => own.erode(image, to, element, anchor, iterations)),
        dilate: await differing(channels, (own, image, to) => own.dilate(image, to, element, anchor, iterations)),
      };
      expect({ channels, iterations, wrong }).toEqual({ channels, iterations, wrong: { erode: [], dilate: [] } });
    }
    for (const type of ['OPEN', 'CLOSE', 'GRADIENT', 'TOPHAT', 'BLACKHAT'] as const) {
      const operation = cv[`MORPH_${type}`] as never;
      const wrong = await differing(channels, (own, image, to) => own.morphologyEx(image, to, operation, element));
      expect({ channels, type, wrong }).toEqual({ channels, type, wrong: [] });
    }
  }
  expectUsed('erode', erode);
  expectUsed('dilate', dilate);
  expectUsed('morphologyEx', morphologyEx);
});

test('an element with gaps goes to OpenCV', () => {
  using scope = new Scope();
  const image = scope.mat(20, 30, cv.CV_8UC1);
  for (let i = 0; i < image.data.length; i++) image.data[i] = (i * 40_503) >>> 8;
  const element = scope.own(cv.matFromArray(1, 3, cv.CV_8UC1, [1, 0, 1]));
  const [expected, given] = [scope.mat(), scope.mat()];
  const before = uses.erode;
  plainCv.erode(image, expected, element);
  cv.erode(image, given, element);
  expect(Buffer.from(given.data)).toEqual(Buffer.from(expected.data));
  expect(uses.erode).toBe(before);
});

test('regions of larger images and images in place go to OpenCV', () => {
  using scope = new Scope();
  const image = scope.mat(60, 80, cv.CV_8UC1);
  for (let i = 0; i < image.data.length; i++) image.data[i] = (i * 40_503) >>> 8;
  const region = scope.own(image.roi(new cv.Rect(10, 10, 40, 30)));
  const [expected, given] = [scope.mat(), scope.mat()];
  plainCv.GaussianBlur(region, expected, new cv.Size(5, 5), 0);
  cv.GaussianBlur(region, given, new cv.Size(5, 5), 0);
  expect(Buffer.from(given.data)).toEqual(Buffer.from(expected.data));
  cv.GaussianBlur(image, image, new cv.Size(5, 5), 0);
  cv.GaussianBlur(region, given, new cv.Size(1, 1), 0);
});
