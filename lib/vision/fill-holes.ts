import { cv, type Mat } from './opencv.ts';
import { Scope } from './scope.ts';

/** A hole is filled where its depth is less than this part of the depth that the filled object has. */
const shallow = 0.25;

/**
 * Fills the small holes of objects, in place: texture and reflections, but not the gaps between objects that touch in a ring.
 * Small is told by the depth (greatest distance from the edge) of the hole and of the object around it, so that it means the
 * same at any resolution. A hole is background that does not reach the image's border, 4-connected as objects are 8-connected.
 */
export function fillSmallHoles(mask: Mat): void {
  using scope = new Scope();
  const background = scope.mat();
  cv.bitwise_not(mask, background);
  const labels = scope.mat();
  const stats = scope.mat();
  const count = cv.connectedComponentsWithStats(background, labels, stats, scope.mat(), 4, cv.CV_32S);
  const { rows, cols } = mask;
  const table = stats.data32S as Int32Array;
  const isHole = new Uint8Array(count);
  let holes = 0;
  for (let l = 1; l < count; l++) {
    const [left, top, width, height] = table.subarray(l * 5, l * 5 + 4);
    if (left === 0 || top === 0 || left + width === cols || top + height === rows) continue;
    isHole[l] = 1;
    holes++;
  }
  if (holes === 0) return;
  const label = labels.data32S as Int32Array;
  const pixels = mask.data as Uint8Array;
  const filled = scope.mat();
  mask.copyTo(filled);
  const solid = filled.data as Uint8Array;
  for (let i = 0; i < solid.length; i++) if (isHole[label[i]]) solid[i] = 255;
  const holeDepth = greatestDepths(background, label, count);
  const objects = scope.mat();
  const objectCount = cv.connectedComponents(filled, objects, 8, cv.CV_32S);
  const object = objects.data32S as Int32Array;
  const objectDepth = greatestDepths(filled, object, objectCount);
  for (let i = 0; i < pixels.length; i++) {
    const l = label[i];
    if (isHole[l] && holeDepth[l] < shallow * objectDepth[object[i]]) pixels[i] = 255;
  }
}

/** The greatest distance from the edge in each component of a binary image. */
function greatestDepths(binary: Mat, label: Int32Array, count: number): Float32Array {
  using scope = new Scope();
  const distance = scope.mat();
  cv.distanceTransform(binary, distance, cv.DIST_L2, 5);
  const depth = distance.data32F as Float32Array;
  const greatest = new Float32Array(count);
  for (let i = 0; i < depth.length; i++) if (depth[i] > greatest[label[i]]) greatest[label[i]] = depth[i];
  return greatest;
}
