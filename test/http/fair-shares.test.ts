/** A large job holds up neither a single task nor another caller, and goes on meanwhile. */
import { Client } from '../harness/client.ts';
import { fixture } from '../harness/fixtures.ts';
import { Runner } from '../harness/runner.ts';
import { until } from '../harness/until.ts';

const keys = ['large-key', 'small-key', 'single-key'];
let runner: Runner;
let large: Client;
let small: Client;
let single: Client;
beforeAll(async () => {
  runner = await Runner.start({ env: { AUTH_MODE: 'key', LOCAL_FUNCTION_KEYS: keys.join() } });
  [large, small, single] = keys.map((key) => new Client(runner, { 'x-functions-key': key }));
  for (const caller of [large, small]) await caller.upload({ 'a.png': fixture('box.png') });
});
afterAll(() => runner.stop());

async function submit(caller: Client, tasks: number): Promise<string> {
  const images = Array(tasks).fill('a.png');
  return (await caller.submit('/api/jobs', { images, operation: 'canny' })).id;
}

async function left(caller: Client, job: string): Promise<number> {
  const { counts } = await caller.get(`/api/jobs/${job}`);
  return counts.queued + counts.running;
}

test('three callers: a job of 1,000, a job of 20, and a single task', async () => {
  const first = await submit(large, 1000);
  const paced = async () => {
    const stats = await large.get('/api/stats');
    return stats.endedPerMinute > 0 && stats;
  };
  const { yourJobs, jobs } = await until(paced, { what: 'the pace of the large job is known' });
  expect(yourJobs).toEqual([
    {
      jobId: first,
      waiting: expect.any(Number),
      ahead: expect.any(Number),
      expectedStartSeconds: expect.any(Number),
      secondsLeft: expect.any(Number),
    },
  ]);
  expect(jobs).toMatchObject({ jobs: 1, callers: 1 });
  // The queue is short: whoever comes next waits for few.
  expect(jobs.messages).toBeLessThanOrEqual(100);
  expect(yourJobs[0].waiting).toBeGreaterThan(300);
  expect((await small.get('/api/stats')).yourJobs).toEqual([]);

  const before = await left(large, first);
  const task = await single.run({ image: fixture('box.png'), fields: { operation: 'canny' } });
  expect(task.state).toBe('Succeeded');
  const whenSingleEnded = await left(large, first);
  expect(whenSingleEnded).toBeGreaterThan(before - 100);

  const second = await submit(small, 20);
  expect(await small.jobDone(second)).toMatchObject({ counts: { succeeded: 20 } });
  const whenSmallEnded = await left(large, first);
  // It had half of the room, and went on with the other half.
  expect(whenSmallEnded).toBeGreaterThan(whenSingleEnded - 200);
  expect(whenSmallEnded).toBeLessThan(whenSingleEnded);

  // No more than what is in the queue is left to be called off one by one.
  await large.send('POST', `/api/jobs/${first}/cancel`);
  expect((await large.jobDone(first)).counts.canceled).toBeGreaterThan(100);
});
