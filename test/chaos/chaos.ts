/** Many tasks while instances are killed and the storage goes away; then everything is checked. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { forEachLimit } from '../../lib/storage/for-each-limit.ts';
import { Account } from '../harness/account.ts';
import { Client, type TaskJson } from '../harness/client.ts';
import { fixture } from '../harness/fixtures.ts';
import { processes } from '../harness/host-like.ts';
import { Runner } from '../harness/runner.ts';
import { StorageProxy } from '../harness/storage-proxy.ts';
import { until } from '../harness/until.ts';
import { check } from './check.ts';
import { Crew, endings, runningOn } from './crew.ts';
import type { ChaosOptions, ChaosReport } from './report.ts';
import { countVotes } from './votes.ts';
import { type Work, works } from './works.ts';

const noReport = { seconds: 0, kills: 0, refused: 0, requestsPerTask: 0, votes: {} };

/** The share of the tasks that must have ended before the killing does. */
const most = 0.9;

export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { tasks, say } = options;
  const data = mkdtempSync(join(tmpdir(), 'chaos-'));
  const account = await Account.start(data);
  const proxy = await StorageProxy.start(account.connection);
  const env = {
    AzureWebJobsStorage: proxy.connection,
    OPEN_TASKS_PER_CALLER: '1000000',
    REQUESTS_PER_MINUTE: '1000000',
    ...(options.silentSeconds && {
      INSTANCE_SILENT_SECONDS: String(options.silentSeconds),
      REASSIGN_SCHEDULE: '* * * * * *',
    }),
  };
  const args = options.hostLike ? ['--host-like'] : [];
  const front = await Runner.start({ args: ['--only', 'http', ...args], env });
  const client = new Client(front);
  const crew = new Crew(env, args);
  const report: ChaosReport = { ...noReport, recoveries: [], faults: [] };
  const started = performance.now();
  const stop = new AbortController();
  const votes = countVotes(account.connection, stop.signal);
  try {
    await crew.start(options.instances);
    const away = Promise.withResolvers<void>();
    const submitted = submitAll(client, tasks, report, options.outageSeconds > 0 ? away.promise : Promise.resolve());
    const killing = killNowAndThen(crew, client, options, report, stop.signal);
    const outage =
      options.outageSeconds > 0
        ? outageInTheMiddle(account, crew, client, options, report, away.resolve)
        : Promise.resolve();
    const [ids] = await Promise.all([submitted, outage]);
    say(`All ${ids.size} tasks are accepted; ${report.refused} requests were refused on the way and sent again.`);
    const done = await finishAll(client, ids, options);
    stop.abort();
    await killing;
    report.votes = await votes;
    report.requestsPerTask = Math.round((proxy.requests.length / tasks) * 10) / 10;
    report.seconds = Math.round((performance.now() - started) / 1000);
    await check(account, client, crew, ids, done, report);
  } finally {
    stop.abort();
    await crew.stop();
    await front.stop();
    proxy.stop();
    await account.stop();
    rmSync(data, { recursive: true });
  }
  return report;
}

/**
 * Half of the tasks by themselves, half in a job; whatever is refused is sent again. The last tasks are sent once the storage
 * is away. Gives what each is to do.
 */
async function submitAll(
  client: Client,
  count: number,
  report: ChaosReport,
  away: Promise<void>,
): Promise<Map<string, Work>> {
  const ids = new Map<string, Work>();
  const singles = Array.from({ length: Math.ceil(count / 2) }, (_, i) => i);
  await persistently(report, () => client.upload({ 'chaos.png': fixture('coins.png') }));
  const images = Array(Math.floor(count / 2)).fill('chaos.png');
  const job = { images, operation: 'watershed' };
  const accepted = await persistently(report, () => answer(client.send('POST', '/api/jobs', job, keyed('job'))));
  for (const i of images.keys()) ids.set(`${accepted.id}-${i}`, works[1]);
  await forEachLimit(singles, 8, async (i) => {
    if (i >= singles.length / 2) await away;
    const work = works[i % works.length];
    const { image, reference, operation } = work;
    const request = {
      image: fixture(image),
      name: image,
      fields: { operation, cache: 'false' },
      ...(reference !== undefined && { reference: fixture(reference) }),
    };
    const task = await persistently(report, () => answer(client.post(request, keyed(`task-${i}`))));
    ids.set(task.id, work);
  });
  return ids;
}

function keyed(key: string): Record<string, string> {
  return { 'Idempotency-Key': key };
}

class Refused extends Error {}

async function answer(sent: Promise<Response>): Promise<{ id: string }> {
  const response = await sent;
  if ([409, 429, 503].includes(response.status)) {
    if (!response.headers.get('retry-after')) throw new Error(`${response.status} does not say when to try again.`);
    throw new Refused();
  }
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as { id: string };
}

async function persistently<T>(report: ChaosReport, request: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await request();
    } catch (error) {
      // Direct uploads meet the storage itself, while it is away.
      if (!(error instanceof Refused || /fetch failed|503/.test(String(error)))) throw error;
      report.refused++;
      await sleep(500);
    }
  }
}

async function killNowAndThen(
  crew: Crew,
  client: Client,
  { tasks, killEverySeconds, hostLike, say }: ChaosOptions,
  report: ChaosReport,
  signal: AbortSignal,
): Promise<void> {
  const recovering: Promise<void>[] = [];
  while (
    endings(crew).size < tasks * most &&
    (await sleep(killEverySeconds * 1000, true, { signal }).catch(() => false))
  ) {
    const victim = crew.alive[Math.floor(Math.random() * crew.alive.length)];
    if (!victim)
      throw new Error(
        `No instance is left:\n${crew.all.map(({ output }) => output.slice(-20).join('\n')).join('\n\n')}`,
      );
    const isChurn = hostLike && report.kills % 5 !== 4;
    const { what, signal: how } = isChurn ? endProcess(victim, report.kills) : endAll(victim);
    report.kills++;
    const killedAt = Date.now();
    const lost = runningOn(victim);
    say(`Ended ${what} by ${how}; the instance was at work on ${lost.length} tasks.`);
    recovering.push(...lost.map((id) => watchRecovery(client, id, killedAt, report)));
    if (!isChurn) await crew.start(1);
  }
  await Promise.all(recovering);
}

interface Ending {
  what: string;
  signal: NodeJS.Signals;
}

function endAll(victim: Runner): Ending {
  victim.process.kill('SIGKILL');
  return { what: 'an instance', signal: 'SIGKILL' };
}

/** One of the scale groups' processes; the runner starts another, as the platform does. */
function endProcess(victim: Runner, nth: number): Ending {
  const groups = [...processes(victim)].filter(([group]) => /task$|job-command$|callback$/.test(group));
  const [group, pid] = groups[Math.floor(Math.random() * groups.length)];
  const signal = nth % 2 === 1 ? 'SIGKILL' : 'SIGTERM';
  try {
    process.kill(pid, signal);
  } catch (error) {
    // The one before has just ended it, and no other has begun.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
  return { what: group, signal };
}

/** Until the task runs again, or is seen to have ended before its instance could say so. */
async function watchRecovery(client: Client, id: string, killedAt: number, report: ChaosReport): Promise<void> {
  for (;;) {
    const task = await client.task(id).catch(() => null);
    if (task?.startedAt && Date.parse(task.startedAt) > killedAt)
      return void report.recoveries.push((Date.parse(task.startedAt) - killedAt) / 1000);
    if (task?.finishedAt) return;
    await sleep(500);
  }
}

async function outageInTheMiddle(
  account: Account,
  crew: Crew,
  client: Client,
  options: ChaosOptions,
  report: ChaosReport,
  onAway: () => void,
): Promise<void> {
  await until(() => endings(crew).size > 0, { within: 90, what: 'the first task has ended' });
  options.say(`The storage goes away for ${options.outageSeconds} s.`);
  await account.stop();
  onAway();
  await sleep(options.outageSeconds * 500);
  const during = await client.fetch('/api/tasks');
  if (during.status !== 503 || !during.headers.get('retry-after'))
    report.faults.push(`Without storage, GET /api/tasks answered ${during.status}.`);
  await sleep(options.outageSeconds * 500);
  await account.startAgain();
  options.say('The storage is back.');
}

/** Gives all tasks as they are in the end; those that have none too, unless there is no such task. */
async function finishAll(
  client: Client,
  ids: Map<string, Work>,
  { timeoutSeconds, say }: ChaosOptions,
): Promise<TaskJson[]> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  const done: TaskJson[] = [];
  let said = 0;
  await forEachLimit(ids.keys(), 4, async (id) => {
    // A job's tasks are made one portion after the other.
    let task = await client.taskIfAny(id, 20);
    while (!task?.finishedAt && Date.now() < deadline) {
      if (!task) await sleep(500);
      task = await client.taskIfAny(id, 20);
    }
    if (task) done.push(task);
    if (done.length - said < ids.size / 5) return;
    said = done.length;
    say(`${done.length} tasks have ended.`);
  });
  return done;
}
