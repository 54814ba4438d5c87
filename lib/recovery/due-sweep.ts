/** The timer's way through what is due. Whatever is done leaves the table's beginning: a run that is too short is continued by the next. */

import { line, log } from '../log.ts';
import type { DueKind, DueRow } from '../storage/due-rows.ts';
import { forEachLimit } from '../storage/for-each-limit.ts';
import { enqueueCallback } from '../storage/queues.ts';
import type { Storage } from '../storage/storage.ts';
import { watchJob } from './watch-job.ts';

export interface DueSweepOptions {
  /** What is due before this time, in milliseconds since 1970, is done. */
  now?: number;
  /** After so many milliseconds a run begins nothing more of a kind. */
  runMs?: number;
  /** Callbacks are sent until so many messages are in line: instances are started by their number. */
  maxCallbacks?: number;
}

const atOnce = 16;

/** Looks at the jobs and sends the callbacks whose time has come. Whoever is silent for `silentMs` is taken for dead. */
export async function sweepDue(
  storage: Storage,
  silentMs: number,
  { now = Date.now(), runMs = 10_000, maxCallbacks = 1000 }: DueSweepOptions = {},
): Promise<void> {
  const run = { storage, now, runMs };
  await forEachDue(
    run,
    'watch',
    async () => Number.POSITIVE_INFINITY,
    (row) => watchJob(storage, row, silentMs),
  );
  const room = async () => maxCallbacks - (await storage.callbackQueue.length());
  await forEachDue(run, 'callback', room, async (row) => {
    await enqueueCallback(storage.callbackQueue, { id: row.id, attempt: row.attempt ?? 1 });
    await storage.due.remove(row);
  });
}

interface Run {
  storage: Storage;
  now: number;
  runMs: number;
}

/** Those for which there is room; a job is looked at once, and its further rows are removed. */
async function forEachDue(
  { storage, now, runMs }: Run,
  kind: DueKind,
  room: () => Promise<number>,
  act: (row: DueRow) => Promise<void>,
): Promise<void> {
  const rows = storage.due;
  const deadline = Date.now() + runMs;
  const seen = new Set<string>();
  const actOrLog = async (row: DueRow, isRepeated: boolean) => {
    if (Date.now() >= deadline) return;
    try {
      await (isRepeated ? rows.remove(row) : act(row));
    } catch (error) {
      // The row is still there: the next run tries again.
      log.error(line('due-work-failed', { id: row.id, what: kind, error: (error as Error).message }));
    }
  };
  for await (const page of rows.pagesBefore(kind, new Date(now))) {
    if (page.length === 0) continue;
    const left = await room();
    const taken = page.slice(0, Math.max(0, left)).map((row) => {
      const key = `${row.id} ${row.attempt ?? ''}`;
      const isRepeated = seen.has(key);
      seen.add(key);
      return { row, isRepeated };
    });
    await forEachLimit(taken, atOnce, ({ row, isRepeated }) => actOrLog(row, isRepeated));
    if (taken.length < page.length || Date.now() >= deadline) return;
  }
}
