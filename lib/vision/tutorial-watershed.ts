/** Marker-based watershed as in OpenCV's tutorial "Image Segmentation with Watershed Algorithm", with refinements that parameters switch on. */
import { type BinaryOptions, binarize } from './binary.ts';
import { toRgb } from './channels.ts';
import { flattenIllumination } from './illumination.ts';
import { cv, type Mat } from './opencv.ts';
import { Scope } from './scope.ts';

export interface TutorialOptions extends BinaryOptions {
  flatten: boolean;
  /** Standard deviation in pixels. */
  blur: number;
  /** Rounds. */
  opening: number;
  fillHoles: boolean;
  /** In percent of the image. */
  minArea: number;
  foregroundRatio: number;
  foregroundOf: 'object' | 'image';
}

export interface TutorialSegments {
  /** CV_32S: regions 1…count, background 0, boundaries -1. */
  labels: Mat;
  count: number;
  threshold: number;
  /** The image's frame included, as OpenCV marks it. */
  boundaryPixels: number;
}

/** Segments an image by watershed of its gray values, from markers that a threshold of the distance map gives. */
export function tutorialWatershed(image: Mat, gray: Mat, options: TutorialOptions, scope: Scope): TutorialSegments {
  const { objects, threshold } = separateObjects(gray, options, scope);
  const { markers, segments } = seedMarkers(objects, options, scope);
  cv.watershed(toRgb(image, scope), markers);
  return { labels: markers, count: segments, threshold, boundaryPixels: toRegionLabels(markers) };
}

/** The binary image of the objects, cleaned, and the threshold that was used. What it takes on the way is freed at once. */
function separateObjects(gray: Mat, options: TutorialOptions, outer: Scope) {
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
function seedMarkers(objects: Mat, { foregroundRatio, foregroundOf }: TutorialOptions, outer: Scope) {
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
