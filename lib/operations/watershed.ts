import { z } from 'zod';
import { problem } from '../problems.ts';
import { binarize, binaryParams } from '../vision/binary.ts';
import { canvasOf, toGray, toRgb } from '../vision/channels.ts';
import { flattenIllumination } from '../vision/illumination.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import { distinctColor } from '../vision/palette.ts';
import { largestRegions, measureRegions } from '../vision/regions.ts';
import { Scope } from '../vision/scope.ts';
import { defineOperation } from './operation.ts';

const params = z.strictObject({
  ...binaryParams,
  flatten: z.boolean().default(true).describe('even out the illumination before the threshold'),
  blur: z
    .number()
    .min(0)
    .max(20)
    .default(1.1)
    .describe('standard deviation of a Gaussian blur before the threshold; 0 for none')
    .meta({ unit: 'px' }),
  opening: z.int().min(0).max(50).default(1).describe('rounds of 3 × 3 opening: specks and thin bridges go'),
  fillHoles: z.boolean().default(true).describe('close holes inside the objects'),
  minArea: z
    .number()
    .min(0)
    .max(100)
    .default(0.05)
    .describe('objects smaller than this part of the image are left out')
    .meta({ unit: '%' }),
  foregroundRatio: z
    .number()
    .min(0.05)
    .max(0.95)
    .default(0.5)
    .describe('how far from its edge, as a part of the greatest distance, a pixel must be to seed a segment'),
  foregroundOf: z
    .enum(['object', 'image'])
    .default('object')
    .describe('greatest distance of each object, or of the whole image (then small objects have no seed)'),
  output: z.enum(['overlay', 'labels', 'boundaries']).default('overlay').describe('what the result shows'),
});

/** The greatest number that a 16-bit label image can hold. */
const maxLabel = 65_535;

/** Marker-based watershed (Meyer 1992; OpenCV `watershed`) with automatic markers. Use it to part and count touching objects. */
export const watershed = defineOperation({
  name: 'watershed',
  title: 'Watershed segmentation',
  group: 'segmentation',
  summary: 'Parts touching objects, counts and measures them: cells, grains, coins.',
  source: 'F. Meyer, Color image segmentation, 1992; OpenCV watershed, markers by distance transform',
  result: ({ output }) => (output === 'overlay' ? 'picture' : 'data'),
  params,
  run({ image, scope }, options) {
    const gray = toGray(image, scope);
    const { objects, threshold } = separateObjects(gray, options, scope);
    const { markers, segments } = seedMarkers(objects, options, scope);
    cv.watershed(toRgb(image, scope), markers);
    const boundaryPixels = toRegionLabels(markers);
    const regions = measureRegions(markers, segments, gray);
    return {
      image: draw(image, markers, segments, options.output, scope),
      measurements: {
        segments,
        boundaryPixels,
        threshold,
        regions: largestRegions(regions),
      },
    };
  },
});

type Options = z.output<typeof params>;

/** The binary image of the objects, cleaned, and the threshold that was used. What it takes on the way is freed at once. */
function separateObjects(gray: Mat, options: Options, outer: Scope) {
  using scope = new Scope();
  let source = options.flatten ? flattenIllumination(gray, scope) : gray;
  if (options.blur > 0) {
    const blurred = scope.mat();
    cv.GaussianBlur(source, blurred, new cv.Size(0, 0), options.blur);
    source = blurred;
  }
  const { binary: objects, threshold } = binarize(source, options, outer);
  if (options.opening > 0) {
    const kernel = scope.own(cv.Mat.ones(3, 3, cv.CV_8UC1));
    cv.morphologyEx(objects, objects, cv.MORPH_OPEN, kernel, new cv.Point(-1, -1), options.opening);
  }
  if (options.fillHoles) fillHoles(objects);
  if (options.minArea > 0) dropSmall(objects, (options.minArea / 100) * objects.rows * objects.cols);
  return { objects, threshold };
}

function fillHoles(objects: Mat): void {
  using scope = new Scope();
  const background = scope.mat();
  cv.bitwise_not(objects, background);
  const { rows, cols } = objects;
  // Background that does not reach the border is a hole; 4-connected, as the objects are 8-connected.
  paintComponents(background, objects, 4, 255, (left, top, width, height) => {
    return left > 0 && top > 0 && left + width < cols && top + height < rows;
  });
}

function dropSmall(objects: Mat, minArea: number): void {
  paintComponents(objects, objects, 8, 0, (_left, _top, _width, _height, area) => area < minArea);
}

type ComponentTest = (left: number, top: number, width: number, height: number, area: number) => boolean;

/** Sets the pixels of those connected components of `binary` that pass the test to `value` in `target`. */
function paintComponents(binary: Mat, target: Mat, connectivity: 4 | 8, value: number, test: ComponentTest): void {
  using scope = new Scope();
  const labels = scope.mat();
  const stats = scope.mat();
  const count = cv.connectedComponentsWithStats(binary, labels, stats, scope.mat(), connectivity, cv.CV_32S);
  const chosen = new Uint8Array(count);
  const table = stats.data32S as Int32Array;
  for (let l = 1; l < count; l++) {
    const [left, top, width, height, area] = table.subarray(l * 5, l * 5 + 5) as unknown as Parameters<ComponentTest>;
    if (test(left, top, width, height, area)) chosen[l] = 1;
  }
  const label = labels.data32S as Int32Array;
  const pixels = target.data as Uint8Array;
  for (let i = 0; i < pixels.length; i++) if (chosen[label[i]]) pixels[i] = value;
}

/** Markers for `cv.watershed`: 1 sure background, 2… one for each seed, 0 what is to be decided. */
function seedMarkers(objects: Mat, { foregroundRatio, foregroundOf }: Options, outer: Scope) {
  using scope = new Scope();
  const distance = scope.mat();
  cv.distanceTransform(objects, distance, cv.DIST_L2, 5);
  const labels = scope.mat();
  const count = cv.connectedComponents(objects, labels, 8, cv.CV_32S);
  const depth = distance.data32F as Float32Array;
  const object = labels.data32S as Int32Array;
  const greatest = new Float32Array(count);
  for (let i = 0; i < depth.length; i++) {
    const l = object[i];
    if (depth[i] > greatest[l]) greatest[l] = depth[i];
  }
  if (foregroundOf === 'image') greatest.fill(greatest.reduce((a, b) => Math.max(a, b), 0));

  const seeds = scope.mat(objects.rows, objects.cols, cv.CV_8UC1);
  const seed = seeds.data as Uint8Array;
  for (let i = 0; i < seed.length; i++) {
    const d = depth[i];
    seed[i] = d > 0 && d > foregroundRatio * greatest[object[i]] ? 255 : 0;
  }
  // No longer needed, and large.
  for (const mat of [distance, labels]) scope.release(mat).delete();
  const markers = outer.mat();
  const segments = cv.connectedComponents(seeds, markers, 8, cv.CV_32S) - 1;

  const reach = scope.mat();
  cv.dilate(objects, reach, scope.own(cv.Mat.ones(3, 3, cv.CV_8UC1)), new cv.Point(-1, -1), 3);
  const marker = markers.data32S as Int32Array;
  const near = reach.data as Uint8Array;
  const seeded = seeds.data as Uint8Array;
  for (let i = 0; i < marker.length; i++) {
    if (near[i] && !seeded[i]) marker[i] = 0;
    else marker[i]++;
  }
  return { markers, segments };
}

/** From watershed's numbering to regions 1…n, background 0, boundary -1; gives the number of boundary pixels, the image's frame included as OpenCV marks it. */
function toRegionLabels(markers: Mat): number {
  const marker = markers.data32S as Int32Array;
  let boundaryPixels = 0;
  for (let i = 0; i < marker.length; i++) {
    const value = marker[i];
    if (value === -1) boundaryPixels++;
    else marker[i] = Math.max(0, value - 1);
  }
  return boundaryPixels;
}

function draw(image: Mat, labels: Mat, segments: number, output: Options['output'], scope: Scope): Mat {
  if (output === 'labels') return labelImage(labels, segments, scope);
  const boundaries = boundaryMask(labels, scope);
  if (output === 'boundaries') return boundaries;
  const canvas = canvasOf(image, scope);
  tint(canvas, labels);
  canvas.setTo(new cv.Scalar(255, 40, 40), visible(boundaries, scope));
  return canvas;
}

function labelImage(labels: Mat, segments: number, scope: Scope): Mat {
  if (segments > maxLabel) {
    throw problem('operation-failed', `${segments} segments do not fit a 16-bit label image (at most ${maxLabel}).`);
  }
  const image = scope.mat(labels.rows, labels.cols, cv.CV_16UC1);
  const source = labels.data32S as Int32Array;
  const target = image.data16U as Uint16Array;
  for (let i = 0; i < target.length; i++) target[i] = Math.max(0, source[i]);
  return image;
}

/** The boundaries between regions, without the frame that OpenCV marks all around the image. */
function boundaryMask(labels: Mat, scope: Scope): Mat {
  const { rows, cols } = labels;
  const mask = scope.own(cv.Mat.zeros(rows, cols, cv.CV_8UC1));
  const source = labels.data32S as Int32Array;
  const target = mask.data as Uint8Array;
  for (let y = 1; y < rows - 1; y++) {
    for (let x = 1, i = y * cols + 1; x < cols - 1; x++, i++) if (source[i] === -1) target[i] = 255;
  }
  return mask;
}

/** Lines that can still be seen when a large image is shown on a screen. */
function visible(mask: Mat, scope: Scope): Mat {
  const width = Math.round(Math.min(mask.rows, mask.cols) / 500);
  if (width < 2) return mask;
  const thick = scope.mat();
  cv.dilate(mask, thick, scope.own(cv.Mat.ones(width, width, cv.CV_8UC1)));
  return thick;
}

/** Colors each region, a third of the way to a color of its own. */
function tint(canvas: Mat, labels: Mat): void {
  const source = labels.data32S as Int32Array;
  const pixels = canvas.data as Uint8Array;
  for (let i = 0; i < source.length; i++) {
    const l = source[i];
    if (l < 1) continue;
    const color = distinctColor(l);
    for (let c = 0; c < 3; c++) {
      const p = i * 3 + c;
      pixels[p] = (pixels[p] * 2 + color[c]) / 3;
    }
  }
}
