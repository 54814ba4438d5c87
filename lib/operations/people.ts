import { z } from 'zod';
import { type Box, overlap } from '../vision/boxes.ts';
import { canvasOf, toGray } from '../vision/channels.ts';
import { drawBox } from '../vision/drawing.ts';
import { cv } from '../vision/opencv.ts';
import { box, count } from './measures.ts';
import { defineOperation } from './operation.ts';

/** The detector's window, in pixels. */
const window = { width: 64, height: 128 };
const maxOverlap = 0.45;

/** Upright people by histograms of oriented gradients (Dalal & Triggs 2005; OpenCV `HOGDescriptor`). Use it to count pedestrians of at least 128 pixels. */
export const people = defineOperation({
  name: 'people',
  title: 'People (HOG)',
  group: 'detection',
  summary: 'Finds people who stand or walk and are at least 128 pixels tall.',
  source: 'N. Dalal & B. Triggs, Histograms of Oriented Gradients for Human Detection, 2005; OpenCV HOGDescriptor',
  params: z.strictObject({
    scoreThreshold: z.number().min(0).max(5).default(0.5).describe('distance to the separating plane of the SVM'),
    scaleStep: z
      .number()
      .min(1.01)
      .max(1.5)
      .default(1.05)
      .describe('between two sizes looked for; smaller is slower and finds more'),
  }),
  measures: z.looseObject({
    count: count('people'),
    people: z.array(z.object({ box, score: z.number().describe('distance from the decision boundary') })),
  }),
  run({ image, scope }, { scoreThreshold, scaleStep }) {
    const canvas = canvasOf(image, scope);
    const people: { box: Box; score: number }[] = [];
    if (image.cols >= window.width && image.rows >= window.height) {
      const hog = scope.own(new cv.HOGDescriptor());
      const weights = scope.own(cv.HOGDescriptor.getDefaultPeopleDetector());
      const values = Array.from({ length: weights.size() }, (_, i) => weights.get(i));
      hog.setSVMDetector(scope.own(cv.matFromArray(values.length, 1, cv.CV_32FC1, values)));
      const boxes = scope.own(new cv.RectVector());
      const scores = scope.own(new cv.DoubleVector());
      const [stride, padding] = [new cv.Size(8, 8), new cv.Size(8, 8)];
      hog.detectMultiScale(toGray(image, scope), boxes, scores, scoreThreshold, stride, padding, scaleStep, 2, false);
      const found = Array.from({ length: boxes.size() }, (_, i) => {
        const { x, y, width, height } = boxes.get(i);
        return { box: { x, y, width, height }, score: scores.get(i) };
      });
      for (const person of found.sort((a, b) => b.score - a.score)) {
        if (people.every(({ box }) => overlap(box, person.box) <= maxOverlap)) people.push(person);
      }
    }
    for (const { box } of people) drawBox(canvas, box, [60, 220, 90]);
    return { image: canvas, measurements: { count: people.length, people } };
  },
});
