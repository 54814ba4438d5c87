/** Measurements go into the task's row where they fit, into a blob where not. */
import type { ContainerClient } from '@azure/storage-blob';
import type { Measurements } from '../operations/operation.ts';
import { getText, measurementsBlob, putBytes } from './blobs.ts';
import type { Task } from './task.ts';

/** A column holds 64 kB of UTF-16; the row's others need little. */
const maxInlineCharacters = 30_000;

export async function storeMeasurements(
  results: ContainerClient,
  taskId: string,
  measurements: Measurements[],
): Promise<Task['measurements']> {
  const json = JSON.stringify(measurements);
  if (json.length <= maxInlineCharacters) return measurements;
  const blob = measurementsBlob(taskId);
  await putBytes(results, blob, Buffer.from(json), 'application/json');
  return { blob };
}

export async function loadMeasurements(
  results: ContainerClient,
  stored: Task['measurements'],
): Promise<Measurements[] | null> {
  if (stored === null || Array.isArray(stored)) return stored;
  return JSON.parse(await getText(results, stored.blob));
}
