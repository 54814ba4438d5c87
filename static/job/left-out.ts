/** Rows of measurements that are left out of tables, statistics and CSV files of the page. They survive a reload. */
import { signal } from '@preact/signals';

/** By task, the rows as overlays name them: `step.list.index`. */
type LeftOut = Readonly<Record<string, readonly string[]>>;

const place = 'tessera-left-out';

const now = signal<LeftOut>(JSON.parse(sessionStorage.getItem(place) ?? '{}') as LeftOut);

/** Of each task by itself: undoing here changes no image that is not seen. */
interface Moments {
  past: readonly (readonly string[])[];
  future: readonly (readonly string[])[];
}

const moments = signal<Readonly<Record<string, Moments>>>({});
const none: Moments = { past: [], future: [] };

const maxMoments = 200;

function momentsOf(taskId: string): Moments {
  return moments.value[taskId] ?? none;
}

function rowsOf(taskId: string): readonly string[] {
  return now.value[taskId] ?? [];
}

function set(taskId: string, rows: readonly string[], then: Moments): void {
  now.value = { ...now.value, [taskId]: rows };
  moments.value = { ...moments.value, [taskId]: then };
  sessionStorage.setItem(place, JSON.stringify(now.value));
}

export function leftOutOf(taskId: string): ReadonlySet<string> {
  return new Set(now.value[taskId]);
}

function change(taskId: string, rows: readonly string[]): void {
  const past = [...momentsOf(taskId).past, rowsOf(taskId)].slice(-maxMoments);
  set(taskId, rows, { past, future: [] });
}

/** Leaves a row out, or takes it in again. */
export function toggleLeftOut(taskId: string, row: string): void {
  const rows = rowsOf(taskId);
  change(taskId, rows.includes(row) ? rows.filter((other) => other !== row) : [...rows, row]);
}

export function takeAllIn(taskId: string): void {
  change(taskId, []);
}

export function canUndoLeftOut(taskId: string): boolean {
  return momentsOf(taskId).past.length > 0;
}

export function canRedoLeftOut(taskId: string): boolean {
  return momentsOf(taskId).future.length > 0;
}

export function undoLeftOut(taskId: string): void {
  const { past, future } = momentsOf(taskId);
  const before = past.at(-1);
  if (before) set(taskId, before, { past: past.slice(0, -1), future: [...future, rowsOf(taskId)] });
}

export function redoLeftOut(taskId: string): void {
  const { past, future } = momentsOf(taskId);
  const after = future.at(-1);
  if (after) set(taskId, after, { past: [...past, rowsOf(taskId)], future: future.slice(0, -1) });
}
