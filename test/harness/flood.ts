import { readFileSync } from 'node:fs';
import { forEachLimit } from '../../lib/storage/for-each-limit.ts';
import { Client } from './client.ts';
import { fixture } from './fixtures.ts';
import { Runner } from './runner.ts';

export interface Flood {
  /** Of uploads: how many were answered how. */
  statuses: Map<number, number>;
  /** Of the tasks that were accepted. */
  ids: string[];
  /** Of answers without a sensible `Retry-After`. */
  unexplained: number;
  /** How long it took to read a task before and during the flood, in ms. */
  reads: { before: number[]; during: number[] };
  readStatuses: Set<number>;
  /** Resident memory of the runner before, and at its peak, in MB; null where the system does not tell it. */
  memory: { before: number; peak: number } | null;
  seconds: number;
  /** What `GET /api/stats` says afterwards. */
  queued: number;
}

const calmReads = 50;
const keys = { flood: 'flood-key', onlooker: 'onlooker-key' };

/** Sends uploads as fast as so many clients can, to an instance that does not work on them, while another client reads. */
export async function flood(uploads: number, clients: number, requestsPerMinute: number): Promise<Flood> {
  const runner = await Runner.start({
    args: ['--only', 'http'],
    env: {
      AUTH_MODE: 'key',
      LOCAL_FUNCTION_KEYS: Object.values(keys).join(),
      REQUESTS_PER_MINUTE: String(requestsPerMinute),
    },
  });
  try {
    const client = new Client(runner, { 'x-functions-key': keys.flood });
    const seen: Flood = {
      statuses: new Map(),
      ids: [],
      unexplained: 0,
      readStatuses: new Set(),
      seconds: 0,
      queued: 0,
      reads: { before: [], during: [] },
      memory: residentMemory(runner),
    };
    const send = async () => {
      const fields = { operation: 'canny', cache: 'false' };
      const response = await client.post({ image: fixture('coins.png'), fields });
      seen.statuses.set(response.status, (seen.statuses.get(response.status) ?? 0) + 1);
      const body = (await response.json()) as { id: string };
      if (response.status === 202) seen.ids.push(body.id);
      else if (!(Number(response.headers.get('retry-after')) > 0)) seen.unexplained++;
    };
    const read = async (into: number[]) => {
      const started = performance.now();
      const id = seen.ids[Math.floor(Math.random() * seen.ids.length)];
      seen.readStatuses.add((await client.fetch(`/api/tasks/${id}`)).status);
      into.push(performance.now() - started);
      if (seen.memory) seen.memory.peak = Math.max(seen.memory.peak, residentMemory(runner)?.peak ?? 0);
    };
    await send();
    for (let i = 0; i < calmReads; i++) await read(seen.reads.before);
    const started = performance.now();
    let sending = true;
    const reading = (async () => {
      while (sending) await read(seen.reads.during);
    })();
    await forEachLimit(Array.from({ length: uploads - 1 }).keys(), clients, send).finally(() => {
      sending = false;
    });
    await reading;
    seen.seconds = (performance.now() - started) / 1000;
    seen.queued = (await new Client(runner, { 'x-functions-key': keys.onlooker }).get('/api/stats')).queued;
    return seen;
  } finally {
    await runner.stop();
  }
}

function residentMemory({ process }: Runner): Flood['memory'] {
  try {
    const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${process.pid}/status`, 'utf8')) ?? [];
    const megabytes = Number(kilobytes) / 1024;
    return { before: megabytes, peak: megabytes };
  } catch {
    return null;
  }
}
