/** Common parts of the schemas of measurements. Each describes the measure and, in `unit`, its unit. */
import { z } from 'zod';

export const count = (of: string) => z.int().min(0).describe(`number of ${of}`).meta({ unit: '1' });
export const part = (of: string) =>
  z.number().min(0).max(1).describe(`fraction of ${of}, from 0 to 1`).meta({ unit: '1' });
/** A number without a dimension: a score, a factor. */
export const ratio = (what: string) => z.number().describe(what).meta({ unit: '1' });
/** On the scale of parameters: an 8-bit sample, or its equivalent with a fraction. */
export const grayValue = (what: string) =>
  z.number().describe(`${what}, on the scale of gray values from 0 to 255`).meta({ unit: 'gray value' });
/** With more than 8 bits, the value in the file: counts of a camera, Hounsfield units. */
export const sampleValue = (what: string) =>
  z.number().describe(`${what}, in the values of the file; with 8 bits, as a sample`).meta({ unit: 'sample' });
export const length = (what: string) => z.number().min(0).describe(what).meta({ unit: 'px' });
export const truncated = z.boolean().describe('true if the list is incomplete; `count` counts all');

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

/** The threshold of operations that separate objects from the background. */
export const usedThreshold = {
  threshold: grayValue('threshold that was used; brighter pixels are above it'),
  fileThreshold: sampleValue('the same threshold, for images with more than 8 bits').optional(),
};

const intensity = z.object({
  mean: sampleValue('mean of the pixels'),
  sd: sampleValue('standard deviation of the pixels'),
  min: sampleValue('minimum'),
  max: sampleValue('maximum'),
  median: sampleValue('median'),
  sum: sampleValue('sum of the pixels'),
});

const physical = z.object({
  unit: z.string(),
  area: z.number().describe('in the unit squared'),
  perimeter: z.number(),
  centroid: z.object({ x: z.number(), y: z.number() }),
  box: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
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
    box,
    majorAxis: length('major axis of the ellipse with the same second moments'),
    minorAxis: length('minor axis of that ellipse'),
    orientation: angle('direction of the major axis'),
    eccentricity: ratio('eccentricity of that ellipse: 0 for a circle, towards 1 for a line').min(0).max(1),
    solidity: ratio('area over the area of the convex hull'),
    circularity: ratio('4π · area / perimeter²: 1 for a disc'),
    feretMax: length('maximum caliper width'),
    feretMin: length('minimum caliper width'),
    equivalentDiameter: length('diameter of the disc of the same area'),
    touchesBorder: z.boolean().describe('whether it touches the border of the image'),
    eulerNumber: z.int().describe('1 less the number of holes').meta({ unit: '1' }),
    intensity: z.record(z.string(), intensity).optional().describe('statistics of each measured channel'),
    physical: physical.optional().describe('measures in the unit of `pixelSize`'),
  })
  .describe('an object, with the definitions of scikit-image regionprops')
  .meta({ id: 'MeasuredObject' });

/** The measurements of all operations that measure objects. */
export const objectReport = {
  count: count('objects'),
  intensityOf: z.enum(['original', 'input']).describe('image on which `intensity` is measured'),
  pixelSize: z
    .object({
      x: z.number(),
      y: z.number().optional(),
      unit: z.string(),
      from: z.string().optional().describe('where the file specifies it; absent if the request does'),
    })
    .optional(),
  truncated: z.boolean().describe('true if `objects` contains only the largest'),
  objects: z.array(objectSchema),
};
