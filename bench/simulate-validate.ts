/** The model beside jobs that run on this machine. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { loadOf } from '../lib/estimate/estimate.ts';
import { costOf, measured } from '../lib/estimate/image-cost.ts';
import { azure, type Platform } from '../lib/estimate/platform.ts';
import { simulate } from '../lib/estimate/simulate.ts';
import { parseSteps } from '../lib/imaging/steps.ts';
import { Crew } from './crew.ts';
import { gaugeMs } from './gauge.ts';
import { photo, small } from './photos.ts';

const cases = [
  { operation: 'canny', tasks: 160 },
  { operation: 'watershed', tasks: 60 },
];
const instanceCounts = [1, 2, 4];
const megapixels = (small.width * small.height) / 1e6;

/** Prints seconds of model and machine. All instances share the cores of this machine, and the storage runs on them too. */
export async function validate(): Promise<void> {
  const cores = availableParallelism();
  console.info('| operation | instances | measured s | model s | ratio |\n| --- | --- | --- | --- | --- |');
  for (const count of instanceCounts) {
    // So many processes compute at the same time: where two share a core of the processor, each is slower.
    const slowness = (await slowest(Math.min(count, cores))) / measured.gaugeMs;
    await using crew = await Crew.start(count);
    for (const { operation, tasks } of cases) {
      const image = await photo('graf1.png', small, 'jpeg');
      const { seconds, cpu } = await crew.run(image, operation, tasks);
      const steps = parseSteps([{ operation }]);
      const cost = costOf({ steps, output: {}, megapixels, format: 'jpeg', bytes: image.length });
      const platform: Platform = {
        ...azure,
        alwaysReady: count,
        maximumInstances: count,
        requestSeconds: localRequestSeconds,
        sharedCores: cores,
        sharedCpuSeconds: (cpu.control + cpu.storage) / tasks,
      };
      const load = loadOf(cost, tasks, platform);
      const model = simulate({ ...load, cpuSeconds: load.cpuSeconds * slowness, walls: [] }, platform).seconds;
      console.info(
        `| ${operation} | ${count} | ${seconds.toFixed(1)} | ${model.toFixed(1)} | ${(model / seconds).toFixed(2)} |`,
      );
    }
  }
  console.info(
    `\n${cores} cores: with more instances than cores only the sharing is verified, not the scaling; storage, dispatcher and API take their CPU, as measured in the run, from the same cores.`,
  );
}

/** Of one request to Azurite on this machine. */
const localRequestSeconds = 0.004;

const warmRuns = 20;

/** Milliseconds of the gauge while so many processes run it. */
async function slowest(processes: number): Promise<number> {
  const times = Array.from({ length: processes }, async () => {
    const child = fork(new URL(import.meta.url), ['gauge']);
    const [ms] = (await once(child, 'message')) as [number];
    return ms;
  });
  return Math.max(...(await Promise.all(times)));
}

if (process.argv[2] === 'gauge') {
  const times: number[] = [];
  // The first ones are compiled.
  for (let i = 0; i < warmRuns; i++) times.push(await gaugeMs());
  process.send?.(Math.min(...times));
}
