import { type Box, type Face, landmarkNames, overlap } from './boxes.ts';
import { runNetwork } from './litert.ts';
import type { NetworkFile } from './models.ts';
import { cv, type Mat } from './opencv.ts';
import { Scope } from './scope.ts';

/**
 * BlazeFace (Bazarevsky et al. 2019), decoded as MediaPipe documents it (modules/face_detection:
 * SsdAnchorsCalculator, TensorsToDetectionsCalculator, NonMaxSuppressionCalculator).
 */
interface Model {
  file: NetworkFile;
  /** Side of the square input, in pixels. */
  size: number;
  /** Output layers: class scores and box regressors. */
  scores: string;
  boxes: string;
  /** Feature map stride in pixels and anchors per cell, in the order of the outputs. */
  layers: readonly { stride: number; anchors: number }[];
}

const shortRange: Model = {
  file: 'face_detection_short_range.tflite',
  size: 128,
  scores: 'classificators',
  boxes: 'regressors',
  layers: [
    { stride: 8, anchors: 2 },
    { stride: 16, anchors: 6 },
  ],
};

const fullRange: Model = {
  file: 'face_detection_full_range_sparse.tflite',
  size: 192,
  scores: 'Identity_1',
  boxes: 'Identity',
  layers: [{ stride: 4, anchors: 1 }],
};

/** The smallest face that the full-range model sees reliably, as a part of its input's side (measured). */
const fullRangeSmallest = 0.1;

/** Values per anchor: box center and size, then six landmarks. */
const regressorLength = 4 + 2 * landmarkNames.length;
/** A face that is less sure than this is looked at more closely, */
const sureScore = 0.85;
/** where the models have given it this part of the wanted score. */
const candidateShare = 1 / 3;
/** The part of the input's side that a face has then. */
const closerShare = 0.55;
/** A picture is lightened until this part of its samples is at least so bright, but at most so much: the models were made for daylight. */
const brightShare = 0.005;
const leastBright = 220;
const maxGain = 6;
/** MediaPipe's min_suppression_threshold. */
const suppressionOverlap = 0.3;
/** Neighboring tiles share this part of their side: faces that fit into it lie whole in one of them, larger ones in a larger tile. */
const tileOverlap = 0.2;
/** From one size of tiles to the next: the full-range model sees faces up to ten times as large as the smallest. */
const tileGrowth = 3;
/** Side of the smallest face that is searched for unless the caller says otherwise, in pixels. */
export const usualSmallestFace = 40;

export const faceModels: NetworkFile[] = [shortRange.file, fullRange.file];

/**
 * Faces in an RGB image, the surest first. The short-range model looks at the whole picture, for faces that fill it; the
 * full-range model at the whole and at ever smaller overlapping tiles, until a face of `smallest` pixels is large enough
 * in a tile. Smaller faces that are found on the way are given as well.
 */
export function detectBlazeFaces(rgb: Mat, scoreThreshold: number, smallest: number): Face[] {
  const whole = { x: 0, y: 0, width: rgb.cols, height: rgb.rows };
  const atFirst = scoreThreshold * candidateShare;
  const candidates = detectIn(rgb, whole, shortRange, atFirst);
  for (const tile of tiles(whole, smallest / fullRangeSmallest)) {
    candidates.push(...detectIn(rgb, tile, fullRange, atFirst));
  }
  const faces = suppress(candidates).flatMap((face) => {
    const score = face.score < sureScore ? mixedScore(face.score, closerScore(rgb, face)) : face.score;
    return score >= scoreThreshold ? [{ ...face, score }] : [];
  });
  return faces.sort((a, b) => b.score - a.score);
}

/** The closer look counts more: what is no face seldom looks like one at every size (measured). */
function mixedScore(atFirst: number, closer: number): number {
  return 0.25 * atFirst + 0.75 * closer;
}

/** What the short-range model says of a face when it is shown upright, at the size that it knows best, and light enough. */
function closerScore(rgb: Mat, { box, landmarks }: Face): number {
  using scope = new Scope();
  const { size } = shortRange;
  const scale = (closerShare * size) / Math.max(box.width, box.height);
  const { rightEye, leftEye } = landmarks as NonNullable<Face['landmarks']>;
  const angle = (Math.atan2(leftEye.y - rightEye.y, leftEye.x - rightEye.x) * 180) / Math.PI;
  const center = new cv.Point(box.x + box.width / 2, box.y + box.height / 2);
  const turn = scope.own(cv.getRotationMatrix2D(center, angle, scale));
  const matrix = turn.data64F as Float64Array;
  matrix[2] += size / 2 - center.x;
  matrix[5] += size / 2 - center.y;
  const upright = scope.mat();
  cv.warpAffine(
    rgb,
    upright,
    turn,
    new cv.Size(size, size),
    cv.INTER_LINEAR,
    cv.BORDER_CONSTANT,
    new cv.Scalar(0, 0, 0, 255),
  );
  const input = toInput(upright);
  const outputs = runNetwork(shortRange.file, input, [1, size, size, 3]);
  return sigmoid(Math.max(...(outputs.get(shortRange.scores) as Float32Array)));
}

/** The whole image, and squares that cover it: of `side` pixels, and of ever larger sides until one is as large as the image. */
function tiles(whole: Box, side: number): Box[] {
  const longer = Math.max(whole.width, whole.height);
  const all = [whole];
  for (let size = Math.ceil(side); size < longer; size = Math.ceil(size * tileGrowth)) {
    for (const y of starts(whole.height, size)) {
      for (const x of starts(whole.width, size)) {
        all.push({ x, y, width: Math.min(size, whole.width - x), height: Math.min(size, whole.height - y) });
      }
    }
  }
  return all;
}

/** Evenly spread positions at which intervals of `size` cover `length` with the overlap. */
function starts(length: number, size: number): number[] {
  if (length <= size) return [0];
  const count = Math.ceil((length - size) / (size * (1 - tileOverlap))) + 1;
  return Array.from({ length: count }, (_, i) => Math.floor((i * (length - size)) / (count - 1)));
}

function detectIn(rgb: Mat, tile: Box, model: Model, scoreThreshold: number): Face[] {
  using scope = new Scope();
  const { input, scale, left, top } = letterbox(rgb, tile, model.size, scope);
  const outputs = runNetwork(model.file, input, [1, model.size, model.size, 3]);
  const scores = outputs.get(model.scores) as Float32Array;
  const sure = Array.from(scores, sigmoid).flatMap((score, index) =>
    score >= scoreThreshold ? [{ index, score }] : [],
  );
  const boxes = outputs.get(model.boxes) as Float32Array;
  const centers = anchorCenters(model);
  return sure.map(({ index: i, score }) => {
    const raw = boxes.subarray(i * regressorLength, (i + 1) * regressorLength);
    const anchorX = centers[2 * i];
    const anchorY = centers[2 * i + 1];
    const toImage = (k: number) => ({
      x: tile.x + (raw[k] + anchorX - left) / scale,
      y: tile.y + (raw[k + 1] + anchorY - top) / scale,
    });
    const center = toImage(0);
    const width = raw[2] / scale;
    const height = raw[3] / scale;
    return {
      box: { x: center.x - width / 2, y: center.y - height / 2, width, height },
      score,
      landmarks: Object.fromEntries(landmarkNames.map((name, k) => [name, toImage(4 + 2 * k)])) as Face['landmarks'],
    };
  });
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** The tile scaled into the model's square, centered on black, samples in [-1, 1]. */
function letterbox(rgb: Mat, tile: Box, size: number, scope: Scope) {
  const scale = size / Math.max(tile.width, tile.height);
  const width = Math.max(1, Math.round(tile.width * scale));
  const height = Math.max(1, Math.round(tile.height * scale));
  const left = Math.floor((size - width) / 2);
  const top = Math.floor((size - height) / 2);
  const view = scope.own(rgb.roi(new cv.Rect(tile.x, tile.y, tile.width, tile.height)));
  const scaled = scope.mat();
  cv.resize(view, scaled, new cv.Size(width, height), 0, 0, scale < 1 ? cv.INTER_AREA : cv.INTER_LINEAR);
  const square = scope.mat();
  const black = new cv.Scalar(0, 0, 0, 255);
  cv.copyMakeBorder(scaled, square, top, size - height - top, left, size - width - left, cv.BORDER_CONSTANT, black);
  return { input: toInput(square), scale, left, top };
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

const anchorCache = new Map<Model, Float32Array>();

/** x and y of each anchor's center, in pixels of the model's input; all anchors of a cell share its center. */
function anchorCenters(model: Model): Float32Array {
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
function suppress(faces: Face[]): Face[] {
  const rest = faces.toSorted((a, b) => b.score - a.score);
  const kept: Face[] = [];
  while (rest.length > 0) {
    const best = rest[0];
    const group = rest.filter((face) => face === best || overlap(face.box, best.box) > suppressionOverlap);
    kept.push(weightedMean(group, best.score));
    for (const face of group) rest.splice(rest.indexOf(face), 1);
  }
  return kept;
}

function weightedMean(group: Face[], score: number): Face {
  const total = group.reduce((sum, face) => sum + face.score, 0);
  const mean = (value: (face: Face) => number) =>
    group.reduce((sum, face) => sum + face.score * value(face), 0) / total;
  const landmarks = landmarkNames.map((name) => [
    name,
    { x: mean((f) => f.landmarks?.[name].x ?? 0), y: mean((f) => f.landmarks?.[name].y ?? 0) },
  ]);
  return {
    box: {
      x: mean((f) => f.box.x),
      y: mean((f) => f.box.y),
      width: mean((f) => f.box.width),
      height: mean((f) => f.box.height),
    },
    score,
    landmarks: Object.fromEntries(landmarks) as Face['landmarks'],
  };
}
