/**
 * How long a fresh instance takes, from the package that is deployed (`npm run package`): until an engine thread is ready, until HTTP
 * is answered, until the first task is done. Medians of five rounds: `npm run bench:start`.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../lib/project-root.ts';
import { Azurite, azuriteConnection } from '../local/azurite.ts';
import { freePorts, Runner } from '../test/harness/runner.ts';

const rounds = 5;
const app = join(projectRoot, 'dist/package');

const threads = await times(rounds, engineThread);
const port = await freePorts(3);
const azurite = await Azurite.start(port, null, (reason) => {
  throw new Error(reason);
});
try {
  const connection = azuriteConnection(port);
  // What the account needs is made by the first instance; in Azure the deployment does.
  await firstAnswer(connection);
  const answers = await times(rounds, () => firstAnswer(connection));
  const results = await times(rounds, () => firstResult(connection));
  console.log('| until | ms |\n| --- | --- |');
  console.log(`| an engine thread is ready, CPU | ${median(threads)} |`);
  console.log(`| HTTP is answered | ${median(answers)} |`);
  console.log(`| the first task is done | ${median(results)} |`);
} finally {
  await azurite.stop();
}

/** CPU time of a process that loads what an engine thread loads, without that of Node itself. */
async function engineThread(): Promise<number> {
  const script = `
    const before = process.cpuUsage();
    const { loadOpenCv } = await import(${JSON.stringify(join(projectRoot, 'dist/lib/vision/opencv.js'))});
    await import(${JSON.stringify(join(projectRoot, 'dist/lib/imaging/engine-thread.js'))});
    await loadOpenCv();
    const { user, system } = process.cpuUsage(before);
    console.log((user + system) / 1000);`;
  return Number((await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script])).stdout);
}

async function firstAnswer(connection: string): Promise<number> {
  const started = performance.now();
  const runner = await Runner.start({ connection, args: ['--app', app, '--only', 'http'] });
  await fetch(`${runner.url}/api/health`);
  const ms = performance.now() - started;
  await runner.stop();
  return ms;
}

async function firstResult(connection: string): Promise<number> {
  const started = performance.now();
  const runner = await Runner.start({ connection, args: ['--app', app] });
  const form = new FormData();
  for (const [name, value] of Object.entries({ operation: 'canny', cache: 'false' })) form.append(name, value);
  form.append('image', new Blob([readFileSync(join(projectRoot, 'test/fixtures/coins.png'))]), 'coins.png');
  const response = await fetch(`${runner.url}/api/tasks`, { method: 'POST', body: form });
  const { id } = (await response.json()) as { id: string };
  const { state } = (await (await fetch(`${runner.url}/api/tasks/${id}?wait=30`)).json()) as { state: string };
  const ms = performance.now() - started;
  await runner.stop();
  if (state !== 'Succeeded') throw new Error(`The task is ${state}.`);
  return ms;
}

async function times(count: number, measure: () => Promise<number>): Promise<number[]> {
  const values: number[] = [];
  for (let i = 0; i < count; i++) values.push(await measure());
  return values;
}

function median(values: number[]): number {
  return Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]);
}
