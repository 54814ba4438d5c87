/** Rows of measurements that are left out of tables, statistics and CSV files of the page. They survive a reload. */
import { signal } from '@preact/signals';

/** By task, the rows as overlays name them: `step.list.index`. */
type LeftOut = Readonly<Record<string, readonly string[]>>;

const place = 'tessera-left-out';

const now = signal<LeftOut>(JSON.parse(sessionStorage.getItem(place) ?? '{}') as LeftOut);
const past = signal<readonly LeftOut[]>([]);
const future = signal<readonly LeftOut[]>([]);

const maxMoments = 200;

function set(next: LeftOut): void {
  now.value = next;
  sessionStorage.setItem(place, JSON.stringify(next));
}

export function leftOutOf(taskId: string): ReadonlySet<string> {
  return new Set(now.value[taskId]);
}

function change(taskId: string, rows: readonly string[]): void {
  past.value = [...past.value, now.value].slice(-maxMoments);
  future.value = [];
  set({ ...now.value, [taskId]: rows });
}

/** Leaves a row out, or takes it in again. */
export function toggleLeftOut(taskId: string, row: string): void {
  const rows = now.value[taskId] ?? [];
  change(taskId, rows.includes(row) ? rows.filter((other) => other !== row) : [...rows, row]);
}

export function takeAllIn(taskId: string): void {
  change(taskId, []);
}

export function canUndoLeftOut(): boolean {
  return past.value.length > 0;
}

export function canRedoLeftOut(): boolean {
  return future.value.length > 0;
}

export function undoLeftOut(): void {
  const before = past.value.at(-1);
  if (!before) return;
  past.value = past.value.slice(0, -1);
  future.value = [...future.value, now.value];
  set(before);
}

export function redoLeftOut(): void {
  const after = future.value.at(-1);
  if (!after) return;
  future.value = future.value.slice(0, -1);
  past.value = [...past.value, now.value];
  set(after);
}
