import { z } from 'zod';
import { maxTemplateCandidates } from '../limits.ts';
import { problem } from '../problems.ts';
import { type Box, overlap } from '../vision/boxes.ts';
import { canvasOf, toGray } from '../vision/channels.ts';
import { box, count, ratio } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { drawBox } from '../vision/drawing.ts';
import { cv } from '../vision/opencv.ts';

/** Normalized cross-correlation (OpenCV `matchTemplate`, TM_CCOEFF_NORMED). Use it to find a part that looks the same, unturned and at the same size. */
export const templateMatching = defineOperation({
  name: 'template-matching',
  title: 'Template matching',
  group: 'detection',
  summary: 'Finds all places where the reference, a small picture, occurs in the image at the same size and unturned.',
  source: 'J. Lewis, Fast Normalized Cross-Correlation, 1995; OpenCV matchTemplate (TM_CCOEFF_NORMED)',
  inputs: ['image', 'reference'],
  params: z.strictObject({
    threshold: z.number().min(-1).max(1).default(0.8).describe('minimum correlation'),
    maxMatches: z.int().min(1).max(1000).default(50).describe('maximum number of matches, best first'),
    maxOverlap: z.number().min(0).max(0.95).default(0.3).describe('how much two matches may overlap (IoU)'),
  }),
  measures: z.looseObject({
    count: count('places'),
    truncated: z.boolean().describe('true if there are more than `maxMatches`, or more candidates than are examined'),
    matches: z.array(z.object({ box, score: ratio('normalized correlation').min(-1).max(1) })),
  }),
  run({ image, reference, scope }, { threshold, maxMatches, maxOverlap }) {
    const [width, height] = [reference.cols, reference.rows];
    if (width > image.cols || height > image.rows) {
      throw problem('operation-failed', `The reference, ${width} × ${height}, is larger than the image.`);
    }
    const scores = scope.mat();
    cv.matchTemplate(toGray(image, scope), toGray(reference, scope), scores, cv.TM_CCOEFF_NORMED);
    const values = scores.data32F as Float32Array;
    const found: { box: Box; score: number }[] = [];
    const { best, truncated: hasMore } = candidates(values, threshold);
    let truncated = hasMore;
    for (const i of best) {
      const box = { x: i % scores.cols, y: Math.floor(i / scores.cols), width, height };
      if (!found.every((match) => overlap(match.box, box) <= maxOverlap)) continue;
      if (found.length === maxMatches) {
        truncated = true;
        break;
      }
      found.push({ box, score: values[i] });
    }
    const canvas = canvasOf(image, scope);
    for (const { box } of found) drawBox(canvas, box, [60, 220, 90]);
    return { image: canvas, measurements: { count: found.length, truncated, matches: found } };
  },
});

/** Indices of the scores above the threshold, the best first. Over a flat patch the correlation is not defined, and not finite. */
function candidates(scores: Float32Array, threshold: number): { best: number[]; truncated: boolean } {
  const above: number[] = [];
  for (let i = 0; i < scores.length; i++) if (scores[i] >= threshold && Number.isFinite(scores[i])) above.push(i);
  const best = above.sort((a, b) => scores[b] - scores[a]).slice(0, maxTemplateCandidates);
  return { best, truncated: above.length > best.length };
}
