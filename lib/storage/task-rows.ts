/** A task as a row of table `tasks`, and back. */
import type { TableEntityResult } from '@azure/data-tables';
import { parseTaskId, taskIdOf } from '../model/ids.ts';
import type { TaskState } from '../model/states.ts';
import type { Callback, InputImage, StoredTask, Task } from '../model/task.ts';
import { problem } from '../problems.ts';
import { jobIdOfPartition, partitionOf } from './partitions.ts';

export type TaskRow = {
  partitionKey: string;
  rowKey: string;
  owner: string;
  requestId?: string | undefined;
  traceparent?: string | undefined;
  inJob: boolean;
  state: TaskState;
  attempts: number;
  losses?: number | undefined;
  page: number;
  createdAt: Date;
  startedAt?: Date | undefined;
  finishedAt?: Date | undefined;
  instance?: string | undefined;
  /** The columns that are objects in the task are JSON text in the row. */
  steps: string;
  output: string;
  input: string;
  reference?: string | undefined;
  result?: string | undefined;
  measurements?: string | undefined;
  timings: string;
  error?: string | undefined;
  cached: boolean;
  cacheKey?: string | undefined;
  callback?: string | undefined;
  /** Names the last change of state, so that whoever made it knows it for its own. */
  change?: string;
};

/** Rows sort by index within their job. */
const indexDigits = 6;

export function keysOf(taskId: string): Pick<TaskRow, 'partitionKey' | 'rowKey'> {
  const partitionKey = partitionOf(taskId);
  return { partitionKey, rowKey: rowKeyOf(parseTaskId(taskId)?.index as number) };
}

export function rowKeyOf(index: number): string {
  return `task-${String(index).padStart(indexDigits, '0')}`;
}

export function taskIdInRow({ partitionKey, rowKey }: Pick<TaskRow, 'partitionKey' | 'rowKey'>): string {
  return taskIdOf(jobIdOfPartition(partitionKey), Number(rowKey.slice('task-'.length)));
}

export function toRow(task: Task): TaskRow {
  return {
    ...keysOf(task.id),
    owner: task.owner,
    requestId: task.requestId ?? undefined,
    traceparent: task.traceparent ?? undefined,
    inJob: task.inJob,
    state: task.state,
    attempts: task.attempts,
    losses: task.losses || undefined,
    page: task.page,
    createdAt: task.createdAt,
    startedAt: task.startedAt ?? undefined,
    finishedAt: task.finishedAt ?? undefined,
    instance: task.instance ?? undefined,
    steps: JSON.stringify(task.steps),
    output: JSON.stringify(task.output),
    input: JSON.stringify(task.input),
    reference: toJson(task.reference),
    result: toJson(task.result),
    measurements: toJson(task.measurements),
    timings: JSON.stringify(task.timings),
    error: toJson(task.error),
    cached: task.cached,
    cacheKey: task.cacheKey ?? undefined,
    callback: toJson(task.callback),
  };
}

const noImage: InputImage = { blob: '', name: null, contentType: null, bytes: null, width: null, height: null };

/** Of a row with columns that cannot be read, the rest is given; its `error` names them where it has no other. */
export function fromRow(row: TableEntityResult<TaskRow>): StoredTask {
  const unreadable: string[] = [];
  const read = <T>(column: JsonColumn, otherwise: T): T => {
    try {
      return (fromJson(row[column]) as T | null) ?? otherwise;
    } catch {
      unreadable.push(column);
      return otherwise;
    }
  };
  const task: StoredTask = {
    id: taskIdInRow(row),
    owner: row.owner,
    requestId: row.requestId ?? null,
    traceparent: row.traceparent ?? null,
    inJob: row.inJob,
    state: row.state,
    attempts: row.attempts,
    losses: row.losses ?? 0,
    page: row.page,
    createdAt: row.createdAt,
    startedAt: row.startedAt ?? null,
    finishedAt: row.finishedAt ?? null,
    instance: row.instance ?? null,
    steps: read('steps', []),
    output: read('output', {}),
    input: read('input', noImage),
    reference: read('reference', null),
    result: read('result', null),
    measurements: read('measurements', null),
    timings: read('timings', {}),
    error: read('error', null),
    cached: row.cached,
    cacheKey: row.cacheKey ?? null,
    callback: withDates(read<Callback | null>('callback', null)),
    etag: row.etag,
  };
  if (unreadable.length === 0) return task;
  const error = problem('processing-failed', `The task's record cannot be read: ${unreadable.join(', ')}.`).details;
  return { ...task, error: task.error ?? error, unreadable };
}

type JsonColumn =
  | 'steps'
  | 'output'
  | 'input'
  | 'reference'
  | 'result'
  | 'measurements'
  | 'timings'
  | 'error'
  | 'callback';

/** What a changed task's row is to be, and whether that replaces the row: columns that cannot be read stay as they are. */
export function toUpdate(task: Task & Pick<StoredTask, 'unreadable'>): { row: TaskRow; mode: 'Replace' | 'Merge' } {
  const row = toRow(task);
  if (!task.unreadable) return { row, mode: 'Replace' };
  const readable = Object.entries(row).filter(([column]) => !task.unreadable?.includes(column));
  return { row: Object.fromEntries(readable) as TaskRow, mode: 'Merge' };
}

export function toJson(value: unknown): string | undefined {
  return value === null ? undefined : JSON.stringify(value);
}

export function fromJson<T>(text: string | undefined): T | null {
  return text === undefined ? null : (JSON.parse(text) as T);
}

export function callbackFromJson(text: string | undefined): Callback | null {
  return withDates(fromJson<Callback>(text));
}

function withDates(callback: Callback | null): Callback | null {
  return callback && { ...callback, deliveredAt: callback.deliveredAt && new Date(callback.deliveredAt) };
}
