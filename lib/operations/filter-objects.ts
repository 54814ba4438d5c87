import { z } from 'zod';
import { binaryParams } from '../vision/binary.ts';
import { count, objectReport, usedThreshold } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { findObjects } from '../vision/find-objects.ts';
import { colorLabels } from '../vision/label-colors.ts';
import { runsOf } from '../vision/label-runs.ts';
import { labelsShown, outlinedObjects } from '../vision/object-drawing.ts';
import { labelImage, objectParams, reportObjects } from '../vision/object-report.ts';
import { type MeasuredObject, measureObjects } from '../vision/object-table.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import type { Scope } from '../vision/scope.ts';

const ratio = () => z.number().min(0).max(1);
const area = () => z.number().min(0).max(1e9).meta({ unit: 'px²' });

/** Measures that objects are chosen by, and the parameters that bound them. */
const criteria = {
  area: ['minArea', 'maxArea'],
  circularity: ['minCircularity', 'maxCircularity'],
  solidity: ['minSolidity', 'maxSolidity'],
  eccentricity: ['minEccentricity', 'maxEccentricity'],
} as const;
type Criterion = keyof typeof criteria;

const params = z
  .strictObject({
    ...binaryParams,
    connectivity: z.literal([4, 8]).default(8).describe('whether pixels that share only a corner are connected'),
    minArea: area().default(20).describe('smaller objects are left out'),
    maxArea: area().default(1e9).describe('larger objects are left out'),
    minCircularity: ratio().default(0).describe('4π · area / perimeter²: 1 for a disc'),
    maxCircularity: z.number().min(0).max(20).default(20).describe('of few pixels, circularity can exceed 1'),
    minSolidity: ratio().default(0).describe('area over the area of the convex hull: low for branched objects'),
    maxSolidity: ratio().default(1).describe('see minSolidity'),
    minEccentricity: ratio().default(0).describe('0 for a circle, towards 1 for a line'),
    maxEccentricity: ratio().default(1).describe('see minEccentricity'),
    ...objectParams,
    output: z
      .enum(['mask', 'labels', 'colors', 'overlay'])
      .default('mask')
      .describe(
        'labels: numbers of the table, or of the step before if it made labels, in 16 bits; 32-bit TIFF if there are more than 65,535',
      ),
  })
  .superRefine((given, { addIssue }) => {
    for (const [least, most] of Object.values(criteria))
      if (given[least] > given[most])
        addIssue({ code: 'custom', path: [least], message: `must not be above ${most}`, input: given[least] });
  });

type Params = z.output<typeof params>;

/** Keeps the objects whose size and shape are within bounds. Use it after a threshold or watershed, to be rid of debris and clumps. */
export const filterObjects = defineOperation({
  name: 'filter-objects',
  title: 'Filter objects',
  group: 'segmentation',
  summary:
    'Keeps objects by size and shape: area, circularity, solidity, eccentricity. Debris and clumps go; the rest is counted and measured.',
  source: 'definitions as in scikit-image regionprops; OpenCV connectedComponents',
  maxDepth: 16,
  result: ({ output }) => (output === 'overlay' ? 'picture' : output === 'labels' ? 'labels' : 'data'),
  usesOriginal: true,
  takesLabels: true,
  params,
  measures: z.looseObject({
    ...usedThreshold,
    threshold: usedThreshold.threshold.nullable(),
    dropped: z.object({
      area: count('objects out of its bounds'),
      circularity: count('others'),
      solidity: count('others'),
      eccentricity: count('others'),
    }),
    ...objectReport,
  }),
  run(input, options) {
    const { image, scope, isLabels } = input;
    const found = findObjects(image, isLabels, { ...options, minArea: 1 }, scope, input);
    const dropped = dropObjects(found.labels, found.count, options);
    return {
      image: draw(
        isLabels ? labelsShown(image, scope) : input.shown(),
        found.labels,
        found.count,
        options.output,
        scope,
      ),
      measurements: {
        ...found.used,
        dropped,
        ...reportObjects(found.labels, found.count, input, options),
      },
    };
  },
});

/** Makes background of the objects that are out of bounds; says how many were, each by the first bound that it fails. */
function dropObjects(labels: Mat, count: number, options: Params): Record<Criterion, number> {
  const dropped = { area: 0, circularity: 0, solidity: 0, eccentricity: 0 };
  const isDropped = new Uint8Array(count + 1);
  for (const object of measureObjects(runsOf(labels, count), labels.rows, labels.cols, count)) {
    const failed = failedCriterion(object, options);
    if (failed === undefined) continue;
    dropped[failed]++;
    isDropped[object.id] = 1;
  }
  const label = labels.data32S as Int32Array;
  for (let i = 0; i < label.length; i++) if (isDropped[label[i]]) label[i] = 0;
  return dropped;
}

function failedCriterion(object: MeasuredObject, options: Params): Criterion | undefined {
  return (Object.keys(criteria) as Criterion[]).find((name) => {
    const [least, most] = criteria[name];
    return object[name] < options[least] || object[name] > options[most];
  });
}

function draw(shown: Mat, labels: Mat, count: number, output: Params['output'], scope: Scope): Mat {
  if (output === 'labels') return labelImage(labels, count, scope);
  if (output === 'colors') return colorLabels(labels, scope);
  if (output === 'overlay') return outlinedObjects(shown, labels, false, scope);
  const mask = scope.mat(labels.rows, labels.cols, cv.CV_8UC1);
  const [source, target] = [labels.data32S as Int32Array, mask.data as Uint8Array];
  for (let i = 0; i < target.length; i++) target[i] = source[i] > 0 ? 255 : 0;
  return mask;
}
