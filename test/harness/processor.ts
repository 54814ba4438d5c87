import PQueue from 'p-queue';
import type { Engine } from '../../lib/imaging/engine.ts';
import { Heartbeat } from '../../lib/instances/heartbeat.ts';
import { JobEnds } from '../../lib/jobs/job-ends.ts';
import type { Storage } from '../../lib/storage/storage.ts';
import { Cancellations } from '../../lib/tasks/cancellations.ts';
import type { TaskProcessor } from '../../lib/tasks/process-task.ts';

/** An instance that works on one task at a time and does not wait for a storage that is away. */
export function processorFor(storage: Storage, engine: Engine, id = 'w'): TaskProcessor {
  return {
    storage,
    engine,
    id,
    silentMs: 45_000,
    maxPixels: 1e8,
    maxBytes: 1e8,
    retryMs: 0,
    heartbeat: new Heartbeat(storage.instances, id, 10_000),
    turns: new PQueue({ concurrency: 1 }),
    cancellations: new Cancellations(storage.jobs),
    jobEnds: new JobEnds(storage, () => true),
  };
}
