/** Keypoints and their descriptors. */
import type { Point } from './homography.ts';
import { cv, type KeyPoint, kernels, type Mat } from './opencv.ts';
import { type Described, orb } from './orb.ts';
import type { Scope } from './scope.ts';

export interface Features {
  /** Keypoints, in pixels of the image. */
  points: Point[];
  /** A row of binary descriptor for each keypoint (CV_8UC1). */
  descriptors: Mat;
}

interface FeatureOptions {
  detector: 'orb' | 'akaze';
  /** Strongest first. */
  maxFeatures: number;
}

/** ORB's smallest pyramid level would be empty for images with a shorter side, in pixels. */
const minSide = 8;

/** The features of a gray image (CV_8UC1), at most `maxFeatures`. */
export function findFeatures(gray: Mat, options: FeatureOptions, scope: Scope): Features {
  if (Math.min(gray.rows, gray.cols) < minSide) return { points: [], descriptors: scope.mat() };
  const { detector, maxFeatures } = options;
  const fast = detector === 'orb' && kernels ? orb(kernels, gray, maxFeatures, scope) : null;
  const { keypoints, descriptors } = fast ?? withOpenCv(gray, options, scope);
  return keypoints.length <= maxFeatures
    ? { points: keypoints.map(({ pt }) => pt), descriptors }
    : strongest(keypoints, descriptors, maxFeatures, scope);
}

/** Keypoints and descriptors of OpenCV. */
export function withOpenCv(gray: Mat, { detector, maxFeatures }: FeatureOptions, scope: Scope): Described {
  const algorithm = scope.own(detector === 'orb' ? new cv.ORB(maxFeatures) : new cv.AKAZE());
  const found = scope.own(new cv.KeyPointVector());
  const descriptors = scope.mat();
  algorithm.detectAndCompute(gray, scope.mat(), found, descriptors);
  const keypoints = Array.from({ length: found.size() }, (_, i) => found.get(i) as unknown as KeyPoint);
  return { keypoints, descriptors };
}

/** AKAZE has no limit of its own, and ORB keeps those that are equal to the last. */
function strongest(keypoints: Described['keypoints'], descriptors: Mat, count: number, scope: Scope): Features {
  const order = keypoints.map((_, row) => row).sort((a, b) => keypoints[b].response - keypoints[a].response);
  const rows = scope.mat(count, descriptors.cols, descriptors.type());
  const width = descriptors.cols;
  const [source, target] = [descriptors.data as Uint8Array, rows.data as Uint8Array];
  const kept = order.slice(0, count);
  for (const [i, row] of kept.entries()) target.set(source.subarray(row * width, (row + 1) * width), i * width);
  return { points: kept.map((row) => keypoints[row].pt), descriptors: rows };
}
