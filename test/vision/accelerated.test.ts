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

test.each(['RGB2YCrCb', 'YCrCb2RGB', 'RGB2HSV', 'RGB2HSV_FULL', 'HSV2RGB_FULL'] as const)('%s', async (name) => {
  const before = uses.cvtColor;
  const code = cv[`COLOR_${name}`];
  expect(await differing(3, (functions, image, target) => functions.cvtColor(image, target, code))).toEqual([]);
  using scope = new Scope();
  // All colors of steps of four.
  const colors = scope.mat(512, 512, cv.CV_8UC3);
  for (let i = 0; i < 512 * 512; i++)
    for (let c = 0; c < 3; c++) colors.data[3 * i + c] = 4 * ((i >> (6 * c)) & 63) + ((i >> (2 * c)) & 3);
  const [expected, given] = [scope.mat(), scope.mat()];
  plainCv.cvtColor(colors, expected, code);
  cv.cvtColor(colors, given, code);
  expect(Buffer.from(given.data).equals(expected.data)).toBe(true);
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

const filters: [name: string, run: (functions: Functions, image: Mat, target: Mat) => void][] = [
  ['GaussianBlur', (functions, image, target) => functions.GaussianBlur(image, target, new cv.Size(5, 5), 0)],
  ['Canny', (functions, image, target) => functions.Canny(image, target, 60, 120)],
  ['dilate', (functions, image, target) => functions.dilate(image, target, cv.Mat.ones(5, 5, cv.CV_8UC1))],
];

function noise(rows: number, cols: number, type: number, scope: Scope): Mat {
  const image = scope.mat(rows, cols, type);
  for (let i = 0; i < image.data.length; i++) image.data[i] = (i * 2_654_435_761) >>> 24;
  return image;
}

test.each(filters)('%s of a region of a larger image', (_, run) => {
  using scope = new Scope();
  const image = noise(60, 80, cv.CV_8UC1, scope);
  // The second is as wide as the image, and has no gaps between its rows.
  for (const rect of [new cv.Rect(10, 10, 40, 30), new cv.Rect(0, 10, 80, 30)]) {
    const region = scope.own(image.roi(rect));
    const [expected, given] = [scope.mat(), scope.mat()];
    run(plainCv, region, expected);
    run(cv, region, given);
    expect(Buffer.from(given.data).equals(expected.data)).toBe(true);
  }
});

test.each(filters)('%s in place', (_, run) => {
  using scope = new Scope();
  const [expected, given] = [scope.mat(), scope.mat()];
  for (const image of [expected, given]) noise(60, 80, cv.CV_8UC1, scope).copyTo(image);
  run(plainCv, expected, expected);
  run(cv, given, given);
  expect(Buffer.from(given.data).equals(expected.data)).toBe(true);
});

test.each(filters)('%s into a region of a larger image', (_, run) => {
  using scope = new Scope();
  const image = noise(30, 40, cv.CV_8UC1, scope);
  const [expected, given] = [scope.mat(60, 80, cv.CV_8UC1), scope.mat(60, 80, cv.CV_8UC1)];
  for (const [functions, target] of [
    [plainCv, expected],
    [cv, given],
  ] as const) {
    target.setTo(new cv.Scalar(7));
    run(functions, image, scope.own(target.roi(new cv.Rect(10, 10, 40, 30))));
  }
  expect(Buffer.from(given.data).equals(expected.data)).toBe(true);
});

/** Every pair of bytes, in two images. */
function pairs(scope: Scope): [Mat, Mat] {
  const [a, b] = [scope.mat(256, 256, cv.CV_8UC1), scope.mat(256, 256, cv.CV_8UC1)];
  for (let i = 0; i < 65_536; i++) [a.data[i], b.data[i]] = [i >> 8, i & 255];
  return [a, b];
}

const arithmetic: [name: Accelerated, label: string, run: (own: Functions, a: Mat, b: Mat, target: Mat) => void][] = [
  ['add', '', (own, a, b, target) => own.add(a, b, target)],
  ['subtract', '', (own, a, b, target) => own.subtract(a, b, target)],
  ['absdiff', '', (own, a, b, target) => own.absdiff(a, b, target)],
  ['min', '', (own, a, b, target) => own.min(a, b, target)],
  ['max', '', (own, a, b, target) => own.max(a, b, target)],
  ...[1 / 255, 0.5, 0.013, 2].map(
    (scale) =>
      ['multiply', `by ${scale}`, (own, a, b, target) => own.multiply(a, b, target, scale)] as (typeof arithmetic)[0],
  ),
  ...[255, 1, 31.7, 4000].map(
    (scale) =>
      ['divide', `by ${scale}`, (own, a, b, target) => own.divide(a, b, target, scale)] as (typeof arithmetic)[0],
  ),
  ...[
    [0.5, 0.5, 0],
    [0.3, 0.7, 0],
    [2, -1, 0],
    [1, 1, 0],
    [6, -5, 0.4],
    [-0.37, 1.91, 100],
    [1, 0.25, 0],
  ].map(
    ([alpha, beta, gamma]) =>
      [
        'addWeighted',
        `${alpha}, ${beta}, ${gamma}`,
        (own, a, b, target) => own.addWeighted(a, alpha, b, beta, gamma, target),
      ] as (typeof arithmetic)[0],
  ),
];

test.each(arithmetic)('%s %s of all pairs of samples', (name, _, run) => {
  using scope = new Scope();
  const [a, b] = pairs(scope);
  const before = uses[name];
  const [expected, given] = [scope.mat(), scope.mat()];
  run(plainCv, a, b, expected);
  run(cv, a, b, given);
  expect(Buffer.from(given.data).equals(expected.data)).toBe(true);
  run(cv, a, b, a);
  expect(Buffer.from(a.data).equals(expected.data)).toBe(true);
  expectUsed(name, before);
});

test.each([1, 3] as const)('arithmetic of images of %i channels', async (channels) => {
  for (const [name, label, run] of arithmetic) {
    const wrong = await differing(channels, (functions, image, target) => run(functions, image, image, target));
    expect({ name, label, wrong }).toEqual({ name, label, wrong: [] });
  }
});

const scales: [number, number][] = [
  [1, 0],
  [2.5, 0],
  [-1, 100],
  [0.0371, -3.5],
  [50, 0],
];

test.each(scales)('convertScaleAbs by %f and %f', async (scale, shift) => {
  const before = uses.convertScaleAbs;
  const run = (functions: Functions, image: Mat, target: Mat) => functions.convertScaleAbs(image, target, scale, shift);
  expect(await differing(3, run)).toEqual([]);
  using scope = new Scope();
  const floats = scope.mat(33, 17, cv.CV_32FC1);
  for (let i = 0; i < floats.data32F.length; i++) floats.data32F[i] = (i - 280) * 3.25;
  const [expected, given] = [scope.mat(), scope.mat()];
  run(plainCv, floats, expected);
  run(cv, floats, given);
  expect(Buffer.from(given.data).equals(expected.data)).toBe(true);
  expectUsed('convertScaleAbs', before);
});

test.each([1, 3] as const)('bitwise_not and LUT of %i channels', async (channels) => {
  const { LUT, bitwise_not } = uses;
  expect(await differing(channels, (own, image, target) => own.bitwise_not(image, target))).toEqual([]);
  using scope = new Scope();
  for (const type of channels === 1 ? [cv.CV_8UC1] : [cv.CV_8UC1, cv.CV_8UC3]) {
    const table = noise(1, 256, type, scope);
    expect(await differing(channels, (own, image, target) => own.LUT(image, table, target))).toEqual([]);
  }
  expectUsed('LUT', LUT);
  expectUsed('bitwise_not', bitwise_not);
});

test('equalizeHist', async () => {
  const before = uses.equalizeHist;
  expect(await differing(1, (own, image, target) => own.equalizeHist(image, target))).toEqual([]);
  using scope = new Scope();
  const plain = scope.own(new cv.Mat(20, 30, cv.CV_8UC1, new cv.Scalar(7)));
  cv.equalizeHist(plain, plain);
  expect(new Set(plain.data)).toEqual(new Set([7]));
  expectUsed('equalizeHist', before);
});

test.each([0, 1, 99.5, 127, 254, 255, -1, 300])('threshold at %f', async (level) => {
  for (const type of ['THRESH_BINARY', 'THRESH_BINARY_INV'] as const) {
    const before = uses.threshold;
    const used = new Set<number>();
    const wrong = await differing(1, (own, image, target) => {
      used.add(own.threshold(image, target, level, 255, cv[type]));
    });
    expect({ type, wrong, used: used.size }).toEqual({ type, wrong: [], used: 1 });
    expectUsed('threshold', before);
  }
});

test("threshold by Otsu's method", async () => {
  const levels: number[][] = [[], []];
  const wrong = await differing(1, (own, image, target) => {
    const level = own.threshold(image, target, 0, 255, cv.THRESH_BINARY + cv.THRESH_OTSU);
    levels[own === plainCv ? 0 : 1].push(level);
  });
  expect(wrong).toEqual([]);
  expect(levels[1]).toEqual(levels[0]);
});

test.each([1, 3, 4] as const)('blur of %i channels', async (channels) => {
  const before = uses.blur;
  for (const [width, height] of [
    [3, 3],
    [5, 5],
    [7, 1],
    [1, 9],
    [15, 15],
    [17, 17],
    [31, 25],
    [91, 91],
    [199, 199],
  ]) {
    const wrong = await differing(channels, (own, image, to) => own.blur(image, to, new cv.Size(width, height)));
    expect({ width, height, wrong }).toEqual({ width, height, wrong: [] });
  }
  expectUsed('blur', before);
});

test.each(['ADAPTIVE_THRESH_MEAN_C', 'ADAPTIVE_THRESH_GAUSSIAN_C'] as const)(
  'adaptiveThreshold, %s',
  async (method) => {
    const before = uses.adaptiveThreshold;
    for (const side of [7, 11, 31, 99])
      for (const type of ['THRESH_BINARY', 'THRESH_BINARY_INV'] as const)
        for (const offset of [10, -3.5, 0]) {
          const wrong = await differing(1, (own, image, to) =>
            own.adaptiveThreshold(image, to, 255, cv[method], cv[type], side, offset),
          );
          expect({ side, type, offset, wrong }).toEqual({ side, type, offset, wrong: [] });
        }
    expectUsed('adaptiveThreshold', before);
  },
);

const kernels: [rows: number, cols: number, weights: number[]][] = [
  [3, 3, [0, -1, 0, -1, 5, -1, 0, -1, 0]],
  [3, 3, [-0.3, -0.7, 0.2, 0.1, 1, 0.3, -0.4, 0.7, 0.1]],
  [1, 5, [0.1, 0.2, 0.3, 0.25, 0.15]],
  [5, 1, [1, -1, 1, -1, 1]],
  [7, 7, Array.from({ length: 49 }, (_, i) => Math.fround(Math.sin(i) / 7))],
  [3, 3, [100, -30, 7, 50, -100, 9, 12, 40, -60]],
];

test.each([1, 3] as const)('filter2D of %i channels', async (channels) => {
  using scope = new Scope();
  const before = uses.filter2D;
  for (const [rows, cols, weights] of kernels) {
    const kernel = scope.own(cv.matFromArray(rows, cols, cv.CV_32FC1, weights));
    for (const offset of [0, 128, -7.25]) {
      const wrong = await differing(channels, (own, image, to) =>
        own.filter2D(image, to, -1, kernel, new cv.Point(-1, -1), offset),
      );
      expect({ weights, offset, wrong }).toEqual({ weights, offset, wrong: [] });
    }
  }
  expectUsed('filter2D', before);
});

test('transform', async () => {
  using scope = new Scope();
  const before = uses.transform;
  const matrix = scope.own(
    cv.matFromArray(3, 3, cv.CV_32FC1, [0.393, 0.769, 0.189, 0.349, 0.686, 0.168, 0.272, -0.534, 1.131]),
  );
  expect(await differing(3, (own, image, to) => own.transform(image, to, matrix))).toEqual([]);
  expectUsed('transform', before);
});

const resizing: [method: 'INTER_AREA' | 'INTER_LINEAR' | 'INTER_CUBIC', across: number, down: number][] = [
  ['INTER_AREA', 1 / 2, 1 / 2],
  ['INTER_AREA', 1 / 4, 1 / 3],
  ['INTER_AREA', 0.3, 0.3],
  ['INTER_AREA', 0.77, 0.51],
  ['INTER_AREA', 1, 0.4],
  ['INTER_LINEAR', 1 / 2, 1 / 2],
  ['INTER_LINEAR', 0.4, 0.3],
  ['INTER_LINEAR', 1.7, 2.2],
  ['INTER_LINEAR', 4, 0.9],
  ['INTER_CUBIC', 1.2, 1.3],
  ['INTER_CUBIC', 0.6, 2],
  ['INTER_CUBIC', 3, 3],
];

test.each(resizing)('resize, %s by %f and %f', async (method, across, down) => {
  const before = uses.resize;
  for (const channels of [1, 3, 4] as const) {
    const wrong = await differing(channels, (own, image, to) => {
      const size = new cv.Size(
        Math.max(1, Math.round(image.cols * across)),
        Math.max(1, Math.round(image.rows * down)),
      );
      own.resize(image, to, size, 0, 0, cv[method]);
    });
    expect({ channels, wrong }).toEqual({ channels, wrong: [] });
  }
  expectUsed('resize', before);
});
