/** Every operation on images of every size and kind, with its defaults and at the ends of its parameters. */
import sharp from 'sharp';
import { z } from 'zod';
import type { Engine } from '../lib/imaging/engine.ts';
import type { ImageResult } from '../lib/imaging/engine-thread.ts';
import { parseSteps } from '../lib/imaging/steps.ts';
import { Problem } from '../lib/problems.ts';
import type { Operation } from '../lib/vision/declaration/operation.ts';
import { fixturePath } from '../test/harness/fixtures.ts';

export interface Size {
  name: string;
  width: number;
  height: number;
}

/** Around each limit that there is: strips begin at 16 megapixels, whole images end at 50, all at 100. */
export const sizes: Size[] = [
  { name: '1×1', width: 1, height: 1 },
  { name: '1×97', width: 1, height: 97 },
  { name: '97×1', width: 97, height: 1 },
  { name: '0.1', width: 400, height: 250 },
  { name: '3', width: 2000, height: 1500 },
  { name: '15.9', width: 4606, height: 3452 },
  { name: '16.1', width: 4912, height: 3278 },
  { name: '24', width: 6000, height: 4000 },
  { name: '48.9', width: 8064, height: 6064 },
  { name: '50.1', width: 8170, height: 6133 },
  { name: '100', width: 12_500, height: 8000 },
];

export const kinds = ['gray', 'color', 'transparent', '16-bit'] as const;
export type Kind = (typeof kinds)[number];

/** The largest image that is taken, in pixels. */
export const maxPixels = 100e6;

/** A photograph of that size, as a TIFF without compression. */
export function imageOf({ width, height }: Size, kind: Kind): Promise<Buffer> {
  const photo = sharp(fixturePath(kind === 'gray' || kind === '16-bit' ? 'coins.png' : 'coffee.png'));
  const image = photo.resize(width, height, { fit: 'fill', kernel: 'cubic' });
  if (kind === 'gray') image.toColorspace('b-w');
  if (kind === 'transparent') image.ensureAlpha(0.6);
  if (kind === '16-bit') image.toColorspace('grey16');
  return image.tiff({ compression: 'none' }).toBuffer();
}

/** Parameters for operations that have no default for all of theirs. */
const required: Record<string, Record<string, unknown>> = {
  resize: { width: 120 },
  redact: { areas: [{ left: 10, top: 20, width: 60, height: 40 }] },
  perspective: {
    corners: [
      [0, 0],
      [300, 20],
      [280, 200],
      [10, 180],
    ],
  },
};

interface Schema {
  type?: string;
  enum?: unknown[];
  const?: unknown;
  minimum?: number;
  maximum?: number;
  anyOf?: Schema[];
}

/** The operation's parameters: none, and each in turn at its least, its most, and every choice. */
export function paramsOf(operation: Operation, extremes: boolean): Record<string, unknown>[] {
  const usual = required[operation.name] ?? {};
  if (!extremes) return [usual];
  const { properties = {} } = z.toJSONSchema(operation.params, { io: 'input' }) as {
    properties?: Record<string, Schema>;
  };
  const isValid = (params: object) => operation.params.safeParse(params).success;
  const single = Object.entries(properties).flatMap(([name, schema]) =>
    extremesOf(schema).flatMap((ends) => {
      const valid = ends.map((value) => ({ ...usual, [name]: value })).find(isValid);
      return valid ? [valid] : [];
    }),
  );
  return [usual, ...single];
}

/** For each end or choice the values that may stand for it: of odd numbers, the end may be an even one's neighbor. */
function extremesOf({ type, enum: choices, const: only, minimum, maximum, anyOf }: Schema): unknown[][] {
  if (anyOf) return anyOf.flatMap(extremesOf);
  if (choices) return choices.map((choice) => [choice]);
  if (only !== undefined) return [[only]];
  if (type === 'boolean') return [[true], [false]];
  const ends = [];
  if (minimum !== undefined) ends.push([minimum, minimum + 1]);
  if (maximum !== undefined) ends.push([maximum, maximum - 1]);
  return ends;
}

export interface Case {
  operation: Operation;
  size: Size;
  kind: Kind;
  params: Record<string, unknown>;
}

export interface Outcome {
  ms: number;
  /** The problem's name where the image was refused. */
  refused: string | null;
  /** What is wrong with the answer; null where it is right, or a refusal that says why. */
  fault: string | null;
}

/** What is said of an image that an operation cannot take; the first two name a limit. */
const limits = ['too-many-pixels', 'out-of-memory', 'time-limit-exceeded'];
const refusals = [...limits, 'operation-failed'];

export async function runCase(
  engine: Engine,
  { operation, size, kind, params }: Case,
  image: Buffer,
): Promise<Outcome> {
  const steps = parseSteps([{ operation: operation.name, params }]);
  const reference = operation.inputs.length === 2 ? await referenceFor(operation, image, size) : undefined;
  const started = performance.now();
  const answer = await engine
    .run({ image, reference, steps, output: {}, maxPixels }, size.width * size.height)
    .catch((error: unknown) => error);
  const ms = performance.now() - started;
  if (answer instanceof Problem) return { ms, ...judgeRefusal(answer) };
  if (answer instanceof Error) return { ms, refused: null, fault: `${answer.name}: ${answer.message}` };
  return { ms, refused: null, fault: await judgeResult(answer as ImageResult, size, kind) };
}

/** A second image that goes with the first: itself, or for a template a part of it. */
export async function referenceFor({ name }: Operation, image: Buffer, { width, height }: Size): Promise<Buffer> {
  if (name === 'color-table') return Buffer.from('LUT_1D_SIZE 2\n1 1 1\n0 0 0\n');
  if (name !== 'template-matching') return image;
  const [partWidth, partHeight] = [Math.min(64, width), Math.min(64, height)];
  return sharp(image, { limitInputPixels: false })
    .extract({ left: 0, top: 0, width: partWidth, height: partHeight })
    .tiff({ compression: 'none' })
    .toBuffer();
}

function judgeRefusal({ details: { type, detail } }: Problem): Omit<Outcome, 'ms'> {
  const refused = type.split(':').at(-1) as string;
  if (!refusals.includes(refused)) return { refused, fault: `${refused}: ${detail}` };
  const saysLimit = !limits.includes(refused) || /\d/.test(detail);
  return { refused, fault: saysLimit ? null : `names no limit: ${detail}` };
}

async function judgeResult(result: ImageResult, size: Size, kind: Kind): Promise<string | null> {
  const { width, height } = await sharp(result.bytes, { limitInputPixels: false }).metadata();
  if (width !== result.width || height !== result.height)
    return `said ${result.width} × ${result.height}, is ${width} × ${height}`;
  if (result.input.width !== size.width || result.input.height !== size.height) return `input of ${kind} misread`;
  const odd = notFinite(result.measurements);
  return odd === null ? null : `measured ${odd}`;
}

/** Where a measurement is no number; JSON would make it null. */
function notFinite(value: unknown, path = 'measurements'): string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? null : `${path} = ${value}`;
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    const odd = notFinite(inner, `${path}.${key}`);
    if (odd !== null) return odd;
  }
  return null;
}
