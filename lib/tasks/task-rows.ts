/** A task as a row of table `tasks`, and back. */
import type { TableEntityResult } from '@azure/data-tables';
import { parseTaskId, taskIdOf } from './ids.ts';
import type { TaskState } from './states.ts';
import type { StoredTask, Task } from './task.ts';

export interface TaskRow {
  partitionKey: string;
  rowKey: string;
  state: TaskState;
  attempts: number;
  page: number;
  createdAt: Date;
  startedAt?: Date | undefined;
  finishedAt?: Date | undefined;
  worker?: string | undefined;
  /** The columns that are objects in the task are JSON text in the row. */
  steps: string;
  output: string;
  input: string;
  reference?: string | undefined;
  result?: string | undefined;
  measurements?: string | undefined;
  timings: string;
  error?: string | undefined;
}

/** Rows sort by index within their job. */
const indexDigits = 6;

export function keysOf(taskId: string): Pick<TaskRow, 'partitionKey' | 'rowKey'> {
  const parts = parseTaskId(taskId);
  if (!parts) throw new Error(`Not a task id: ${taskId}`);
  return { partitionKey: parts.jobId, rowKey: `task-${String(parts.index).padStart(indexDigits, '0')}` };
}

export function toRow(task: Task): TaskRow {
  return {
    ...keysOf(task.id),
    state: task.state,
    attempts: task.attempts,
    page: task.page,
    createdAt: task.createdAt,
    startedAt: task.startedAt ?? undefined,
    finishedAt: task.finishedAt ?? undefined,
    worker: task.worker ?? undefined,
    steps: JSON.stringify(task.steps),
    output: JSON.stringify(task.output),
    input: JSON.stringify(task.input),
    reference: toJson(task.reference),
    result: toJson(task.result),
    measurements: toJson(task.measurements),
    timings: JSON.stringify(task.timings),
    error: toJson(task.error),
  };
}

export function fromRow(row: TableEntityResult<TaskRow>): StoredTask {
  return {
    id: taskIdOf(row.partitionKey, Number(row.rowKey.slice('task-'.length))),
    state: row.state,
    attempts: row.attempts,
    page: row.page,
    createdAt: row.createdAt,
    startedAt: row.startedAt ?? null,
    finishedAt: row.finishedAt ?? null,
    worker: row.worker ?? null,
    steps: JSON.parse(row.steps),
    output: JSON.parse(row.output),
    input: JSON.parse(row.input),
    reference: fromJson(row.reference),
    result: fromJson(row.result),
    measurements: fromJson(row.measurements),
    timings: JSON.parse(row.timings),
    error: fromJson(row.error),
    etag: row.etag,
  };
}

function toJson(value: unknown): string | undefined {
  return value === null ? undefined : JSON.stringify(value);
}

function fromJson<T>(text: string | undefined): T | null {
  return text === undefined ? null : (JSON.parse(text) as T);
}
