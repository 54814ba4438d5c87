/** The tables of docs/scaling.md. */
import { type Estimate, estimate, type Question } from '../lib/estimate/estimate.ts';
import { azure, type Platform } from '../lib/estimate/platform.ts';
import { parseOperation, parseSteps } from '../lib/imaging/steps.ts';

const chains: [name: string, steps: Question['steps']][] = [
  ['thumbnail (`resize` to 320)', parseSteps([{ operation: 'resize', params: { width: 320 } }])],
  ...['grayscale', 'canny', 'watershed', 'face-detection', 'feature-matching', 'denoise'].map(
    (name): [string, Question['steps']] => [`\`${name}\``, parseOperation(name, {})],
  ),
];
const usual = { images: 1e6, format: 'jpeg', downloads: 1, retentionDays: 7, output: {} } as const;
const quota: Platform = { ...azure, maximumInstances: 1000 };

export function printTables(): void {
  console.info('| operation | MP | CPU ms | time, 100 instances | limited by | time, 250 cores | limited by |');
  console.info('| --- | --- | --- | --- | --- | --- | --- |');
  forEach((name, megapixels, question) => {
    const [usually, most] = [estimate(question), estimate(question, quota)];
    const cpu = Math.round(usually.load.cpuSeconds * 1000);
    const cells = [usually, most].flatMap(({ simulation }) => [hours(simulation.seconds), simulation.limitedBy]);
    console.info(`| ${[name, megapixels, cpu, ...cells].join(' | ')} |`);
  });
  console.info('\n| operation | MP | compute | requests | capacity | telemetry | downloads | together |');
  console.info('| --- | --- | --- | --- | --- | --- | --- | --- |');
  forEach((name, megapixels, question) => {
    const { compute, requests, capacity, telemetry, egress, total } = estimate(question).cost;
    const cells = [compute, requests, capacity, telemetry, egress, total].map(Math.round);
    console.info(`| ${[name, megapixels, ...cells].join(' | ')} |`);
  });
  console.info('\n| wall | tasks/s |\n| --- | --- |');
  const walls: Estimate['walls'] = estimate({ ...usual, megapixels: 12, steps: chains[2][1] }, quota).walls;
  for (const { name, tasksPerSecond } of walls) console.info(`| ${name} | ${Math.round(tasksPerSecond)} |`);
  console.info('\n| a million `canny` of 12 megapixels | time | instances |\n| --- | --- | --- |');
  for (const [what, platform] of [
    ['as assumed', azure],
    ['40 instances per decision', { ...azure, instancesPerDecision: 40 }],
    ['1 instance per decision', { ...azure, instancesPerDecision: 1 }],
    ['cold start of 30 s', { ...azure, coldStartSeconds: 30 }],
    ['storage three times as slow', { ...azure, requestSeconds: 0.03, bytesPerSecond: azure.bytesPerSecond / 3 }],
  ] as [string, Platform][]) {
    const { simulation } = estimate({ ...usual, megapixels: 12, steps: chains[2][1] }, platform);
    console.info(`| ${what} | ${hours(simulation.seconds)} | ${simulation.instances} |`);
  }
}

function forEach(print: (name: string, megapixels: number, question: Question) => void): void {
  for (const [name, steps] of chains)
    for (const megapixels of [1, 12]) print(name, megapixels, { ...usual, megapixels, steps });
}

function hours(seconds: number): string {
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
