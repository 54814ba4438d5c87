/** A fixed piece of work: how long it takes says how fast this machine is at the moment. */
import { processImage } from '../lib/imaging/engine-thread.ts';
import { parseSteps } from '../lib/imaging/steps.ts';
import { loadOpenCv } from '../lib/vision/opencv.ts';
import { photo, small } from './photos.ts';

/** The fastest counts. */
export const rounds = 2;

/** Milliseconds of CPU of the fixed piece of work. */
export async function gaugeMs(): Promise<number> {
  await loadOpenCv();
  const image = await photo('graf1.png', small, 'jpeg');
  const steps = parseSteps([{ operation: 'canny' }]);
  return quickest(() => processImage({ image, steps, output: {}, maxPixels: 100e6 }));
}

/** Milliseconds of CPU that this process has used. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Milliseconds of CPU. */
export async function quickest(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const started = cpuMs();
    await work();
    times.push(cpuMs() - started);
  }
  return Math.min(...times);
}
