/** Upright people by histograms of oriented gradients (Dalal & Triggs 2005; OpenCV `HOGDescriptor`). */
import { type Box, overlap } from './boxes.ts';
import { cv, type Mat } from './opencv.ts';
import { Scope } from './scope.ts';

/** The detector's window, in pixels. */
const window = { width: 64, height: 128 };
const maxOverlap = 0.45;
const usualScaleStep = 1.05;

interface UprightPerson {
  box: Box;
  /** Distance from the decision boundary. */
  score: number;
}

/** The people in a gray image of 8 bits, the surest first; `scaleStep` lies between two sizes that are looked for. */
export function findUprightPeople(gray: Mat, scoreThreshold: number, scaleStep = usualScaleStep): UprightPerson[] {
  if (gray.cols < window.width || gray.rows < window.height) return [];
  using scope = new Scope();
  const hog = scope.own(new cv.HOGDescriptor());
  const weights = scope.own(cv.HOGDescriptor.getDefaultPeopleDetector());
  const values = Array.from({ length: weights.size() }, (_, i) => weights.get(i));
  hog.setSVMDetector(scope.own(cv.matFromArray(values.length, 1, cv.CV_32FC1, values)));
  const boxes = scope.own(new cv.RectVector());
  const scores = scope.own(new cv.DoubleVector());
  const [stride, padding] = [new cv.Size(8, 8), new cv.Size(8, 8)];
  hog.detectMultiScale(gray, boxes, scores, scoreThreshold, stride, padding, scaleStep, 2, false);
  const found = Array.from({ length: boxes.size() }, (_, i) => {
    const { x, y, width, height } = boxes.get(i);
    return { box: { x, y, width, height }, score: scores.get(i) };
  });
  const people: UprightPerson[] = [];
  for (const person of found.sort((a, b) => b.score - a.score)) {
    if (people.every(({ box }) => overlap(box, person.box) <= maxOverlap)) people.push(person);
  }
  return people;
}
