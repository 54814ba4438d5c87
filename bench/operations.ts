/**
 * Times each operation at 1 and 12 megapixels, one thread, beside native OpenCV in the same run: `npm run bench -- [--megapixels 1|12] [name…]`.
 * The two take turns, so that a machine whose speed drifts is fair to both; the medians and their ratios are printed.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { processImage } from '../lib/imaging/engine-thread.ts';
import { parseSteps } from '../lib/imaging/steps.ts';
import { operations } from '../lib/operations/registry.ts';
import { projectRoot } from '../lib/project-root.ts';
import { loadOpenCv } from '../lib/vision/opencv.ts';
import { Native, type Times } from './native.ts';

const rounds = 5;
const sizes = [
  { megapixels: 1, width: 1155, height: 866 },
  { megapixels: 12, width: 4000, height: 3000 },
];

interface Case {
  operation: string;
  /** What stands in the table and what the native side is asked for, where it is not the operation's name. */
  label?: string;
  native?: string;
  params?: Record<string, unknown> | ((width: number, height: number) => Record<string, unknown>);
  image?: string;
  reference?: string;
}

/** Watershed as in the OpenCV tutorial, which is what the native side runs. */
const tutorial = {
  objects: 'bright',
  flatten: false,
  blur: 0,
  opening: 2,
  fillHoles: false,
  minArea: 0,
  foregroundOf: 'image',
};

const photograph = 'graf1.png';
const other = 'graf3.png';

/** Each operation that native OpenCV has a counterpart of; parameters are those of bench/native.py. */
const cases: Case[] = [
  { operation: 'canny' },
  { operation: 'watershed', params: tutorial },
  { operation: 'feature-matching', reference: other },
  {
    operation: 'face-detection',
    label: 'face-detection (haar / haar)',
    params: { model: 'haar' },
    image: 'astronaut.png',
  },
  { operation: 'face-detection', label: 'face-detection (blazeface / haar)', image: 'astronaut.png' },
  { operation: 'grayscale' },
  { operation: 'gaussian-blur' },
  { operation: 'median-blur' },
  { operation: 'box-blur' },
  { operation: 'bilateral' },
  { operation: 'sharpen' },
  { operation: 'denoise', label: 'denoise (guided)', params: { method: 'guided' } },
  { operation: 'emboss' },
  { operation: 'custom-kernel' },
  { operation: 'sobel' },
  { operation: 'scharr' },
  { operation: 'laplacian' },
  { operation: 'corners' },
  { operation: 'hough-lines' },
  ...['erode', 'dilate', 'open', 'close', 'morphological-gradient', 'top-hat', 'black-hat'].map((operation) => ({
    operation,
  })),
  { operation: 'threshold' },
  { operation: 'adaptive-threshold' },
  { operation: 'local-threshold' },
  { operation: 'in-range' },
  { operation: 'connected-components' },
  { operation: 'contours' },
  { operation: 'distance-transform' },
  { operation: 'fill-holes' },
  { operation: 'grab-cut' },
  { operation: 'k-means' },
  { operation: 'quantize' },
  { operation: 'equalize' },
  { operation: 'clahe' },
  { operation: 'even-illumination' },
  { operation: 'rolling-ball' },
  { operation: 'brightness-contrast', params: { brightness: 5, contrast: 20 } },
  { operation: 'gamma', params: { gamma: 2 } },
  { operation: 'curves' },
  { operation: 'color-map' },
  { operation: 'invert' },
  { operation: 'sepia' },
  { operation: 'hue-saturation', params: { hue: 30, saturation: 20 } },
  { operation: 'white-balance' },
  { operation: 'temperature-tint', params: { temperature: 4000 } },
  { operation: 'stain-unmixing' },
  { operation: 'channel' },
  { operation: 'split-channels' },
  { operation: 'histogram' },
  { operation: 'resize', label: 'resize (to 800 × 600)', params: { width: 800, height: 600, fit: 'fill' } },
  {
    operation: 'resize',
    label: 'resize (by 1.2)',
    native: 'resize up',
    params: (width) => ({ width: Math.round(1.2 * width) }),
  },
  { operation: 'rotate' },
  { operation: 'rotate', label: 'rotate (by 10°)', native: 'rotate by 10°', params: { angle: 10 } },
  { operation: 'flip' },
  {
    operation: 'perspective',
    params: (w, h) => ({
      corners: [
        [0.1 * w, 0.1 * h],
        [0.9 * w, 0.05 * h],
        [0.95 * w, 0.9 * h],
        [0.05 * w, 0.95 * h],
      ],
      width: w,
      height: h,
    }),
  },
  { operation: 'blend', reference: other },
  { operation: 'difference', reference: other },
  { operation: 'flat-field', reference: other },
  { operation: 'merge-channels', reference: other },
  { operation: 'qr-code' },
];

async function main(): Promise<void> {
  const { positionals: only, values } = parseArgs({
    allowPositionals: true,
    options: { megapixels: { type: 'string' } },
  });
  const measured = sizes.filter(({ megapixels }) => !values.megapixels || megapixels === Number(values.megapixels));
  const chosen = cases.filter(({ operation }) => only.length === 0 || only.includes(operation));
  const folder = mkdtempSync(join(tmpdir(), 'tessera-bench-'));
  const native = await Native.start();
  await loadOpenCv();
  console.log('Milliseconds, ours / native = ratio. Input: JPEG.\n');
  console.log('| operation | MP | decode | process | encode | total |\n| --- | --- | --- | --- | --- | --- |');
  try {
    for (const size of measured) for (const test of chosen) console.log(await row(test, size, folder, native));
  } finally {
    native?.stop();
    rmSync(folder, { recursive: true });
  }
}

async function row(test: Case, size: (typeof sizes)[number], folder: string, native: Native | null): Promise<string> {
  const image = await resized(test.image ?? photograph, size, folder);
  const reference = test.reference && (await resized(test.reference, size, folder));
  const { operation, native: counterpart = operation, params = {} } = test;
  const given = typeof params === 'function' ? params(size.width, size.height) : params;
  const steps = parseSteps([{ operation, params: given }]);
  const result = operations.get(operation)?.result;
  const format = result === 'data' ? '.png' : '.jpg';
  const ours: Times[] = [];
  const theirs: Times[] = [];
  for (let round = 0; round <= rounds; round++) {
    const job = {
      image: readFileSync(image),
      reference: reference ? readFileSync(reference) : undefined,
      steps,
      output: {},
      maxPixels: 50e6,
    };
    const { timings } = await processImage(job);
    const other = await native?.run({ operation: counterpart, image, reference: reference || undefined, format });
    // The first round warms both up.
    if (round === 0) continue;
    ours.push(timings);
    if (other) theirs.push(other);
  }
  const cells = [
    cell(ours, theirs, ({ decodeMs }) => decodeMs),
    cell(ours, theirs, ({ processMs }) => processMs),
    cell(ours, theirs, ({ encodeMs }) => encodeMs),
    cell(ours, theirs, ({ decodeMs, processMs, encodeMs }) => decodeMs + processMs + encodeMs),
  ];
  return `| ${test.label ?? operation} | ${size.megapixels} | ${cells.join(' | ')} |`;
}

async function resized(
  name: string,
  { width, height }: { width: number; height: number },
  folder: string,
): Promise<string> {
  const path = join(folder, `${name}-${width}.jpg`);
  const source = join(projectRoot, 'test/fixtures', name);
  await sharp(source).resize(width, height, { fit: 'cover' }).jpeg({ quality: 92 }).toFile(path);
  return path;
}

function cell(ours: Times[], theirs: Times[], value: (times: Times) => number): string {
  const mine = median(ours.map(value));
  if (theirs.length === 0) return mine.toFixed(1);
  const other = median(theirs.map(value));
  return `${mine.toFixed(1)} / ${other.toFixed(1)} = ${(mine / other).toFixed(2)}`;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

await main();
