/** What every operation that finds objects says of them. */

import { z } from 'zod';
import { maxListedObjects } from '../limits.ts';
import { type ChannelName, channelNames, channelOf } from './gray-channel.ts';
import { runsOf } from './label-runs.ts';
import { type Channel, type MeasuredObject, measureObjects, type SampleValues } from './object-table.ts';
import { cv, type Mat } from './opencv.ts';
import { type FilePixelSize, type PixelSize, pixelSizeSchema } from './pixel-size.ts';
import { samplesOf } from './samples.ts';
import type { Scope } from './scope.ts';

/** Parameters that all of them share. */
export const objectParams = {
  intensity: z
    .enum(['original', 'input'])
    .default('original')
    .describe(
      'image whose brightness is measured: the original, if it has the same size, or the result of the previous step',
    ),
  channels: z
    .array(z.enum(channelNames))
    .min(1)
    .max(channelNames.length)
    .optional()
    .describe('channels whose intensity is measured; default: gray and, for color images, red, green and blue'),
  pixelSize: pixelSizeSchema.optional(),
};

export interface ObjectParams {
  intensity: 'original' | 'input';
  channels?: ChannelName[] | undefined;
  pixelSize?: PixelSize | undefined;
}

/** An object with its measures in the unit of `pixelSize` too. */
type ReportedObject = MeasuredObject & { physical?: Record<string, unknown> };

export interface ObjectReport {
  count: number;
  /** Whose samples `intensity` is measured on. */
  intensityOf: 'original' | 'input';
  /** As the request says it, or the file, and then `from` where. */
  pixelSize?: PixelSize & Partial<Pick<FilePixelSize, 'from'>>;
  /** Whether `objects` are the largest only. */
  truncated: boolean;
  objects: ReportedObject[];
}

/** What objects are measured on. */
export interface MeasuredImages {
  image: Mat;
  /** The image before the first step, where its pixels are still in their places. */
  original: Mat | undefined;
  /** What the samples of `original` stand for. */
  values: SampleValues;
  /** Of `image`. */
  imageValues: SampleValues;
  filePixelSize: FilePixelSize | undefined;
  scope: Scope;
}

/** The greatest number that a 16-bit label image can hold. */
const maxLabel = 65_535;

/** Measures the objects 1…count of a label image (CV_32S). */
export function reportObjects(
  labels: Mat,
  count: number,
  { image, original, values, imageValues, filePixelSize, scope }: MeasuredImages,
  { intensity, channels, pixelSize = filePixelSize }: ObjectParams,
): ObjectReport {
  const isAligned = original !== undefined && original.rows === labels.rows && original.cols === labels.cols;
  const measured = intensity === 'original' && isAligned ? original : image;
  // First, as the heap may grow.
  const runs = runsOf(labels, count);
  const objects = measureObjects(
    runs,
    labels.rows,
    labels.cols,
    count,
    channelsOf(measured, channels, measured === original ? values : imageValues, scope),
  );
  const truncated = objects.length > maxListedObjects;
  const listed = truncated ? objects.toSorted((a, b) => b.area - a.area).slice(0, maxListedObjects) : objects;
  return {
    count: objects.length,
    intensityOf: measured === image && measured !== original ? 'input' : 'original',
    ...(pixelSize && { pixelSize }),
    truncated,
    objects: pixelSize ? listed.map((object) => ({ ...object, physical: inUnit(object, pixelSize) })) : listed,
  };
}

/** Channels whose samples are the file's, in the order of its samples. */
const colors = ['red', 'green', 'blue'];

/** The channels that are asked for; else gray and, of a color image, its colors. */
function channelsOf(image: Mat, wanted: ChannelName[] | undefined, values: SampleValues | undefined, scope: Scope) {
  const usual: ChannelName[] = image.channels() === 1 ? ['gray'] : ['gray', 'red', 'green', 'blue'];
  const channels = (wanted ?? usual).map((name) => ({ name, ...placeOf(image, name, scope) }));
  // Taken at the end: the heap may grow when a channel is made, and views made before it grew would be dead.
  return channels.map(({ name, mat, offset }): Channel => {
    const samples = {
      name,
      samples: mat.elemSize1() === 4 ? mat.data32S : samplesOf(mat),
      offset,
      stride: mat.channels(),
    };
    // Hue, saturation and stains are not values of the file.
    return values && (name === 'gray' || colors.includes(name)) ? { ...samples, values } : samples;
  });
}

/** Where a channel's samples are: a color's in the image itself. */
function placeOf(image: Mat, name: ChannelName, scope: Scope): { mat: Mat; offset: number } {
  const color = colors.indexOf(name);
  if (color >= 0 && image.channels() === 3) return { mat: image, offset: color };
  return { mat: channelOf(image, name, scope), offset: 0 };
}

/** Lengths along no axis are taken at the mean size of a pixel: exact where pixels are square. */
function inUnit(object: MeasuredObject, { x, y = x, unit }: PixelSize): Record<string, unknown> {
  const mean = Math.sqrt(x * y);
  const { centroid, box } = object;
  return {
    unit,
    area: object.area * x * y,
    perimeter: object.perimeter * mean,
    centroid: { x: centroid.x * x, y: centroid.y * y },
    box: { x: box.x * x, y: box.y * y, width: box.width * x, height: box.height * y },
    majorAxis: object.majorAxis * mean,
    minorAxis: object.minorAxis * mean,
    feretMax: object.feretMax * mean,
    feretMin: object.feretMin * mean,
    equivalentDiameter: object.equivalentDiameter * mean,
  };
}

/** The label image of a result with the numbers of the table: 16 bits, or 32 (CV_32S) if these do not hold them. */
export function labelImage(labels: Mat, count: number, scope: Scope): Mat {
  const isDeep = count > maxLabel;
  const image = scope.mat(labels.rows, labels.cols, isDeep ? cv.CV_32SC1 : cv.CV_16UC1);
  const source = labels.data32S as Int32Array;
  const target = (isDeep ? image.data32S : image.data16U) as Int32Array | Uint16Array;
  for (let i = 0; i < target.length; i++) target[i] = Math.max(0, source[i]);
  return image;
}
