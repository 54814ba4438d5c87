import type { z } from 'zod';
import { maxWholePixels } from '../../limits.ts';
import type { GrayScale } from '../gray-scale.ts';
import type { Modality } from '../modality.ts';
import type { ModelFile } from '../models.ts';
import type { SampleValues } from '../object-table.ts';
import type { Mat } from '../opencv.ts';
import type { FilePixelSize, PixelSize } from '../pixel-size.ts';
import type { Scope } from '../scope.ts';
import { hasLengths, pixelSizeParam, withPhysical, withPhysicalSchema } from './physical-units.ts';

export type Measurements = Record<string, unknown>;

export interface OperationInput {
  /** 8-bit or, where the operation declares it, 16-bit; one channel (gray) or three (RGB, in this order). Not to be written to. */
  image: Mat;
  /** The second image, as `image`; there for the operations whose `inputs` name it. */
  reference: Mat;
  /** The image as it was before the first step; there for the operations that declare `usesOriginal`. */
  original: Mat | undefined;
  /** Whether `image` is a label image, whose values are numbers of objects; only for the operations that declare `takesLabels`. */
  isLabels: boolean;
  /** The size of a pixel as the file says it, where no step has moved pixels. */
  filePixelSize: FilePixelSize | undefined;
  /** What the samples of `original` stand for. */
  values: SampleValues;
  /** What the samples of `image` stand for, where they have more than 8 bits and the steps so far have kept their meaning; else themselves. */
  imageValues: SampleValues;
  /** What the samples of `reference` stand for, as `imageValues`. */
  referenceValues: SampleValues;
  /** The samples of `image` that gray values 0 and 255 stand for, in which parameters say brightness. */
  gray: GrayScale;
  /** The image on 8 bits, to draw on and to look at; the same where it has no more. */
  shown(): Mat;
  /** The second image on 8 bits. */
  shownReference(): Mat;
  /** The transparency of the image, of its size and depth, where it has one and the operation moves pixels. */
  alpha: Mat | undefined;
  /** Of a 16-bit medical image: what its samples mean. */
  modality: Modality | undefined;
  /** The most pixels that a result may have; see `checkResultSize`. */
  maxPixels: number;
  /** Whatever is made on the WASM heap belongs to it, the result included. */
  scope: Scope;
}

export interface OperationOutput {
  /** Without one, the image goes on unchanged. */
  image?: Mat;
  /**
   * The transparency moved as the image was; without one, the operation is run on it as on an image. Of an operation that sees the
   * image on white: the transparency that it gives to its result.
   */
  alpha?: Mat;
  measurements?: Measurements;
  /** The 16-bit samples of the result that gray values 0 and 255 stand for, if others than in the image; they no longer stand for the values of the file. */
  scale?: GrayScale;
}

/** Labels are data whose values are numbers of objects: they may not even be written by a lossy format. */
export type ResultKind = 'picture' | 'data' | 'labels';

/** The groups of operations, in the order in which they are shown. */
export const groups = [
  'edges',
  'segmentation',
  'two images',
  'detection',
  'filter',
  'color',
  'threshold',
  'morphology',
  'geometry',
  'privacy',
  'overlay',
  'restoration',
] as const;
export type Group = (typeof groups)[number];

export interface Operation<Params = unknown> {
  /** As it stands in requests: lower case, words joined by hyphens. */
  name: string;
  title: string;
  group: Group;
  /** What it does and when to use it, in a sentence or two. */
  summary: string;
  /** Where the algorithm is described. */
  source: string;
  inputs: readonly ['image'] | readonly ['image', 'reference'];
  /** A list among the parameters that takes the place of the second image, unless it is empty. */
  referenceParam: string | null;
  /** The deepest samples it takes; deeper images are scaled down to it first. */
  maxDepth: 8 | 16;
  /**
   * Pointwise operations keep the transparency as it is; for those that move pixels it is transformed like the image;
   * all others see the image on white.
   */
  alpha: 'kept' | 'transformed' | 'flattened';
  /** Whether the second image comes with its transparency, as RGBA, where it has one; all others see it on white. */
  referenceAlpha: 'kept' | 'flattened';
  /** What the result is: a picture as the input was, or data (masks, labels) that no lossy format may touch. */
  result: ResultKind | ((params: Params) => ResultKind);
  /** The models that it needs; they are there when it runs. */
  models(params: Params): ModelFile[];
  /** Whether the operation looks at the image as it was before the first step. */
  usesOriginal: boolean;
  /** Whether the operation takes label images too; others refuse them, as numbers of objects are no brightness. */
  takesLabels: boolean;
  /** Whether samples of its result stand for the same values of the file as those of the image: filters and geometry, not edges or tones. */
  keepsValues: boolean;
  /** Pixels of the largest image that it takes as a whole; local operations take larger ones in strips. */
  maxPixels: number;
  /** A strict object of the parameters with types, ranges, units and defaults. */
  params: z.ZodType<Params>;
  /** What it measures, with definitions and units; left out where it measures nothing. */
  measures?: z.ZodObject;
  /**
   * Of a local operation: how many rows around a pixel can make a difference to its result. Very large images go through
   * local operations in overlapping strips. Those that measure, move pixels or look at the whole image are not local: null where that
   * depends on the parameters.
   */
  halo?(params: Params): number | null;
  /** Throws a `Problem` where the images don't allow the operation. */
  run(input: OperationInput, params: Params): OperationOutput;
}

/** What most operations are: one 8-bit image on white in, a picture out. */
const usual = {
  inputs: ['image'],
  referenceParam: null,
  maxDepth: 8,
  alpha: 'flattened',
  referenceAlpha: 'flattened',
  result: 'picture',
  usesOriginal: false,
  takesLabels: false,
  keepsValues: false,
  maxPixels: maxWholePixels,
  models: () => [] as ModelFile[],
} as const;

/** What an operation may leave out of its declaration, because it is as usual. */
type Declaration<Params> = Omit<Operation<Params>, keyof typeof usual> & Partial<Operation<Params>>;

/**
 * Declares an operation; the API, the docs, the page's forms and the tests all read this declaration. One that measures lengths, areas or
 * positions takes `pixelSize`, and gives them in its unit too.
 */
export function defineOperation<Params>(declaration: Declaration<Params>): Operation<Params> {
  const operation = { ...usual, ...declaration };
  const { measures, params } = operation;
  // Those that measure objects say more of them in the unit, see `reportObjects`.
  if (!measures || 'pixelSize' in measures.shape || !hasLengths(measures)) return operation;
  return {
    ...operation,
    params: (params as unknown as z.ZodObject).safeExtend(pixelSizeParam) as unknown as z.ZodType<Params>,
    measures: withPhysicalSchema(measures),
    run(input, { pixelSize = input.filePixelSize, ...given }: Params & { pixelSize?: PixelSize }) {
      const output = operation.run(input, given as Params);
      if (!pixelSize || !output.measurements) return output;
      return { ...output, measurements: withPhysical(measures, output.measurements, pixelSize) };
    },
  };
}
