import type { Point } from './homography.ts';

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** BlazeFace's six landmarks, in its order; left and right are the person's own. */
export const landmarkNames = ['rightEye', 'leftEye', 'nose', 'mouth', 'rightEar', 'leftEar'] as const;

/** A face in pixels of the image; a box may reach over its edge. */
export interface Face {
  box: Box;
  score: number;
  landmarks: Record<(typeof landmarkNames)[number], Point> | null;
}

/** Intersection over union of two boxes: 0 apart, 1 equal. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (a.width * a.height + b.width * b.height - shared);
}
