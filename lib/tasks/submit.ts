import type { OutputOptions } from '../imaging/output.ts';
import type { Step } from '../operations/steps.ts';
import { taskIdOf } from './ids.ts';
import { enqueueTask } from './queue.ts';
import type { Storage } from './storage.ts';
import type { InputImage, StoredTask } from './task.ts';
import { TaskStore } from './task-store.ts';

export interface Submission {
  jobId: string;
  steps: Step[];
  output: OutputOptions;
  page: number;
  input: InputImage;
  reference: InputImage | null;
}

/** Records a job of one task whose images are stored already: first the row, then the message, so that no message is without its row. */
export async function submitTask(
  storage: Storage,
  { jobId, steps, output, page, input, reference }: Submission,
): Promise<StoredTask> {
  const task = await new TaskStore(storage.tasks).create({
    id: taskIdOf(jobId, 0),
    state: 'Queued',
    steps,
    output,
    page,
    input,
    reference,
    attempts: 0,
    createdAt: new Date(),
    startedAt: null,
    finishedAt: null,
    worker: null,
    result: null,
    measurements: null,
    timings: {},
    error: null,
  });
  await enqueueTask(storage.queue, task.id);
  return task;
}
