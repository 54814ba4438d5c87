/**
 * Measures what `lib/estimate` calculates with, and writes it to `lib/estimate/operation-costs.json`:
 *
 *     npm run measure-costs -- [--codecs] [--small] [operation…]
 *
 * Times are CPU milliseconds of this process. Each operation runs with its defaults on photos of 1 and 4 megapixels; a line
 * through the two gives its fixed part and its part per megapixel. Each is run before it counts, as the first runs are compiled. A fixed
 * piece of work is timed before and after each figure: where the machine was busy the figure is measured again, and what remains is
 * scaled to the fastest of these. Without arguments everything is measured, otherwise only what is named; `--small` takes photos of 0.25
 * and 1 megapixel, for slow operations.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { decode } from '../lib/imaging/decode.ts';
import { encode } from '../lib/imaging/encode.ts';
import { type ImageResult, processImage } from '../lib/imaging/engine-thread.ts';
import type { OutputFormat } from '../lib/imaging/formats.ts';
import { parseSteps } from '../lib/imaging/steps.ts';
import { operations } from '../lib/operations/registry.ts';
import type { Operation } from '../lib/vision/declaration/operation.ts';
import { loadOpenCv } from '../lib/vision/opencv.ts';
import { cpuMs, gaugeMs, rounds } from './gauge.ts';
import { large, photo, type Size, small, tiny } from './photos.ts';
import { maxPixels, paramsOf, referenceFor } from './sweep-cases.ts';

/** A fixed part and a part per megapixel. */
interface Line {
  fixed: number;
  perMegapixel: number;
}

/** What took longer is not repeated. */
const longMs = 3000;
/** What took less is repeated. */
const enoughMs = 200;
/** A figure counts if the fixed piece of work took no more than this, of the fastest. */
const quiet = 1.15;
const tries = 3;
const lookMs = 50;
const maxLooks = 200;
const formats = ['jpeg', 'png', 'webp', 'avif', 'tiff'] as const;
const file = new URL('../lib/estimate/operation-costs.json', import.meta.url);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { codecs: { type: 'boolean', default: false }, small: { type: 'boolean', default: false } },
});
const isAll = positionals.length === 0 && !values.codecs;

/** The phases of an image are timed by this clock. */
performance.now = cpuMs;
await loadOpenCv();
const costs = JSON.parse(readFileSync(file, 'utf8'));
let fastest = Number.POSITIVE_INFINITY;
let lastGauge = Number.POSITIVE_INFINITY;
for (let i = 0; i < 10; i++) await gauge();
await settled();

const figures: { slowness: number; write: (scale: number) => void }[] = [];
if (isAll || values.codecs) for (const format of formats) await measureCodec(format);
for (const operation of operations.values()) {
  if (!isAll && !positionals.includes(operation.name)) continue;
  await measureOperation(operation);
  console.info(operation.name);
}
/** After each figure, as a run takes minutes. */
function save(): void {
  for (const { slowness, write } of figures) write(fastest / slowness);
  const known = [...operations.keys()].filter((name) => name in costs.operations);
  costs.operations = Object.fromEntries(known.map((name) => [name, costs.operations[name]]));
  costs.measured = {
    date: new Date().toISOString().slice(0, 10),
    on: `one core of ${cpus()[0]?.model}, Node ${process.versions.node}`,
    how: 'bench/measure-costs.ts: CPU time, default parameters, photos of 1 and 4 megapixels (slow operations: 0.25 and 1) as JPEG of quality 90',
    gaugeMs: rounded(fastest, 1),
  };
  writeFileSync(file, `${JSON.stringify(costs, null, 2)}\n`);
}

async function gauge(): Promise<number> {
  lastGauge = await gaugeMs();
  fastest = Math.min(fastest, lastGauge);
  return lastGauge;
}

/** Runs `measure`; what it gives is written once it is known how fast the machine can be. Of several tries the quietest counts. */
async function figure(measure: () => Promise<(scale: number) => void>): Promise<void> {
  let best: (typeof figures)[number] | undefined;
  for (let i = 0; i < tries && (!best || best.slowness > quiet * fastest); i++) {
    const before = lastGauge;
    const write = await measure();
    const slowness = (before + (await gauge())) / 2;
    if (!best || slowness < best.slowness) best = { slowness, write };
  }
  if (best) figures.push(best);
  save();
}

/** Runs `work` as often as its length allows, first in vain: what it runs is compiled then, in threads whose time would count. */
async function repeat<T>(work: () => Promise<T>): Promise<T[]> {
  const begun = cpuMs();
  const first = await work();
  if (cpuMs() - begun > longMs) return [first];
  await settled();
  const started = cpuMs();
  const results: T[] = [];
  while (cpuMs() - started < (results.length < rounds ? longMs : enoughMs)) results.push(await work());
  return results;
}

/** Decoding and encoding of a photo, and the bytes of its file. */
async function measureCodec(format: OutputFormat): Promise<void> {
  await figure(async () => {
    const runs = { decode: [] as number[], encode: [] as number[], bytes: [] as number[] };
    for (const size of [small, large]) {
      const image = await photo('graf1.png', size, format);
      const options = { maxDepth: 8, alpha: 'flattened', maxPixels, page: 1 } as const;
      const pixels = await decode(image, options);
      runs.decode.push(await least(() => decode(image, options)));
      runs.encode.push(await least(() => encode(pixels, format, 'picture')));
      runs.bytes.push(image.length);
    }
    return (scale) => {
      costs.codecs[format] = {
        decodeMs: line(small, large, runs.decode, scale),
        encodeMs: line(small, large, runs.encode, scale),
        bytes: line(small, large, runs.bytes),
      };
    };
  });
}

/** Waits until this process computes nothing in the background any more. */
async function settled(): Promise<void> {
  for (let looks = 0; looks < maxLooks; looks++) {
    const before = cpuMs();
    await sleep(lookMs);
    if (cpuMs() - before < lookMs / 10) return;
  }
}

/** Milliseconds of CPU. */
async function least(work: () => Promise<unknown>): Promise<number> {
  const timed = async () => {
    const started = cpuMs();
    await work();
    return cpuMs() - started;
  };
  return Math.min(...(await repeat(timed)));
}

async function measureOperation(operation: Operation): Promise<void> {
  await figure(async () => {
    const runs = { decode: [] as number[], process: [] as number[], encode: [] as number[], bytes: [] as number[] };
    const steps = parseSteps([{ operation: operation.name, params: paramsOf(operation, false)[0] }]);
    let resultPixels = 1;
    const [first, second] = sizesFor(operation);
    for (const size of [first, second]) {
      const image = await photo(photoFor(operation), size, 'jpeg');
      const reference = operation.inputs.length === 2 ? await referenceFor(operation, image, size) : undefined;
      const work = { image, reference, steps, output: {}, maxPixels, renditions: true };
      const results: ImageResult[] = await repeat(() => processImage(work));
      for (const phase of ['decode', 'process', 'encode'] as const)
        runs[phase].push(Math.min(...results.map(({ timings }) => timings[`${phase}Ms`])));
      runs.bytes.push(results[0].bytes.length);
      resultPixels = (results[0].width * results[0].height) / (size.width * size.height);
    }
    return (scale) => {
      costs.operations[operation.name] = {
        decodeMs: line(first, second, runs.decode, scale),
        processMs: line(first, second, runs.process, scale),
        encodeMs: line(first, second, runs.encode, scale),
        resultBytes: line(first, second, runs.bytes),
        // For each of the image.
        resultPixels: rounded(resultPixels, 4),
      };
    };
  });
}

/** What grows faster than the number of pixels is measured on small images. */
function sizesFor({ name }: Operation): [Size, Size] {
  return values.small || name === 'hough-circles' ? [tiny, small] : [small, large];
}

/** A photo of what the operation is for. */
function photoFor({ name, group }: Operation): string {
  if (/face|people|smart-crop/.test(name)) return 'astronaut.png';
  if (name === 'hough-circles') return 'coins.png';
  return group === 'segmentation' || group === 'threshold' || group === 'morphology' ? 'coins.png' : 'graf1.png';
}

/** Through the two values, scaled. Where its fixed part were negative there is none, and the larger size counts. */
function line(few: Size, many: Size, [first, second]: number[], scale = 1): Line {
  const [x, y] = [few, many].map(({ width, height }) => (width * height) / 1e6);
  const slope = Math.max(0, (second - first) / (y - x));
  const fixed = first - slope * x;
  const [start, rise] = fixed >= 0 ? [fixed, slope] : [0, second / y];
  return { fixed: rounded(start * scale, 1), perMegapixel: rounded(rise * scale, 3) };
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
