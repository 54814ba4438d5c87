import { randomBytes } from 'node:crypto';
import {
  odata,
  RestError,
  type TableEntityResult,
  type TransactionAction,
  type TableTransactionResponse as TransactionResponse,
} from '@azure/data-tables';
import { type Counts, noCounts, sumOfCounts, type TaskState, taskStates } from '../model/states.ts';
import { isConflict } from './table.ts';
import type { TaskTables } from './task-tables.ts';

/** One task's way from a state to another, or into its first one. */
export interface StateChange {
  from: TaskState | null;
  to: TaskState;
}

type CounterRow = Counts & { partitionKey: string; rowKey: string };

interface Counter {
  counts: Counts;
  /** Undefined while the row is not there. */
  etag: string | undefined;
}

/** What one caller wants to be done in a transaction, and who is to be told. */
interface Submission {
  changes: StateChange[];
  actions: TransactionAction[];
  resolve(etags: string[]): void;
  reject(error: unknown): void;
}

/** A transaction has 100 entities, of which one is the counter. */
const maxActions = 99;

/** Counter rows sort beside the job row `job`, so that one range of keys gives a job with its counts. */
const rowPrefix = 'job-by-';
/** The row to which those of quiet processes are added. */
const sumKey = `${rowPrefix}quiet`;
/** So many rows are folded, at most and at least. */
const maxFolded = maxActions;
const minFolded = 4;
/** Partitions whose counter is kept in memory; that of another one is read again. */
const maxKept = 10_000;

/**
 * How many tasks this process has moved into and out of each state, in each partition of a job. The row is written in the same
 * transaction as the tasks it counts, and by this process alone: the sum of a job's rows is exact, and nobody waits for anybody.
 */
export class Counters {
  readonly #tables: TaskTables;
  readonly #rowKey = `${rowPrefix}${randomBytes(8).toString('hex')}`;
  readonly #kept = new Map<string, Counter>();
  /** By partition, what is to go in its next transaction; there while one is under way. */
  readonly #waiting = new Map<string, Submission[]>();

  constructor(tables: TaskTables) {
    this.#tables = tables;
  }

  /**
   * Carries out `actions` on rows of the partition and counts `changes`, all or nothing; gives the rows' new ETags. Throws what
   * the table answers. What is submitted while another transaction on the partition is under way goes together in the next
   * one; where that meets a conflict, each goes by itself.
   */
  submit(partition: string, changes: StateChange[], actions: TransactionAction[]): Promise<string[]> {
    const { promise, resolve, reject } = Promise.withResolvers<string[]>();
    const waiting = this.#waiting.get(partition) ?? [];
    waiting.push({ changes, actions, resolve, reject });
    if (!this.#waiting.has(partition)) {
      this.#waiting.set(partition, waiting);
      void this.#submitAll(partition, waiting);
    }
    return promise;
  }

  /** Until nothing waits any more. */
  async #submitAll(partition: string, waiting: Submission[]): Promise<void> {
    while (waiting.length > 0) await this.#submitSome(partition, waiting.splice(0, countThatFit(waiting)));
    this.#waiting.delete(partition);
  }

  async #submitSome(partition: string, some: Submission[]): Promise<void> {
    try {
      const etags = await this.#submit(
        partition,
        some.flatMap(({ changes }) => changes),
        some.flatMap(({ actions }) => actions),
      );
      for (const { actions, resolve } of some) resolve(etags.splice(0, actions.length));
    } catch (error) {
      if (some.length > 1 && isConflict(error)) for (const one of some) await this.#submitSome(partition, [one]);
      else for (const { reject } of some) reject(error);
    }
  }

  async #submit(partition: string, changes: StateChange[], actions: TransactionAction[]): Promise<string[]> {
    const assumed = this.#kept.get(partition) ?? { counts: noCounts(), etag: undefined };
    try {
      return await this.#write(partition, assumed, changes, actions);
    } catch (error) {
      this.#kept.delete(partition);
      if (!isConflict(error)) throw error;
      // Either a task's row or our own was not as assumed: the latter where an earlier answer was lost on its way.
      const actual = await this.#read(partition);
      if (actual.etag === assumed.etag) throw error;
      return await this.#write(partition, actual, changes, actions);
    }
  }

  async #write(partition: string, before: Counter, changes: StateChange[], actions: TransactionAction[]) {
    const counts = { ...before.counts };
    for (const { from, to } of changes) {
      if (from !== null) counts[from]--;
      counts[to]++;
    }
    const row: CounterRow = { partitionKey: partition, rowKey: this.#rowKey, ...counts };
    const own: TransactionAction =
      before.etag === undefined ? ['create', row] : ['update', row, 'Replace', { etag: before.etag }];
    const etags = etagsOf(await this.#tables.of(partition).submitTransaction([...actions, own]));
    this.#keep(partition, { counts, etag: etags.pop() });
    return etags;
  }

  #keep(partition: string, counter: Counter): void {
    this.#kept.delete(partition);
    this.#kept.set(partition, counter);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > maxKept) this.#kept.delete(oldest);
  }

  /**
   * Adds the rows of processes that have not counted for `quietMs` to one row, so that a partition's counts are read at once,
   * however many processes have worked on it. All or nothing: the sum stays exact, and a process whose row is gone begins another.
   */
  async fold(partition: string, quietMs = 10_000): Promise<void> {
    const rows: TableEntityResult<CounterRow>[] = [];
    const queryOptions = { filter: countersFilter(partition) };
    for await (const row of this.#tables.of(partition).listEntities<CounterRow>({ queryOptions })) rows.push(row);
    const sum = rows.find(({ rowKey }) => rowKey === sumKey);
    const before = new Date(Date.now() - quietMs).toISOString();
    const quiet = rows
      .filter(({ rowKey, timestamp = '' }) => rowKey !== sumKey && timestamp < before)
      .slice(0, maxFolded);
    if (quiet.length < minFolded) return;
    const counts = sumOfCounts([...quiet, ...(sum ? [sum] : [])].map(countsIn));
    const row: CounterRow = { partitionKey: partition, rowKey: sumKey, ...counts };
    try {
      await this.#tables
        .of(partition)
        .submitTransaction([
          ...quiet.map(({ rowKey, etag }): TransactionAction => ['delete', { partitionKey: partition, rowKey, etag }]),
          sum ? ['update', row, 'Replace', { etag: sum.etag }] : ['create', row],
        ]);
    } catch (error) {
      // One of them has counted meanwhile, or another process folds: the next look does.
      if (!isConflict(error)) throw error;
    }
  }

  async #read(partition: string): Promise<Counter> {
    try {
      const row = await this.#tables.of(partition).getEntity<CounterRow>(partition, this.#rowKey);
      return { counts: countsIn(row), etag: row.etag };
    } catch (error) {
      if (error instanceof RestError && error.statusCode === 404) return { counts: noCounts(), etag: undefined };
      throw error;
    }
  }
}

/** How many of the first go into one transaction, which may change a row once. */
function countThatFit(waiting: Submission[]): number {
  const rows = new Set<unknown>();
  let actions = 0;
  for (const [count, submission] of waiting.entries()) {
    const own = submission.actions.map(([, { rowKey }]) => rowKey);
    actions += own.length;
    if (count > 0 && (actions > maxActions || own.some((row) => rows.has(row)))) return count;
    for (const row of own) rows.add(row);
  }
  return waiting.length;
}

/** The counter rows of a partition. */
export function countersFilter(partition: string): string {
  return odata`PartitionKey eq ${partition} and RowKey ge ${rowPrefix} and RowKey lt ${`${rowPrefix}~`}`;
}

/** The rows of a partition that are not tasks: its counters' and, in the job's first one, the job's own. */
export function jobRowsFilter(partition: string): string {
  return odata`PartitionKey eq ${partition} and RowKey ge 'job' and RowKey lt 'job.'`;
}

export function isCounterRow({ rowKey = '' }: { rowKey?: string }): boolean {
  return rowKey.startsWith(rowPrefix);
}

/** The counts of a counter row, or of none. */
export function countsIn(row: Partial<Counts>): Counts {
  return Object.fromEntries(taskStates.map((state) => [state, row[state] ?? 0])) as Counts;
}

/**
 * The rows' new ETags, in the order of a transaction's actions. (The SDK looks answers up by the row's key, which the
 * service gives back for new rows only.) Throws where one is missing: a row without one would be written unconditionally.
 */
export function etagsOf({ subResponses }: TransactionResponse): string[] {
  return subResponses.map(({ etag }, i) => {
    if (etag === undefined) throw new Error(`Action ${i} of the transaction was answered without an ETag.`);
    return etag;
  });
}
