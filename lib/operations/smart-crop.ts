import { z } from 'zod';
import type { Box } from '../vision/boxes.ts';
import { copyOf, onWhite, toGray, toRgb } from '../vision/channels.ts';
import { box, count } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { percent } from '../vision/declaration/params.ts';
import { faceModels, findFaces } from '../vision/face-search.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import { Scope } from '../vision/scope.ts';

/** Faces smaller than this part of the shorter side are of people in the background. */
const leastFace = 0.04;
const sureFace = 0.65;
/** Eyes stand at a third of a picture's height, by the rule of thirds; a face's middle is somewhat below. */
const faceHeight = 0.4;
/** Side at which detail is looked for, in pixels. */
const workSide = 256;

/** Crops to a shape around the faces, or where there are none, around most of the detail. Use it for thumbnails and portraits. */
export const smartCrop = defineOperation({
  name: 'smart-crop',
  title: 'Smart crop',
  group: 'geometry',
  summary: 'Crops to a shape so that faces, or most of the detail, are in it.',
  source: 'V. Bazarevsky, BlazeFace, 2019; detail: energy of gradients',
  alpha: 'transformed',
  models: () => faceModels,
  params: z.strictObject({
    aspect: z.number().min(0.1).max(10).default(1).describe('width of the result divided by its height'),
    size: z
      .enum(['largest', 'faces'])
      .default('largest')
      .describe('largest: as much of the image as has the shape; faces: close to the faces, where there are any'),
    margin: percent(0, 500).default(80).describe('of size faces: what is left around them, relative to their box'),
  }),
  measures: z.looseObject({ box, faceCount: count('faces that the crop was led by') }),
  run({ image, alpha, scope }, { aspect, size, margin }) {
    const seen = toRgb(onWhite(image, alpha, scope), scope);
    const smallest = Math.max(16, Math.round(leastFace * Math.min(image.cols, image.rows)));
    const { faces } = findFaces(seen, sureFace, smallest);
    const around = unionOf(faces.map(({ box }) => box));
    const largest = shaped(aspect, image.cols, image.rows);
    const wanted = around && size === 'faces' ? closeUp(around, aspect, margin / 100, largest) : largest;
    const box = around ? placedAround(around, wanted, image) : mostDetail(seen, wanted, aspect);
    const crop = (mat: Mat) => copyOf(scope.own(mat.roi(new cv.Rect(box.x, box.y, box.width, box.height))), scope);
    return { image: crop(image), ...(alpha && { alpha: crop(alpha) }), measurements: { box, faceCount: faces.length } };
  },
});

interface Size {
  width: number;
  height: number;
}

function shaped(aspect: number, width: number, height: number): Size {
  const wide = Math.min(width, height * aspect);
  return { width: Math.max(1, Math.round(wide)), height: Math.max(1, Math.round(Math.min(height, wide / aspect))) };
}

function unionOf(boxes: readonly Box[]): Box | undefined {
  if (boxes.length === 0) return undefined;
  const [x, y] = [Math.min(...boxes.map((box) => box.x)), Math.min(...boxes.map((box) => box.y))];
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { x, y, width: right - x, height: bottom - y };
}

function closeUp({ width, height }: Box, aspect: number, margin: number, most: Size): Size {
  const wide = Math.max(width * (1 + margin), height * (1 + margin) * aspect);
  return wide < most.width ? shaped(aspect, wide, wide / aspect) : most;
}

/** With the middle of the faces in the middle across, and somewhat above it. */
function placedAround(faces: Box, { width, height }: Size, { cols, rows }: Mat): Box {
  const x = faces.x + faces.width / 2 - width / 2;
  const y = faces.y + faces.height / 2 - faceHeight * height;
  return { x: inside(x, cols - width), y: inside(y, rows - height), width, height };
}

function inside(start: number, most: number): number {
  return Math.round(Math.max(0, Math.min(most, start)));
}

/** Where a box of the shape holds most of the gradients' energy; of equal ones the middle. */
function mostDetail(rgb: Mat, { width, height }: Size, aspect: number): Box {
  using scope = new Scope();
  const scale = Math.min(1, workSide / Math.max(rgb.cols, rgb.rows));
  const small = scope.mat();
  const size = new cv.Size(Math.max(1, Math.round(rgb.cols * scale)), Math.max(1, Math.round(rgb.rows * scale)));
  cv.resize(toGray(rgb, scope), small, size, 0, 0, cv.INTER_AREA);
  const edges = scope.mat();
  cv.Laplacian(small, edges, cv.CV_8U, 1);
  const box = shaped(aspect, small.cols, small.rows);
  const sums = scope.mat();
  cv.integral(edges, sums);
  const total = sums.data32S as Int32Array;
  const at = (x: number, y: number) => total[y * (small.cols + 1) + x];
  const center = { x: (small.cols - box.width) / 2, y: (small.rows - box.height) / 2 };
  let best = { x: 0, y: 0, detail: -1, off: 0 };
  for (let y = 0; y + box.height <= small.rows; y++) {
    for (let x = 0; x + box.width <= small.cols; x++) {
      const detail = at(x + box.width, y + box.height) - at(x, y + box.height) - at(x + box.width, y) + at(x, y);
      const off = Math.hypot(x - center.x, y - center.y);
      if (detail > best.detail || (detail === best.detail && off < best.off)) best = { x, y, detail, off };
    }
  }
  const [x, y] = [(best.x * rgb.cols) / small.cols, (best.y * rgb.rows) / small.rows];
  return { x: inside(x, rgb.cols - width), y: inside(y, rgb.rows - height), width, height };
}
