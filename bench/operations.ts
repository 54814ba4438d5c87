/**
 * Times each operation at 1 and 12 megapixels, one thread, beside native OpenCV in the same run: `npm run bench [name…]`.
 * The two take turns, so that a machine whose speed drifts is fair to both; the medians and their ratios are printed.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  /** What stands in the table, where it is not the operation's name. */
  label?: string;
  params?: Record<string, unknown>;
  image: string;
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

const cases: Case[] = [
  { operation: 'canny', image: 'graf1.png' },
  { operation: 'watershed', params: tutorial, image: 'graf1.png' },
  { operation: 'feature-matching', image: 'graf1.png', reference: 'graf3.png' },
  {
    operation: 'face-detection',
    label: 'face-detection (haar / haar)',
    params: { model: 'haar' },
    image: 'astronaut.png',
  },
  { operation: 'face-detection', label: 'face-detection (blazeface / haar)', image: 'astronaut.png' },
  { operation: 'grayscale', image: 'graf1.png' },
  { operation: 'gaussian-blur', image: 'graf1.png' },
  { operation: 'median-blur', image: 'graf1.png' },
  { operation: 'equalize', image: 'graf1.png' },
];

async function main(): Promise<void> {
  const only = process.argv.slice(2);
  const chosen = cases.filter(({ operation }) => only.length === 0 || only.includes(operation));
  const folder = mkdtempSync(join(tmpdir(), 'tessera-bench-'));
  const native = await Native.start();
  await loadOpenCv();
  console.log('Milliseconds, ours / native = ratio. Input: JPEG.\n');
  console.log('| operation | MP | decode | process | encode | total |\n| --- | --- | --- | --- | --- | --- |');
  try {
    for (const size of sizes) for (const test of chosen) console.log(await row(test, size, folder, native));
  } finally {
    native?.stop();
    rmSync(folder, { recursive: true });
  }
}

async function row(test: Case, size: (typeof sizes)[number], folder: string, native: Native | null): Promise<string> {
  const image = await resized(test.image, size, folder);
  const reference = test.reference && (await resized(test.reference, size, folder));
  const steps = parseSteps([{ operation: test.operation, params: test.params ?? {} }]);
  const result = operations.get(test.operation)?.result;
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
    const other = await native?.run({ operation: test.operation, image, reference: reference || undefined, format });
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
  return `| ${test.label ?? test.operation} | ${size.megapixels} | ${cells.join(' | ')} |`;
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
