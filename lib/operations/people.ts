import { z } from 'zod';
import { canvasOf, toGray } from '../vision/channels.ts';
import { box, count, ratio } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { drawBox } from '../vision/drawing.ts';
import { findUprightPeople } from '../vision/people-detector.ts';

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
    people: z.array(z.object({ box, score: ratio('distance from the decision boundary') })),
  }),
  run({ image, scope }, { scoreThreshold, scaleStep }) {
    const canvas = canvasOf(image, scope);
    const people = findUprightPeople(toGray(image, scope), scoreThreshold, scaleStep);
    for (const { box } of people) drawBox(canvas, box, [60, 220, 90]);
    return { image: canvas, measurements: { count: people.length, people } };
  },
});
