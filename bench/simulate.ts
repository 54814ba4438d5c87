/**
 * Simulates how a backlog is worked off in Azure, by the same model as `GET /api/estimate`:
 *
 *     npm run simulate -- --images 1000000 --operation canny [--megapixels 12] [--maximum 100] [--quota 250] [--memory 2|4]
 *                         [--per-decision 4] [--accounts 1] [--ready 0] [--plot FILE.svg]
 *     npm run simulate -- --table
 *     npm run build && npm run simulate -- --validate
 *
 * `--steps` takes JSON in place of `--operation`. `--table` prints the tables of docs/scaling.md. `--validate` runs jobs on 1, 2 and 4 process instances on this machine and prints what
 * the model says beside what was measured.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { estimate, type Question } from '../lib/estimate/estimate.ts';
import { azure, type Platform } from '../lib/estimate/platform.ts';
import type { Sample } from '../lib/estimate/simulate.ts';
import { parseOperation, parseSteps } from '../lib/imaging/steps.ts';
import { plot } from './simulate-plot.ts';
import { printTables } from './simulate-tables.ts';
import { validate } from './simulate-validate.ts';

const rows = 16;

const { values } = parseArgs({
  options: {
    images: { type: 'string', default: '1000000' },
    operation: { type: 'string', default: 'canny' },
    steps: { type: 'string' },
    megapixels: { type: 'string', default: '12' },
    maximum: { type: 'string', default: String(azure.maximumInstances) },
    quota: { type: 'string', default: String(azure.coreQuota) },
    memory: { type: 'string', default: String(azure.memoryGb) },
    'per-decision': { type: 'string', default: String(azure.instancesPerDecision) },
    accounts: { type: 'string', default: String(azure.accounts) },
    ready: { type: 'string', default: String(azure.alwaysReady) },
    plot: { type: 'string' },
    table: { type: 'boolean', default: false },
    validate: { type: 'boolean', default: false },
  },
});

if (values.validate) await validate();
else if (values.table) printTables();
else run();

function run(): void {
  const cores = Number(values.memory) / 2;
  const platform: Platform = {
    ...azure,
    cores,
    memoryGb: Number(values.memory),
    messagesPerInstance: azure.messagesPerInstance * cores,
    maximumInstances: Number(values.maximum),
    coreQuota: Number(values.quota),
    instancesPerDecision: Number(values['per-decision']),
    accounts: Number(values.accounts),
    alwaysReady: Number(values.ready),
  };
  const question: Question = {
    images: Number(values.images),
    megapixels: Number(values.megapixels),
    format: 'jpeg',
    downloads: 1,
    retentionDays: 7,
    steps: values.steps ? parseSteps(JSON.parse(values.steps)) : parseOperation(values.operation, {}),
    output: {},
  };
  const answer = estimate(question, platform);
  const { simulation, walls, cost, image, load } = answer;
  const dollarsUntil = ({ instanceSeconds }: Sample) =>
    (cost.compute * instanceSeconds) / Math.max(1, simulation.instanceSeconds);
  console.info(
    `${values.images} images, ${(image.seconds * 1000).toFixed(0)} ms of CPU each, ${(load.cpuSeconds * 1000).toFixed(0)} ms with its task\n`,
  );
  console.info('| time | backlog | ready | starting | draining | tasks/s | compute USD |');
  console.info('| --- | --- | --- | --- | --- | --- | --- |');
  for (const sample of someOf(simulation.samples)) {
    const { seconds, backlog, ready, starting, draining, tasksPerSecond } = sample;
    console.info(
      `| ${clock(seconds)} | ${Math.round(backlog)} | ${ready} | ${starting} | ${draining} | ${tasksPerSecond.toFixed(1)} | ${dollarsUntil(sample).toFixed(2)} |`,
    );
  }
  console.info(
    `\nDone after ${clock(simulation.seconds)} with ${simulation.instances} instances; limited by ${simulation.limitedBy}.`,
  );
  console.info(`${Math.round(simulation.aborted)} tasks began twice, as their instance was removed.`);
  console.info(
    `Limits in tasks/s: ${walls.map(({ name, tasksPerSecond }) => `${name} ${tasksPerSecond.toFixed(0)}`).join(', ')}`,
  );
  console.info(
    `USD: ${Object.entries(cost)
      .map(([name, value]) => `${name} ${value.toFixed(2)}`)
      .join(', ')}`,
  );
  if (values.plot) writeFileSync(values.plot, plot(simulation.samples));
}

/** The times that say most: the first, the last, and others evenly in between by backlog and time. */
function someOf(samples: readonly Sample[]): Sample[] {
  const end = samples[samples.length - 1].seconds;
  const times = Array.from({ length: rows }, (_, i) => end * (i / (rows - 1)) ** 2);
  return [...new Set(times.map((time) => samples.findLast(({ seconds }) => seconds <= time) ?? samples[0]))];
}

function clock(seconds: number): string {
  const [hours, minutes, rest] = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map(Math.floor);
  return `${hours}:${String(minutes).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
}
