/** The list of operations: adding one means its file and a line here. */
import { canny } from './canny.ts';
import { equalize } from './equalize.ts';
import { faceDetection } from './face-detection.ts';
import { featureMatching } from './feature-matching.ts';
import { gaussianBlur } from './gaussian-blur.ts';
import { grayscale } from './grayscale.ts';
import { medianBlur } from './median-blur.ts';
import type { Operation } from './operation.ts';
import { watershed } from './watershed.ts';

const all = [
  canny,
  watershed,
  featureMatching,
  faceDetection,
  grayscale,
  gaussianBlur,
  medianBlur,
  equalize,
] as unknown as readonly Operation[];

export const operations: ReadonlyMap<string, Operation> = new Map(all.map((operation) => [operation.name, operation]));
