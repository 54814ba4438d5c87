/** Finds people's pixels by MediaPipe's selfie segmentation (model card "MediaPipe Selfie Segmentation", 2021), and refines their edges on the image. */
import type { Box } from './boxes.ts';
import { toGray } from './channels.ts';
import { upsampleMask } from './guided-upsampling.ts';
import { runNetwork } from './litert.ts';
import type { NetworkFile } from './models.ts';
import { cv, type Mat } from './opencv.ts';
import { Scope } from './scope.ts';

export const peopleModel: NetworkFile = 'selfie_segmentation.tflite';

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

/** The opacity of the people in an RGB image, 0 to 255, of its size. */
export function peopleMask(rgb: Mat, outer: Scope): Mat {
  using scope = new Scope();
  const whole = { x: 0, y: 0, width: rgb.cols, height: rgb.rows };
  const first = segment(rgb, whole, scope);
  const box = boxOfPeople(first, rgb);
  const isSmall = box && box.width * box.height < closeEnough * rgb.cols * rgb.rows;
  if (!isSmall) return refined(first, rgb, whole, outer);
  const mask = outer.own(cv.Mat.zeros(rgb.rows, rgb.cols, cv.CV_8UC1));
  const place = scope.own(mask.roi(new cv.Rect(box.x, box.y, box.width, box.height)));
  refined(segment(rgb, box, scope), rgb, box, scope).copyTo(place);
  return mask;
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
