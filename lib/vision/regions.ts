import { cv, type Mat } from './opencv.ts';
import { Scope } from './scope.ts';

/** One labeled region; positions and lengths in pixels, `meanIntensity` in gray values. */
export interface Region {
  label: number;
  area: number;
  centroid: { x: number; y: number };
  boundingBox: { x: number; y: number; width: number; height: number };
  /** Length of the outer contour through the centers of its pixels. */
  perimeter: number;
  /** 4π · contour area / perimeter²: 1 for a circle, less for everything else; 0 for a region too thin to enclose anything. */
  circularity: number;
  meanIntensity: number;
}

/**
 * Measures the regions of a label image (CV_32S; labels 1…count, all else is no region) over a gray image.
 * A label that has no pixel left is not listed.
 */
export function measureRegions(labels: Mat, count: number, gray: Mat): Region[] {
  const { rows, cols } = labels;
  const label = labels.data32S as Int32Array;
  const intensity = gray.data as Uint8Array;
  const area = new Float64Array(count + 1);
  const sumX = new Float64Array(count + 1);
  const sumY = new Float64Array(count + 1);
  const sumIntensity = new Float64Array(count + 1);
  const left = new Int32Array(count + 1).fill(cols);
  const right = new Int32Array(count + 1).fill(-1);
  const top = new Int32Array(count + 1).fill(rows);
  const bottom = new Int32Array(count + 1).fill(-1);
  for (let y = 0, i = 0; y < rows; y++) {
    for (let x = 0; x < cols; x++, i++) {
      const l = label[i];
      if (l < 1 || l > count) continue;
      area[l]++;
      sumX[l] += x;
      sumY[l] += y;
      sumIntensity[l] += intensity[i];
      if (x < left[l]) left[l] = x;
      if (x > right[l]) right[l] = x;
      if (y < top[l]) top[l] = y;
      bottom[l] = y;
    }
  }
  const regions: Region[] = [];
  for (let l = 1; l <= count; l++) {
    const pixels = area[l];
    if (pixels === 0) continue;
    const x = left[l];
    const y = top[l];
    const boundingBox = { x, y, width: right[l] - x + 1, height: bottom[l] - y + 1 };
    regions.push({
      label: l,
      area: pixels,
      centroid: { x: sumX[l] / pixels, y: sumY[l] / pixels },
      boundingBox,
      ...measureContour(labels, l, boundingBox),
      meanIntensity: sumIntensity[l] / pixels,
    });
  }
  return regions;
}

function measureContour(labels: Mat, label: number, box: Region['boundingBox']) {
  using scope = new Scope();
  // A margin of one pixel, so that a region at the box's edge has a closed contour.
  const mask = scope.own(cv.Mat.zeros(box.height + 2, box.width + 2, cv.CV_8UC1));
  const pixels = mask.data as Uint8Array;
  const source = labels.data32S as Int32Array;
  for (let y = 0; y < box.height; y++) {
    const from = (box.y + y) * labels.cols + box.x;
    const to = (y + 1) * mask.cols + 1;
    for (let x = 0; x < box.width; x++) if (source[from + x] === label) pixels[to + x] = 255;
  }
  const contours = scope.own(new cv.MatVector());
  cv.findContours(mask, contours, scope.mat(), cv.RETR_EXTERNAL, cv.CHAIN_APPROX_NONE);
  let perimeter = 0;
  let enclosed = 0;
  for (let i = 0; i < contours.size(); i++) {
    const contour = scope.own(contours.get(i));
    perimeter += cv.arcLength(contour, true);
    enclosed += cv.contourArea(contour);
  }
  return { perimeter, circularity: perimeter === 0 ? 0 : (4 * Math.PI * enclosed) / perimeter ** 2 };
}

/** A table of regions is for the largest so many. */
const maxListed = 10_000;

export function largestRegions(regions: Region[]): Region[] {
  return regions.length > maxListed ? regions.toSorted((a, b) => b.area - a.area).slice(0, maxListed) : regions;
}
