/** Kernels on label images give what the same loops in JavaScript give. */
import '../../lib/imaging/engine-thread.ts';
import { enlargeLabels } from '../../lib/vision/enlarge-labels.ts';
import { labelRuns, runsOf } from '../../lib/vision/label-runs.ts';
import { objectBoundaries, tintedObjects } from '../../lib/vision/object-drawing.ts';
import { cv, kernels, loadOpenCv, type Mat } from '../../lib/vision/opencv.ts';
import { distinctColor } from '../../lib/vision/palette.ts';
import { Scope } from '../../lib/vision/scope.ts';

beforeAll(loadOpenCv);

/** Repeatable blocks of labels from `least` to 40. */
function blocks(rows: number, cols: number, side: number, least: number, scope: Scope): Mat {
  const labels = scope.mat(rows, cols, cv.CV_32SC1);
  for (let i = 0; i < rows * cols; i++) {
    const [bx, by] = [Math.floor((i % cols) / side), Math.floor(Math.floor(i / cols) / side)];
    const noise = Math.imul(bx * 73_856_093 + by * 19_349_663 + 7, 2_654_435_761) >>> 16;
    labels.data32S[i] = noise % 3 === 0 ? 0 : least + (noise % (41 - least));
  }
  return labels;
}

const sizes = [
  [1, 1],
  [3, 17],
  [23, 4],
  [40, 61],
  [65, 130],
] as const;

describe.each(sizes)('of %i × %i', (rows, cols) => {
  test.each([1, 3, 20])('runs and windows, blocks of %i', (side) => {
    using scope = new Scope();
    expect(kernels).toBeDefined();
    // Labels above the count are nobody's.
    for (const [least, count] of [
      [0, 40],
      [-1, 30],
    ]) {
      const labels = blocks(rows, cols, side, least, scope);
      expect(runsOf(labels, count)).toEqual(labelRuns((labels.data32S as Int32Array).slice(), rows, cols, count));
    }
  });

  test.each([1, 3, 20])('boundaries, blocks of %i', (side) => {
    using scope = new Scope();
    const labels = blocks(rows, cols, side, -1, scope);
    const label = (labels.data32S as Int32Array).slice();
    const expected = label.map((own, i) => {
      const [x, y] = [i % cols, Math.floor(i / cols)];
      if (own < 0) return x > 0 && y > 0 && x < cols - 1 && y < rows - 1 ? 255 : 0;
      const beside = [
        ...(x > 0 ? [label[i - 1]] : []),
        ...(x < cols - 1 ? [label[i + 1]] : []),
        ...(y > 0 ? [label[i - cols]] : []),
        ...(y < rows - 1 ? [label[i + cols]] : []),
      ];
      return own > 0 && beside.some((other) => other >= 0 && other !== own) ? 255 : 0;
    });
    expect(Array.from(objectBoundaries(labels, scope).data)).toEqual(Array.from(expected));
  });
});

test('objects are tinted a third of the way to their color', () => {
  using scope = new Scope();
  const labels = blocks(60, 90, 23, 0, scope);
  const image = scope.mat(60, 90, cv.CV_8UC3);
  for (let i = 0; i < image.data.length; i++) image.data[i] = (i * 37) % 256;
  const shown = tintedObjects(image, labels, scope);
  const isBoundary = objectBoundaries(labels, scope).data as Uint8Array;
  for (let i = 0; i < 60 * 90; i++) {
    if (isBoundary[i]) continue;
    const label = labels.data32S[i] as number;
    const own = Array.from(image.data.subarray(3 * i, 3 * i + 3) as Uint8Array);
    const expected = label === 0 ? own : own.map((sample, c) => Math.floor((2 * sample + distinctColor(label)[c]) / 3));
    expect(Array.from(shown.data.subarray(3 * i, 3 * i + 3))).toEqual(expected);
  }
});

test.each(sizes)('labels of %i × %i are enlarged', (rows, cols) => {
  using scope = new Scope();
  for (const side of [1, 4]) {
    const labels = (blocks(rows, cols, side, 0, scope).data32S as Int32Array).slice();
    const smooth = scope.mat(rows, cols, cv.CV_8UC1);
    for (let i = 0; i < rows * cols; i++) smooth.data[i] = labels[i] > 0 ? 130 + ((i * 11) % 90) : (i * 17) % 140;
    for (const [factorX, factorY] of [
      [2.3, 2.4],
      [1.1, 5],
    ]) {
      const full = scope.mat(Math.round(rows * factorY), Math.round(cols * factorX), cv.CV_8UC1);
      const enlarged = [true, false].map((withKernels) => {
        const mask = { smooth, threshold: 128, bright: true };
        return enlargeLabels(labels, smooth, mask, full, scope, withKernels).data32S as Int32Array;
      });
      expect(enlarged[0]).toEqual(enlarged[1]);
    }
  }
});
