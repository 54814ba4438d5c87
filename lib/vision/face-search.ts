/** Finds faces in images of any size: BlazeFace looks at tiles of ever smaller copies, and a second time at what it is not sure of. */
import { type Detection, detectFaces, type FaceModel, fullRange, shortRange, suppress } from './blazeface.ts';
import { checkedScore } from './face-check.ts';
import { planSearch, type SearchLevel, smallestSearchable } from './face-tiles.ts';
import type { Point } from './homography.ts';
import type { NetworkFile } from './models.ts';
import { cv, type Mat } from './opencv.ts';
import { Scope } from './scope.ts';

/** Side of the smallest face that is searched for unless the caller says otherwise, in pixels. */
export const usualSmallestFace = 40;

export const faceModels: NetworkFile[] = [shortRange.file, fullRange.file];

/** A face that is less sure than this is looked at again, */
const sureScore = 0.85;
/** where the first look has given it this part of the wanted score. */
const candidateShare = 1 / 3;
/** In one image at most so often, about ten seconds; faces beyond keep the score of the first look. */
const maxChecks = 1500;

export interface FaceSearch {
  /** The surest first; boxes may reach over the image's edge. */
  faces: Detection[];
  /** Side of the smallest face that was searched for, in pixels; more than was asked for where that would take too long. */
  smallestSearched: number;
}

/** Side of the smallest face that an image can be searched for, not less than is asked for. */
export function smallestFaceIn({ cols, rows }: Mat, wanted: number): number {
  return smallestSearchable(cols, rows, wanted, fullRange.size);
}

/** The faces in an RGB image that score `threshold` or more. Smaller ones than `smallest` that are seen on the way are among them. */
export function findFaces(rgb: Mat, threshold: number, smallest: number): FaceSearch {
  const smallestSearched = smallestFaceIn(rgb, smallest);
  let checks = 0;
  const faces = candidates(rgb, threshold * candidateShare, smallestSearched)
    .map((face) =>
      face.score >= sureScore || checks++ >= maxChecks ? face : { ...face, score: checkedScore(rgb, face) },
    )
    .filter(({ score }) => score >= threshold)
    .sort((a, b) => b.score - a.score);
  return { faces, smallestSearched };
}

/** What may be a face, the surest first. The short-range model looks at the whole, for faces that fill it. */
function candidates(rgb: Mat, threshold: number, smallest: number): Detection[] {
  using scope = new Scope();
  const { cols, rows } = rgb;
  const found: Detection[] = [];
  let source = rgb;
  for (const level of planSearch(cols, rows, smallest, fullRange.size)) {
    const copy = resized(source, level, scope);
    found.push(...searchLevel(copy, level, rgb, fullRange, threshold));
    // The next copy is smaller, and made of this one.
    if (copy.cols < cols) source = copy;
  }
  const [whole] = planSearch(cols, rows, Number.POSITIVE_INFINITY, shortRange.size);
  found.push(...searchLevel(resized(source, whole, scope), whole, rgb, shortRange, threshold));
  return suppress(found);
}

function resized(image: Mat, { width, height }: SearchLevel, scope: Scope): Mat {
  const copy = scope.mat();
  cv.resize(image, copy, new cv.Size(width, height), 0, 0, width < image.cols ? cv.INTER_AREA : cv.INTER_LINEAR);
  return copy;
}

/** What the model sees in the tiles of a copy, in pixels of the original. */
function searchLevel(
  copy: Mat,
  { columns, rows }: SearchLevel,
  original: Mat,
  model: FaceModel,
  threshold: number,
): Detection[] {
  const scale = { x: original.cols / copy.cols, y: original.rows / copy.rows };
  return rows.flatMap((y) =>
    columns.flatMap((x) => {
      using scope = new Scope();
      const { picture, left, top } = tileAt(copy, x, y, model.size, scope);
      const corner = { x: x - left, y: y - top };
      return detectFaces(model, picture, threshold).map((face) => placed(face, corner, scale));
    }),
  );
}

/** A square part of the image; what is missing to the square is black, on both sides. */
function tileAt(image: Mat, x: number, y: number, size: number, scope: Scope) {
  const width = Math.min(size, image.cols);
  const height = Math.min(size, image.rows);
  const left = Math.floor((size - width) / 2);
  const top = Math.floor((size - height) / 2);
  const part = scope.own(image.roi(new cv.Rect(x, y, width, height)));
  const picture = scope.mat();
  const black = new cv.Scalar(0, 0, 0, 255);
  cv.copyMakeBorder(part, picture, top, size - height - top, left, size - width - left, cv.BORDER_CONSTANT, black);
  return { picture, left, top };
}

function placed({ box, score, landmarks }: Detection, corner: Point, scale: Point): Detection {
  const at = ({ x, y }: Point) => ({ x: (x + corner.x) * scale.x, y: (y + corner.y) * scale.y });
  return {
    box: { ...at(box), width: box.width * scale.x, height: box.height * scale.y },
    score,
    landmarks: Object.fromEntries(
      Object.entries(landmarks).map(([name, point]) => [name, at(point)]),
    ) as Detection['landmarks'],
  };
}
