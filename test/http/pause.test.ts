/** While the instances are paused nothing is begun and nothing is lost; what runs ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { projectRoot } from '../../lib/project-root.ts';
import { openStorage } from '../../lib/storage/storage.ts';
import { Client } from '../harness/client.ts';
import { fixture } from '../harness/fixtures.ts';
import { Runner } from '../harness/runner.ts';
import { until } from '../harness/until.ts';

let runner: Runner;
let client: Client;
beforeAll(async () => {
  runner = await Runner.start();
  client = new Client(runner);
});
afterAll(() => runner.stop());

/** The script as an operator runs it. */
async function ops(...args: string[]): Promise<{ status: number; said: string }> {
  const env = { ...process.env, AzureWebJobsStorage: runner.storage };
  const script = spawn(process.execPath, [join(projectRoot, 'ops/pause.ts'), ...args], { env });
  const [said, [status]] = await Promise.all([text(script.stdout), once(script, 'exit')]);
  return { status: status as number, said };
}

test('drained before a deployment, resumed after it', async () => {
  const slow = { image: fixture('graf1.png'), fields: { operation: 'face-detection', model: 'haar', minSize: '20' } };
  const { id } = (await (await client.post(slow)).json()) as { id: string };
  await until(async () => (await client.task(id)).state === 'Running', { what: 'a task runs' });

  const drained = await ops('drain');
  expect(drained).toMatchObject({ status: 0, said: expect.stringContaining('Drained: nothing runs.') });
  expect(await client.task(id)).toMatchObject({ state: 'Succeeded', attempts: 1 });

  const quick = { image: fixture('box.png'), fields: { operation: 'canny' } };
  const { id: late } = (await (await client.post(quick)).json()) as { id: string };
  await client.upload({ 'a.png': fixture('box.png') });
  const job = await client.submit('/api/jobs', { images: ['a.png', 'a.png'], operation: 'canny' });
  expect((await client.get('/api/health')).pausedSince).toEqual(expect.any(String));
  expect((await client.get('/api/stats')).pausedSince).toEqual(expect.any(String));
  // Once more, it takes as long as an instance may take to notice.
  expect((await ops('drain')).status).toBe(0);
  expect(await client.task(late)).toMatchObject({ state: 'Queued', attempts: 0 });
  expect((await client.get(`/api/jobs/${job.id}`)).counts.queued).toBe(2);

  expect((await ops('resume')).status).toBe(0);
  expect(await client.finished(late)).toMatchObject({ state: 'Succeeded', attempts: 1 });
  expect(await client.jobDone(job.id)).toMatchObject({ counts: { succeeded: 2 } });
  expect((await client.get('/api/health')).pausedSince).toBeNull();
  const { poisonQueues } = await openStorage(runner.storage);
  for (const queue of poisonQueues) expect(await queue.length()).toBe(0);
});
