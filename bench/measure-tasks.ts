/**
 * Measures the CPU time of a task of a job apart from its image, on the instance that processes it, and writes it to
 * `lib/estimate/operation-costs.json`: `npm run measure-tasks`. Linux only. Scaled as in measure-costs.ts. The CPU time of the process
 * with API and dispatcher is printed only: most of it goes by time, not by task.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { processImage } from '../lib/imaging/engine-thread.ts';
import { parseSteps } from '../lib/imaging/steps.ts';
import { loadOpenCv } from '../lib/vision/opencv.ts';
import { Crew } from './crew.ts';
import { gaugeMs, quickest } from './gauge.ts';
import { photo } from './photos.ts';

const tasks = 200;
const operation = 'invert';

const file = new URL('../lib/estimate/operation-costs.json', import.meta.url);
const image = await photo('graf1.png', { name: 'tiny', width: 160, height: 120 }, 'jpeg');
await using crew = await Crew.start(1);
const { cpu } = await crew.run(image, operation, tasks);
await loadOpenCv();
const work = { image, steps: parseSteps([{ operation }]), output: {}, maxPixels: 1e6, renditions: true };
const imageMs = await quickest(() => processImage(work));
const slowness = await gaugeMs();

const costs = JSON.parse(readFileSync(file, 'utf8'));
const scale = Math.min(1, costs.measured.gaugeMs / slowness);
const perTask = (seconds: number) => Number(((seconds * 1000 * scale) / tasks).toFixed(1));
costs.tasks = { processMs: perTask(cpu.instances - (imageMs / 1000) * tasks) };
writeFileSync(file, `${JSON.stringify(costs, null, 2)}\n`);
console.info(costs.tasks, { imageMs, controlMs: perTask(cpu.control), storageMs: perTask(cpu.storage), scale });
