/** A task as a row of table `tasks`, and back. */
import type { TableEntityResult } from '@azure/data-tables';
import type { Work } from '../imaging/work.ts';
import { parseTaskId, taskIdOf } from '../model/ids.ts';
import type { Callback, InputImage, StoredTask, Task } from '../model/task.ts';
import { problem } from '../problems.ts';
import { type Columns, fromColumns, json, mostlyZero, nullable, nullableJson, plain, toColumns } from './columns.ts';
import { partAt, partitionOf } from './partitions.ts';
import type { Keys } from './table.ts';

type TaskFields = Omit<Task, 'id'>;

export type TaskRow = Keys &
  Record<keyof TaskFields, unknown> & {
    /** Names the last change of state, so that whoever made it knows it for its own. */
    change?: string;
  };

const noImage: InputImage = { blob: '', name: null, contentType: null, bytes: null, width: null, height: null };

/** A delivery's time is text in JSON. */
export const callbackColumn = nullableJson<Callback>((callback) => ({
  ...callback,
  deliveredAt: callback.deliveredAt && new Date(callback.deliveredAt),
}));

/** Those that a task has in common with its job. */
export const workColumns: Columns<Work> = {
  steps: json([]),
  output: json({}),
  page: plain(),
  depth: plain(),
  projection: plain(),
};

const columns: Columns<TaskFields> = {
  ...workColumns,
  owner: plain(),
  requestId: nullable(),
  traceparent: nullable(),
  inJob: plain(),
  state: plain(),
  attempts: plain(),
  losses: mostlyZero(),
  createdAt: plain(),
  startedAt: nullable(),
  finishedAt: nullable(),
  instance: nullable(),
  input: json(noImage),
  reference: nullableJson(),
  result: nullableJson(),
  measurements: nullableJson(),
  timings: json({}),
  error: nullableJson(),
  cached: plain(),
  from: nullable(),
  cacheKey: nullable(),
  callback: callbackColumn,
};

/** Rows sort by index within their job. */
const indexDigits = 6;

export function keysOf(taskId: string): Keys {
  const partitionKey = partitionOf(taskId);
  return { partitionKey, rowKey: rowKeyOf(parseTaskId(taskId)?.index as number) };
}

export function rowKeyOf(index: number): string {
  return `task-${String(index).padStart(indexDigits, '0')}`;
}

export function taskIdInRow({ partitionKey, rowKey }: Keys): string {
  return taskIdOf(partAt(partitionKey).jobId, Number(rowKey.slice('task-'.length)));
}

export function toRow(task: Task): TaskRow {
  return { ...keysOf(task.id), ...toColumns(columns, task) };
}

/** Of a row with columns that cannot be read, the rest is given; its `error` names them where it has no other. */
export function fromRow(row: TableEntityResult<TaskRow>): StoredTask {
  const { thing, unreadable } = fromColumns(columns, row);
  const task: StoredTask = { ...thing, id: taskIdInRow(row), etag: row.etag };
  if (unreadable.length === 0) return task;
  const error = problem('processing-failed', `The task's record cannot be read: ${unreadable.join(', ')}.`).details;
  return { ...task, error: task.error ?? error, unreadable };
}

/** What a changed task's row is to be, and whether that replaces the row: columns that cannot be read stay as they are. */
export function toUpdate(task: Task & Pick<StoredTask, 'unreadable'>): { row: TaskRow; mode: 'Replace' | 'Merge' } {
  const row = toRow(task);
  if (!task.unreadable) return { row, mode: 'Replace' };
  const readable = Object.entries(row).filter(([column]) => !task.unreadable?.includes(column));
  return { row: Object.fromEntries(readable) as TaskRow, mode: 'Merge' };
}
