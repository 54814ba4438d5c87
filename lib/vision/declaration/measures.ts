/** What the schemas of measurements are made of. Each says what is measured and, under `unit`, in what. */
import { z } from 'zod';

export const count = (of: string) => z.int().min(0).describe(`number of ${of}`).meta({ unit: '1' });
export const part = (of: string) => z.number().min(0).max(1).describe(`part of ${of}, from 0 to 1`).meta({ unit: '1' });
/** A number without a dimension: a score, a factor. */
export const ratio = (what: string) => z.number().describe(what).meta({ unit: '1' });
/** On the scale of parameters: a sample of 8 bits, or what it would be with 8 bits and a fraction. */
export const grayValue = (what: string) =>
  z.number().describe(`${what}, on the scale of gray values from 0 to 255`).meta({ unit: 'gray value' });
/** Of more than 8 bits, what the sample stands for in the file: counts of a camera, Hounsfield units. */
export const sampleValue = (what: string) =>
  z.number().describe(`${what}, in the values of the file, or of 8 bits`).meta({ unit: 'sample' });
export const length = (what: string) => z.number().min(0).describe(what).meta({ unit: 'px' });
export const truncated = z.boolean().describe('whether the list holds the first only, and `count` counts all');

/** A place in the image; the center of the upper left pixel is 0, 0. */
export const point = z.object({
  x: z.number().describe('from the left').meta({ unit: 'px' }),
  y: z.number().describe('from the top').meta({ unit: 'px' }),
});

export const box = z.object({
  x: z.number().describe('left edge').meta({ unit: 'px' }),
  y: z.number().describe('upper edge').meta({ unit: 'px' }),
  width: length('width'),
  height: length('height'),
});

export const angle = (of: string) =>
  z.number().min(0).max(180).describe(`${of}, counter-clockwise from the x axis; less than 180`).meta({ unit: '°' });

/** Used threshold of the operations that part objects from background. */
export const usedThreshold = {
  threshold: grayValue('the threshold that was used: brighter is above'),
  fileThreshold: sampleValue('the same threshold of an image of more than 8 bits').optional(),
};

const intensity = z.object({
  mean: sampleValue('mean of the pixels'),
  sd: sampleValue('standard deviation of the pixels'),
  min: sampleValue('least'),
  max: sampleValue('greatest'),
  median: sampleValue('median'),
  sum: sampleValue('sum of the pixels'),
});

const physical = z.object({
  unit: z.string(),
  area: z.number().describe('in the unit squared'),
  perimeter: z.number(),
  centroid: z.object({ x: z.number(), y: z.number() }),
  boundingBox: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
  majorAxis: z.number(),
  minorAxis: z.number(),
  feretMax: z.number(),
  feretMin: z.number(),
  equivalentDiameter: z.number(),
});

/** An object in the table, in the order of the columns of CSV files. */
const objectSchema = z
  .object({
    id: z.int().min(1).describe('number of the object, also in the label image'),
    area: z.int().min(1).describe('number of pixels').meta({ unit: 'px²' }),
    perimeter: length("by Crofton's formula in four directions: 2πr for a disc"),
    centroid: point,
    boundingBox: box,
    majorAxis: length('major axis of the ellipse with the same second moments'),
    minorAxis: length('its minor axis'),
    orientation: angle('of the major axis'),
    eccentricity: ratio('of that ellipse: 0 for a circle, towards 1 for a line').min(0).max(1),
    solidity: ratio('area over the area of the convex hull'),
    circularity: ratio('4π · area / perimeter²: 1 for a disc'),
    feretMax: length('greatest caliper width'),
    feretMin: length('least caliper width'),
    equivalentDiameter: length('diameter of the disc of the same area'),
    touchesBorder: z.boolean().describe('whether it reaches the border of the image'),
    eulerNumber: z.int().describe('1 less the number of holes').meta({ unit: '1' }),
    intensity: z.record(z.string(), intensity).optional().describe('of each channel that was measured'),
    physical: physical.optional().describe('measures in the unit of `pixelSize`'),
  })
  .describe('an object, with the definitions of scikit-image regionprops')
  .meta({ id: 'MeasuredObject' });

/** What all operations that measure objects say. */
export const objectReport = {
  count: count('objects'),
  intensityOf: z.enum(['original', 'input']).describe('whose samples `intensity` is measured on'),
  pixelSize: z
    .object({
      x: z.number(),
      y: z.number().optional(),
      unit: z.string(),
      from: z.string().optional().describe('what in the file says it; absent if the request does'),
    })
    .optional(),
  truncated: z.boolean().describe('whether `objects` are the largest only'),
  objects: z.array(objectSchema),
};
