/** What a job has measured: a row an image, streamed from the service. */
import { getStream } from '../api/client.ts';

export type Value = string | number | boolean | null;

export interface Row {
  index: number;
  id: string;
  name: string | null;
  state: 'Succeeded' | 'Failed' | 'Canceled';
  error: string | null;
  /** By `operation.name`. */
  values: Record<string, Value>;
}

/** So often the rows that have come are shown, while more are on their way. */
const shownEveryMs = 300;

/** Reads all rows; `onRows` is given those so far, and at last all of them. */
export async function readRows(
  jobId: string,
  onRows: (rows: readonly Row[], done: boolean) => void,
  signal: AbortSignal,
): Promise<void> {
  const stream = await getStream(`/api/jobs/${jobId}/results?format=values-jsonl`, signal);
  const rows: Row[] = [];
  let rest = '';
  let shownAt = performance.now();
  for await (const text of chunksOf(stream)) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() as string;
    for (const line of lines) rows.push(JSON.parse(line));
    if (performance.now() - shownAt < shownEveryMs) continue;
    shownAt = performance.now();
    onRows([...rows], false);
  }
  onRows(rows, true);
}

/** Not every browser lets a stream be iterated over. */
async function* chunksOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

/** The names of all values, in the order of the steps: measures, which are numbers somewhere, and texts. */
export function columnsOf(rows: readonly Row[]): { measures: string[]; texts: string[] } {
  const kinds = new Map<string, boolean>();
  for (const { values } of rows) {
    for (const name in values) {
      if (values[name] === null) continue;
      const isNumber = typeof values[name] === 'number';
      kinds.set(name, (kinds.get(name) ?? false) || isNumber);
    }
  }
  const names = [...kinds.keys()];
  return { measures: names.filter((name) => kinds.get(name)), texts: names.filter((name) => !kinds.get(name)) };
}

export function numberIn(row: Row, measure: string): number | null {
  const value = row.values[measure];
  return typeof value === 'number' ? value : null;
}
