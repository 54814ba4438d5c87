/**
 * Finds people's pixels by MediaPipe's selfie segmentation (model card "MediaPipe Selfie Segmentation", 2021), and refines their edges on the
 * image. The model takes for granted that there are people, so that regions are kept only where a detector has seen one.
 */
import type { Box } from './boxes.ts';
import { toGray } from './channels.ts';
import { faceModels, findFaces } from './face-search.ts';
import { upsampleMask } from './guided-upsampling.ts';
import { runNetwork } from './litert.ts';
import type { NetworkFile } from './models.ts';
import { cv, type Mat } from './opencv.ts';
import { findUprightPeople } from './people-detector.ts';
import { Scope } from './scope.ts';

const peopleModel: NetworkFile = 'selfie_segmentation.tflite';
export const peopleModels: NetworkFile[] = [peopleModel, ...faceModels];

/** Side of the square that the model takes and gives, in pixels. */
const modelSide = 256;
const outputName = 'activation_10';
/** What is more likely a person than not belongs to one. */
const personLevel = 0.5;
/** The second look takes in the people and so much around them, as a part of their box; where they fill less of the image than this. */
const margin = 0.15;
const closeEnough = 0.7;
/** The guided filter's window, as a part of the longer side of what the model saw: two of the model's pixels. */
const edgeRadius = 2 / modelSide;
const edgeContrast = 8;

/** Faces that confirm people: at least so sure (photographs without people reach 0.63), and from this part of the shorter side on. */
const sureFace = 0.7;
const leastFace = 0.04;
/** People without a visible face must stand upright, and are looked for in a copy with a longer side of so many pixels. */
const detectorSide = 480;
const surePerson = 0.7;
/** The part of the box that a region must fill to be the one of its face, or of its standing person. */
const [faceShare, personShare] = [0.5, 0.2];

interface PeopleMask {
  /** Opacity, 0 to 255, of the size of the image. */
  mask: Mat;
  /** How many people the detectors have seen in it. */
  count: number;
}

/** The people in an RGB image: the regions in which a detector sees a person, or with `confirm` false all that the model takes for people. */
export function peopleMask(rgb: Mat, confirm: boolean, outer: Scope): PeopleMask {
  using scope = new Scope();
  const whole = { x: 0, y: 0, width: rgb.cols, height: rgb.rows };
  const first = segment(rgb, whole, scope);
  const people = detectPeople(rgb, regionsOf(first));
  if (confirm) keepRegionsOf(people, first, whole);
  const count = people.length;
  const box = boxOfPeople(first, rgb);
  if (!box) return { mask: outer.own(cv.Mat.zeros(rgb.rows, rgb.cols, cv.CV_8UC1)), count };
  if (box.width * box.height >= closeEnough * rgb.cols * rgb.rows)
    return { mask: refined(first, rgb, whole, outer), count };
  const mask = outer.own(cv.Mat.zeros(rgb.rows, rgb.cols, cv.CV_8UC1));
  const place = scope.own(mask.roi(new cv.Rect(box.x, box.y, box.width, box.height)));
  const second = segment(rgb, box, scope);
  if (confirm) keepRegionsOf(people, second, box);
  refined(second, rgb, box, scope).copyTo(place);
  return { mask, count };
}

/** A person in a region of the mask. */
interface Person {
  box: Box;
  /** The part of the box that the person fills at least. */
  share: number;
}

/** Those with a face; and where a region has none, those who stand in it. */
function detectPeople(rgb: Mat, regions: Int32Array): Person[] {
  if (regions.every((region) => region === 0)) return [];
  const whole = { x: 0, y: 0, width: rgb.cols, height: rgb.rows };
  const smallest = Math.max(16, Math.round(leastFace * Math.min(rgb.cols, rgb.rows)));
  const faces = findFaces(rgb, sureFace, smallest)
    .faces.map(({ box }) => ({ box, share: faceShare }))
    .filter((face) => regionOf(face, regions, whole) > 0);
  const confirmed = new Set([0, ...faces.map((face) => regionOf(face, regions, whole))]);
  if (regions.every((region) => confirmed.has(region))) return faces;
  const figures = detectFigures(rgb)
    .map((box) => ({ box, share: personShare }))
    .filter((figure) => !confirmed.has(regionOf(figure, regions, whole)));
  return [...faces, ...figures];
}

function detectFigures(rgb: Mat): Box[] {
  using scope = new Scope();
  const scale = Math.min(1, detectorSide / Math.max(rgb.cols, rgb.rows));
  const small = scope.mat();
  const size = new cv.Size(Math.max(1, Math.round(rgb.cols * scale)), Math.max(1, Math.round(rgb.rows * scale)));
  cv.resize(rgb, small, size, 0, 0, cv.INTER_AREA);
  return findUprightPeople(toGray(small, scope), surePerson).map(({ box: { x, y, width, height } }) => ({
    x: x / scale,
    y: y / scale,
    width: width / scale,
    height: height / scale,
  }));
}

/** For each of the mask's pixels the number of its connected region, from 1 on; 0 where nobody is likely. */
function regionsOf(mask: Mat): Int32Array {
  using scope = new Scope();
  const [likely, labels] = [scope.mat(), scope.mat()];
  cv.threshold(mask, likely, personLevel, 255, cv.THRESH_BINARY);
  likely.convertTo(likely, cv.CV_8U);
  cv.connectedComponents(likely, labels, 8, cv.CV_32S);
  return Int32Array.from(labels.data32S as Int32Array);
}

/** Empties the other regions of the mask of `part`. */
function keepRegionsOf(people: readonly Person[], mask: Mat, part: Box): void {
  const regions = regionsOf(mask);
  const kept = new Set(people.map((person) => regionOf(person, regions, part)).filter((region) => region > 0));
  const likely = mask.data32F as Float32Array;
  for (let i = 0; i < likely.length; i++) if (!isBeside(kept, regions, i)) likely[i] = 0;
}

/** The number of the region that fills enough of the person's box; 0 where none does. */
function regionOf({ box, share }: Person, regions: Int32Array, part: Box): number {
  const [across, down] = [modelSide / part.width, modelSide / part.height];
  const inside = (at: number) => Math.min(modelSide, Math.max(0, Math.round(at)));
  const [left, right] = [inside((box.x - part.x) * across), inside((box.x + box.width - part.x) * across)];
  const [top, bottom] = [inside((box.y - part.y) * down), inside((box.y + box.height - part.y) * down)];
  const counts = new Map<number, number>();
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const region = regions[y * modelSide + x];
      if (region > 0) counts.set(region, (counts.get(region) ?? 0) + 1);
    }
  }
  const [region, most] = [...counts].reduce((best, next) => (next[1] > best[1] ? next : best), [0, 0]);
  return most >= share * (right - left) * (bottom - top) ? region : 0;
}

/** Soft edges belong to the region within so many of the model's pixels. */
const softEdge = 4;

function isBeside(kept: ReadonlySet<number>, regions: Int32Array, at: number): boolean {
  if (regions[at] > 0) return kept.has(regions[at]);
  if (kept.size === 0) return false;
  const [x, y] = [at % modelSide, Math.floor(at / modelSide)];
  for (let dy = -softEdge; dy <= softEdge; dy += softEdge / 2) {
    for (let dx = -softEdge; dx <= softEdge; dx += softEdge / 2) {
      const [u, v] = [x + dx, y + dy];
      if (u >= 0 && v >= 0 && u < modelSide && v < modelSide && kept.has(regions[v * modelSide + u])) return true;
    }
  }
  return false;
}

/** What the model makes of a part of the image, which it sees squeezed to a square: 0 to 1 (CV_32F). */
function segment(rgb: Mat, { x, y, width, height }: Box, scope: Scope): Mat {
  using own = new Scope();
  const part = own.own(rgb.roi(new cv.Rect(x, y, width, height)));
  const picture = own.mat();
  cv.resize(part, picture, new cv.Size(modelSide, modelSide), 0, 0, cv.INTER_AREA);
  picture.convertTo(picture, cv.CV_32F, 1 / 255);
  // A copy, as the heap may move.
  const input = Float32Array.from(picture.data32F as Float32Array);
  const output = runNetwork(peopleModel, input, [1, modelSide, modelSide, 3]).get(outputName) as Float32Array;
  const mask = scope.mat(modelSide, modelSide, cv.CV_32FC1);
  (mask.data32F as Float32Array).set(output);
  return mask;
}

function boxOfPeople(mask: Mat, { cols, rows }: Mat): Box | undefined {
  using scope = new Scope();
  const people = scope.mat();
  cv.threshold(mask, people, personLevel, 255, cv.THRESH_BINARY);
  people.convertTo(people, cv.CV_8U);
  if (cv.countNonZero(people) === 0) return undefined;
  const { x, y, width, height } = cv.boundingRect(people);
  const [across, down] = [cols / modelSide, rows / modelSide];
  const left = Math.max(0, Math.floor((x - margin * width) * across));
  const top = Math.max(0, Math.floor((y - margin * height) * down));
  const right = Math.min(cols, Math.ceil((x + width * (1 + margin)) * across));
  const bottom = Math.min(rows, Math.ceil((y + height * (1 + margin)) * down));
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function refined(mask: Mat, rgb: Mat, { x, y, width, height }: Box, scope: Scope): Mat {
  using own = new Scope();
  const part = own.mat();
  own.own(rgb.roi(new cv.Rect(x, y, width, height))).copyTo(part);
  return upsampleMask(mask, toGray(part, own), edgeRadius, edgeContrast, scope);
}
