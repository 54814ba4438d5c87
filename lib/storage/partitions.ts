/**
 * The partitions of a job in table `tasks`. A partition takes 2,000 entities a second: the tasks of a large job lie in several,
 * a block of neighbors in each in turn, so that those at work at the same time are spread over them.
 */
import { parseTaskId } from '../model/ids.ts';
import type { Job } from '../model/job.ts';

/** A block fits into a transaction of 100 entities, together with the row that counts it. */
export const blockTasks = 90;
const maxPartitions = 16;

/** Begins a partition of which the job's row is no part. */
const separator = '.';

/** A job and how many tasks it has; null while that is unknown, and none can have been made. */
export type JobExtent = Pick<Job, 'id' | 'total'>;

export function partitionOf(taskId: string): string {
  return partitionAt(partsOf(taskId).jobId, blockOf(taskId) % maxPartitions);
}

/** The number of the task's block. */
export function blockOf(taskId: string): number {
  return Math.floor(partsOf(taskId).index / blockTasks);
}

function partsOf(taskId: string): { jobId: string; index: number } {
  const parts = parseTaskId(taskId);
  if (!parts) throw new Error(`Not a task id: ${taskId}`);
  return parts;
}

/** The partitions of a job of so many tasks; the first one holds the job's row too. */
export function partitionsOf({ id, total }: JobExtent): string[] {
  const blocks = Math.ceil((total ?? 0) / blockTasks);
  return Array.from({ length: Math.min(Math.max(1, blocks), maxPartitions) }, (_, i) => partitionAt(id, i));
}

/** The job whose partition it is, and which of its partitions. */
export function partAt(partition: string): { jobId: string; index: number } {
  const [jobId, index = '0'] = partition.split(separator);
  return { jobId, index: Number(index) };
}

function partitionAt(jobId: string, index: number): string {
  return index === 0 ? jobId : `${jobId}${separator}${index}`;
}
