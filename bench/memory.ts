/**
 * Shows what memory the engine takes: `npm run bench:memory`, in two processes.
 * First 500 mixed tasks through one thread: the WASM heap and the process must level off.
 * Then eight 50-megapixel tasks at once, with the settings' defaults: the process must stay under 1.2 GB.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { readSettings } from '../lib/config/settings.ts';
import { Engine } from '../lib/imaging/engine.ts';
import { type ImageJob, processImage } from '../lib/imaging/engine-thread.ts';
import { readModelFile } from '../lib/imaging/model-files.ts';
import { parseSteps } from '../lib/imaging/steps.ts';
import { operations } from '../lib/operations/registry.ts';
import { projectRoot } from '../lib/project-root.ts';
import { setModelReader } from '../lib/vision/models.ts';
import { cv, loadOpenCv } from '../lib/vision/opencv.ts';

const {
  workerHeapBytes: maxHeapBytes,
  pixelsInFlight,
  taskTimeLimitMs: timeLimitMs,
} = readSettings({ AzureWebJobsStorage: 'UseDevelopmentStorage=true' });
const maxPixels = 60e6;
const images = ['fruits.jpg', 'coins.png', 'graf1.png', 'astronaut.png', 'leuvenA.jpg'].map((name) =>
  readFileSync(join(projectRoot, 'test/fixtures', name)),
);

const megabytes = (bytes: number) => Math.round(bytes / 2 ** 20);

/** Samples the process while `work` runs; gives the most, in MB. */
async function peakOf(work: () => Promise<void>): Promise<number> {
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 20);
  await work();
  clearInterval(timer);
  return megabytes(peak);
}

/** In this thread, whose heap can be seen; a worker thread runs the same function. */
async function mixedTasks(): Promise<void> {
  await loadOpenCv();
  setModelReader(readModelFile);
  const names = [...operations.values()].filter(
    ({ inputs, params }) => inputs.length === 1 && params.safeParse({}).success,
  );
  console.log('| tasks done | WASM heap, MB | RSS, MB |\n| --- | --- | --- |');
  for (let i = 1; i <= 500; i++) {
    const { name } = names[i % names.length];
    const image = images[i % images.length];
    await processImage({ image, steps: parseSteps([{ operation: name }]), output: {}, maxPixels });
    if (i % 50 === 0)
      console.log(`| ${i} | ${megabytes(cv.HEAPU8.length)} | ${megabytes(process.memoryUsage.rss())} |`);
  }
}

async function largeTasks(): Promise<void> {
  const [width, height] = [8600, 5800];
  const image = await sharp(images[2]).resize(width, height, { fit: 'fill' }).jpeg({ quality: 85 }).toBuffer();
  const engine = new Engine({ threads: 2, timeLimitMs, pixelsInFlight, maxHeapBytes });
  const job = (operation: string): ImageJob => ({ image, steps: parseSteps([{ operation }]), output: {}, maxPixels });
  const peak = await peakOf(async () => {
    const names = [
      'canny',
      'gaussian-blur',
      'equalize',
      'threshold',
      'canny',
      'sobel',
      'invert',
      'morphological-gradient',
    ];
    await Promise.all(names.map((name) => engine.run(job(name), width * height)));
  });
  console.log(`\nEight tasks of ${((width * height) / 1e6).toFixed(0)} megapixels at once: at most ${peak} MB.`);
  await engine.close();
}

if (process.argv[2] === 'large') await largeTasks();
else await mixedTasks();
