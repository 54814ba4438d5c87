/** All that a job has brought so far, in one file. */
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { makeZip } from 'client-zip';
import { stringify } from 'csv-stringify';
import type { Work } from '../imaging/work.ts';
import { parseTaskId } from '../model/ids.ts';
import { isFinal } from '../model/states.ts';
import type { StoredTask, Task } from '../model/task.ts';
import type { ProblemDetails } from '../problems.ts';
import { loadMeasurements } from '../storage/measurements.ts';
import type { JobExtent } from '../storage/partitions.ts';
import type { Storage } from '../storage/storage.ts';
import type { Measurements } from '../vision/declaration/operation.ts';
import { entryName } from './file-names.ts';
import { flat, isObject, objectColumns, objectRows, type Row } from './object-rows.ts';
import { taskView } from './task-view.ts';

/** A task a line, as the API shows it (JSON Lines). */
export function resultLines(storage: Storage, job: JobExtent): Readable {
  return Readable.from(linesOf(storage, job), { objectMode: false });
}

/** The pictures, each named by its task's index and its image, `results.csv` and `tasks.jsonl`. Nothing is compressed: pictures are already. */
export function resultZip(storage: Storage, job: JobExtent): Readable {
  return Readable.fromWeb(makeZip(zipEntries(storage, job)) as ReadableStream);
}

/** A task a row, with a column for each measurement that is one value (CSV, RFC 4180). */
export function resultTable(storage: Storage, job: JobExtent): Readable {
  return csvOf(() => rowsOf(storage, job));
}

/** A row for each object that was found: region, face, line, circle… (CSV, RFC 4180). */
export function objectTable(storage: Storage, job: JobExtent & Pick<Work, 'steps'>): Readable {
  return csvOf(() => objectRowsOf(storage, job), objectColumns(job.steps));
}

/** The same of one task. */
export function taskObjectTable(storage: Storage, task: StoredTask): Readable {
  const rows = async function* () {
    yield* objectRows(task, await loadMeasurements(storage.results, task.measurements));
  };
  return csvOf(rows, objectColumns(task.steps));
}

/** A row for each failed task, with the reason (CSV, RFC 4180). */
export function failureTable(storage: Storage, job: JobExtent): Readable {
  return csvOf(() => failuresOf(storage, job));
}

/** A task a line, with each measurement that is one value and the length of each list (JSON Lines). */
export function valueLines(storage: Storage, job: JobExtent): Readable {
  return Readable.from(valuesLines(storage, job), { objectMode: false });
}

/** `first` are columns that are there whatever the rows have. */
function csvOf(rows: () => AsyncGenerator<Row>, first: string[] = []): Readable {
  const table = stringify({
    escape_formulas: true,
    cast: { number: (value) => ({ value: String(value), escape_formulas: false }) },
  });
  return Readable.from(tableRows(rows, first), { objectMode: true }).compose(table);
}

async function* doneTasks(storage: Storage, job: JobExtent): AsyncGenerator<StoredTask> {
  for await (const task of storage.tasks.list(job, { limit: Number.MAX_SAFE_INTEGER })) {
    if (isFinal(task.state)) yield task;
  }
}

async function* linesOf(storage: Storage, job: JobExtent): AsyncGenerator<string> {
  for await (const task of doneTasks(storage, job)) {
    const measurements = await loadMeasurements(storage.results, task.measurements);
    yield `${JSON.stringify(taskView(task, measurements))}\n`;
  }
}

async function* zipEntries(storage: Storage, job: JobExtent) {
  for await (const task of doneTasks(storage, job)) {
    // It may be deleted while the file is on its way.
    const input = task.result && (await storage.results.stream(task.result.blob));
    const lastModified = task.finishedAt ?? task.createdAt;
    if (!input) continue;
    try {
      yield { name: entryName(indexOf(task), task), lastModified, input };
    } finally {
      // Where the client leaves, client-zip forgets the picture at hand.
      input.destroy();
    }
  }
  yield { name: 'results.csv', lastModified: new Date(), input: resultTable(storage, job) };
  yield { name: 'tasks.jsonl', lastModified: new Date(), input: linesOf(storage, job) };
}

/** Goes through the tasks twice: first for the columns, which depend on what was measured. */
async function* tableRows(
  rows: () => AsyncGenerator<Row>,
  first: string[],
): AsyncGenerator<(string | number | boolean | null)[]> {
  const columns = new Set<string>(first);
  for await (const row of rows()) for (const column of Object.keys(row)) columns.add(column);
  yield [...columns];
  for await (const row of rows()) yield [...columns].map((column) => row[column] ?? null);
}

async function* rowsOf(storage: Storage, job: JobExtent): AsyncGenerator<Row> {
  for await (const task of doneTasks(storage, job)) {
    const measurements = await loadMeasurements(storage.results, task.measurements);
    yield { ...factsOf(task), ...valuesOf(task, measurements ?? []) };
  }
}

async function* objectRowsOf(storage: Storage, job: JobExtent): AsyncGenerator<Row> {
  for await (const task of doneTasks(storage, job))
    yield* objectRows(task, await loadMeasurements(storage.results, task.measurements));
}

async function* failuresOf(storage: Storage, job: JobExtent): AsyncGenerator<Row> {
  for await (const { id, input, state, error, attempts } of doneTasks(storage, job)) {
    if (state !== 'Failed') continue;
    const { type, title, detail, step, operation } = (error ?? {}) as Partial<ProblemDetails>;
    yield {
      id,
      name: input.name,
      type: type?.split(':').at(-1) ?? null,
      title: title ?? null,
      detail: detail ?? null,
      step: typeof step === 'number' ? step + 1 : null,
      operation: typeof operation === 'string' ? operation : null,
      attempts,
    };
  }
}

async function* valuesLines(storage: Storage, job: JobExtent): AsyncGenerator<string> {
  for await (const task of doneTasks(storage, job)) {
    const measurements = await loadMeasurements(storage.results, task.measurements);
    const { id, input, state, error } = task;
    const values = valuesOf(task, measurements, true);
    yield `${JSON.stringify({ index: indexOf(task), id, name: input.name, state, error: error?.detail ?? null, values })}\n`;
  }
}

function factsOf({ id, input, state, error, attempts, timings }: Task): Row {
  return {
    id,
    name: input.name,
    state,
    error: error?.detail ?? null,
    attempts,
    width: input.width,
    height: input.height,
    queuedMs: timings.queuedMs ?? null,
    processMs: timings.processMs ?? null,
  };
}

/** The single values, as `operation.name`, and with `lengths` how many objects each list has; with the number of the step before where an operation comes more than once. */
function valuesOf({ steps }: Task, measurements: Measurements[], lengths = false): Row {
  const names = steps.map(({ operation }) => operation);
  const repeated = new Set(names).size < names.length;
  return Object.assign(
    {},
    ...measurements.map((measured, i) => {
      const name = repeated ? `${i + 1}.${names[i]}` : names[i];
      return { ...(lengths && lengthsOf(measured, name)), ...flat(measured, name) };
    }),
  );
}

/** Of the lists of objects, where no `count` says it: a list may be cut short. */
function lengthsOf(measured: Measurements, path: string): Row {
  if (typeof measured.count === 'number') return {};
  const lists = Object.entries(measured).filter(([, list]) => Array.isArray(list) && list.every(isObject));
  return Object.fromEntries(lists.map(([name, list]) => [`${path}.${name}`, (list as object[]).length]));
}

function indexOf({ id }: Task): number {
  return parseTaskId(id)?.index as number;
}
