/** Measurements go into the task's row where they fit, into a blob where not. */
import type { Task } from '../model/task.ts';
import type { Measurements } from '../vision/declaration/operation.ts';
import type { Blobs } from './blob-container.ts';
import { measurementsBlob } from './blob-names.ts';

/** A column holds 64 kB of UTF-16; the row's others need little. */
const maxInlineCharacters = 30_000;

export async function storeMeasurements(
  results: Blobs,
  taskId: string,
  measurements: Measurements[],
): Promise<Task['measurements']> {
  const json = JSON.stringify(measurements);
  if (json.length <= maxInlineCharacters) return measurements;
  const blob = measurementsBlob(taskId);
  await results.put(blob, Buffer.from(json), 'application/json');
  return { blob };
}

/** The measurements of a task; none where it has none yet, or was deleted meanwhile. */
export async function loadMeasurements(results: Blobs, stored: Task['measurements']): Promise<Measurements[]> {
  if (stored === null || Array.isArray(stored)) return stored ?? [];
  return JSON.parse((await results.text(stored.blob)) ?? '[]');
}

/** Those that stand in the task's row; null where a blob holds them. */
export function inlineMeasurements(stored: Task['measurements']): Measurements[] | null {
  if (stored === null) return [];
  return Array.isArray(stored) ? stored : null;
}
