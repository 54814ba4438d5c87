/**
 * Shows what memory the engine takes: `npm run bench:memory`.
 * First 500 mixed tasks through one worker thread: the WASM heap and the process must level off.
 * Then eight 50-megapixel tasks at once, with the settings' defaults: the process must stay under 1.2 GB.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { Engine } from '../lib/imaging/engine.ts';
import type { ImageJob } from '../lib/imaging/worker.ts';
import { operations } from '../lib/operations/registry.ts';
import { parseSteps } from '../lib/operations/steps.ts';
import { projectRoot } from '../lib/project-root.ts';
import { readSettings } from '../lib/settings.ts';

const {
  workerHeapBytes: maxHeapBytes,
  pixelsInFlight,
  taskTimeLimitMs: timeLimitMs,
} = readSettings({ AzureWebJobsStorage: '-' });
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

async function mixedTasks(): Promise<void> {
  const engine = new Engine({ threads: 1, timeLimitMs, pixelsInFlight, maxHeapBytes });
  const names = [...operations.values()].filter(
    ({ inputs, params }) => inputs.length === 1 && params.safeParse({}).success,
  );
  console.log('| tasks done | RSS, MB |\n| --- | --- |');
  for (let i = 1; i <= 500; i++) {
    const { name } = names[i % names.length];
    const image = images[i % images.length];
    await engine.run({ image, steps: parseSteps([{ operation: name }]), output: {}, maxPixels }, 1e6);
    if (i % 50 === 0) console.log(`| ${i} | ${megabytes(process.memoryUsage.rss())} |`);
  }
  await engine.close();
}

async function largeTasks(): Promise<void> {
  const [width, height] = [8660, 5774];
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

if (!process.argv.includes('large')) await mixedTasks();
await largeTasks();
