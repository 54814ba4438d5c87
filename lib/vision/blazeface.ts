import { type Box, type Face, landmarkNames, overlap } from './boxes.ts';
import { loadNet } from './models.ts';
import { cv, type Mat } from './opencv.ts';
import { Scope } from './scope.ts';

/**
 * BlazeFace (Bazarevsky et al. 2019), decoded as MediaPipe documents it (modules/face_detection:
 * SsdAnchorsCalculator, TensorsToDetectionsCalculator, NonMaxSuppressionCalculator).
 */
interface Model {
  file: Parameters<typeof loadNet>[0];
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
  file: 'face_detection_full_range.tflite',
  size: 192,
  scores: 'reshaped_classifier_face_4',
  boxes: 'reshaped_regressor_face_4',
  layers: [{ stride: 4, anchors: 1 }],
};

/** The smallest face that the full-range model sees reliably, as a part of its input's side (measured). */
const fullRangeSmallest = 0.075;

/** Values per anchor: box center and size, then six landmarks. */
const regressorLength = 4 + 2 * landmarkNames.length;
/** MediaPipe's min_suppression_threshold. */
const suppressionOverlap = 0.3;
/** Neighboring tiles share this part of their side: faces that fit into it lie whole in one of them, larger ones in a larger tile. */
const tileOverlap = 0.2;
/** Smaller faces are not searched for unless the caller asks, in pixels. */
const autoPixels = 40;

/** The smallest face to search for in an image, in pixels: `minSize`, or for `auto` a part of the longer side, and at least 40. */
export function smallestFace({ cols, rows }: Mat, minSize: number | 'auto', autoPart: number): number {
  return minSize === 'auto' ? Math.round(Math.max(autoPixels, autoPart * Math.max(cols, rows))) : minSize;
}

/**
 * Faces in an RGB image, the surest first. The short-range model looks at the whole picture, for faces that fill it; the
 * full-range model at the whole and at ever smaller overlapping tiles, until a face of `smallest` pixels is large enough
 * in a tile. Smaller faces that are found on the way are given as well.
 */
export function detectBlazeFaces(rgb: Mat, scoreThreshold: number, smallest: number): Face[] {
  const whole = { x: 0, y: 0, width: rgb.cols, height: rgb.rows };
  const found = detectIn(rgb, whole, shortRange, scoreThreshold);
  for (const tile of tiles(whole, smallest / fullRangeSmallest)) {
    found.push(...detectIn(rgb, tile, fullRange, scoreThreshold));
  }
  return suppress(found);
}

/** The whole image, then squares that cover it with two along the longer side, four, and so on until one is at most `side` pixels. */
function tiles(whole: Box, side: number): Box[] {
  const longer = Math.max(whole.width, whole.height);
  const all = [whole];
  for (let count = 1, size = longer; size > side; ) {
    count *= 2;
    size = Math.ceil(longer / (count - (count - 1) * tileOverlap));
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
  const net = loadNet(model.file);
  net.setInput(input);
  const scores = scope.own(net.forward(model.scores)).data32F as Float32Array;
  const sure = Array.from(scores, sigmoid).flatMap((score, index) =>
    score >= scoreThreshold ? [{ index, score }] : [],
  );
  // Each `forward` runs the network again, so the boxes are asked for only where there is a face.
  if (sure.length === 0) return [];
  const boxes = scope.own(net.forward(model.boxes)).data32F as Float32Array;
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

/** The tile scaled into the model's square, centerd on black, samples in [-1, 1]. */
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
  const mean = new cv.Scalar(127.5, 127.5, 127.5);
  const input = scope.own(cv.blobFromImage(square, 1 / 127.5, new cv.Size(size, size), mean, false, false, cv.CV_32F));
  return { input, scale, left, top };
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
