/**
 * BlazeFace (Bazarevsky et al. 2019), decoded as MediaPipe documents it (modules/face_detection:
 * SsdAnchorsCalculator, TensorsToDetectionsCalculator, NonMaxSuppressionCalculator).
 */
import { type Face, landmarkNames, overlap } from './boxes.ts';
import { runNetwork } from './litert.ts';
import type { NetworkFile } from './models.ts';
import type { Mat } from './opencv.ts';

export interface FaceModel {
  file: NetworkFile;
  /** Side of the square input, in pixels. */
  size: number;
  /** Output layers: class scores and box regressors. */
  scores: string;
  boxes: string;
  /** Feature map stride in pixels and anchors per cell, in the order of the outputs. */
  layers: readonly { stride: number; anchors: number }[];
}

/** Sure of faces that take from a fifth to nine tenths of its input's side (measured). */
export const shortRange: FaceModel = {
  file: 'face_detection_short_range.tflite',
  size: 128,
  scores: 'classificators',
  boxes: 'regressors',
  layers: [
    { stride: 8, anchors: 2 },
    { stride: 16, anchors: 6 },
  ],
};

/** Sees faces that take from a tenth to eight tenths of its input's side (measured). */
export const fullRange: FaceModel = {
  file: 'face_detection_full_range_sparse.tflite',
  size: 192,
  scores: 'Identity_1',
  boxes: 'Identity',
  layers: [{ stride: 4, anchors: 1 }],
};

/** Values per anchor: box center and size, then six landmarks. */
const regressorLength = 4 + 2 * landmarkNames.length;
/** MediaPipe's min_suppression_threshold. */
const suppressionOverlap = 0.3;
/** A picture is lightened until this part of its samples is at least so bright, but at most so much: the models were made for daylight. */
const brightShare = 0.005;
const leastBright = 220;
const maxGain = 6;

/** A face as a model sees it. */
export type Detection = Face & { landmarks: NonNullable<Face['landmarks']> };

/** What a model sees in a square RGB picture of its size, in pixels of the picture: everything that scores at least `threshold`. */
export function detectFaces(model: FaceModel, picture: Mat, threshold: number): Detection[] {
  const outputs = runNetwork(model.file, toInput(picture), [1, model.size, model.size, 3]);
  const scores = outputs.get(model.scores) as Float32Array;
  const boxes = outputs.get(model.boxes) as Float32Array;
  const centers = anchorCenters(model);
  const detections: Detection[] = [];
  for (let i = 0; i < scores.length; i++) {
    const score = sigmoid(scores[i]);
    if (score < threshold) continue;
    const raw = boxes.subarray(i * regressorLength, (i + 1) * regressorLength);
    const point = (k: number) => ({ x: raw[k] + centers[2 * i], y: raw[k + 1] + centers[2 * i + 1] });
    const center = point(0);
    const [width, height] = [raw[2], raw[3]];
    detections.push({
      box: { x: center.x - width / 2, y: center.y - height / 2, width, height },
      score,
      landmarks: Object.fromEntries(landmarkNames.map((name, k) => [name, point(4 + 2 * k)])) as Detection['landmarks'],
    });
  }
  return detections;
}

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** Samples in [-1, 1], lightened where even the bright parts of the picture are dark. */
function toInput(picture: Mat): Float32Array {
  const pixels = picture.data as Uint8Array;
  const histogram = new Uint32Array(256);
  for (let i = 0; i < pixels.length; i++) histogram[pixels[i]]++;
  let bright = 255;
  for (let brighter = histogram[255]; bright > 0 && brighter < brightShare * pixels.length; )
    brighter += histogram[--bright];
  const gain = Math.min(maxGain, Math.max(1, leastBright / Math.max(1, bright))) / 127.5;
  const input = new Float32Array(pixels.length);
  for (let i = 0; i < input.length; i++) input[i] = Math.min(1, pixels[i] * gain - 1);
  return input;
}

const anchorCache = new Map<FaceModel, Float32Array>();

/** x and y of each anchor's center, in pixels of the model's input; all anchors of a cell share its center. */
function anchorCenters(model: FaceModel): Float32Array {
  let centers = anchorCache.get(model);
  if (!centers) {
    const list: number[] = [];
    for (const { stride, anchors } of model.layers) {
      for (let y = stride / 2; y < model.size; y += stride) {
        for (let x = stride / 2; x < model.size; x += stride) for (let a = 0; a < anchors; a++) list.push(x, y);
      }
    }
    centers = Float32Array.from(list);
    anchorCache.set(model, centers);
  }
  return centers;
}

/** Weighted non-maximum suppression: each group of overlapping detections becomes their mean, weighted by score. */
export function suppress(detections: readonly Detection[]): Detection[] {
  let rest = detections.toSorted((a, b) => b.score - a.score);
  const kept: Detection[] = [];
  while (rest.length > 0) {
    const [best] = rest;
    const belongs = (face: Detection) => face === best || overlap(face.box, best.box) > suppressionOverlap;
    kept.push(weightedMean(rest.filter(belongs), best.score));
    rest = rest.filter((face) => !belongs(face));
  }
  return kept;
}

function weightedMean(group: readonly Detection[], score: number): Detection {
  const total = group.reduce((sum, face) => sum + face.score, 0);
  const mean = (value: (face: Detection) => number) =>
    group.reduce((sum, face) => sum + face.score * value(face), 0) / total;
  const landmarks = landmarkNames.map((name) => [
    name,
    { x: mean((f) => f.landmarks[name].x), y: mean((f) => f.landmarks[name].y) },
  ]);
  return {
    box: {
      x: mean((f) => f.box.x),
      y: mean((f) => f.box.y),
      width: mean((f) => f.box.width),
      height: mean((f) => f.box.height),
    },
    score,
    landmarks: Object.fromEntries(landmarks) as Detection['landmarks'],
  };
}
