import type { Work } from '../imaging/work.ts';
import type { Job, StoredJob } from '../model/job.ts';
import { noCounts } from '../model/states.ts';
import { jobListBlob } from '../storage/blob-names.ts';
import { inputNotFound } from '../storage/images.ts';
import { enqueueJobCommand } from '../storage/queues.ts';
import type { Storage } from '../storage/storage.ts';
import { newCallback, orWithdraw } from '../tasks/submit-task.ts';
import { startWatch } from './job-end.ts';

export interface JobSubmission extends Work {
  id: string;
  owner: string;
  requestId: string;
  traceparent?: string;
  name: string | null;
  createdAt: Date;
  /** The blob that every image is compared with. */
  reference: string | null;
  callbackUrl: string | null;
  /** Names below the uploads of the owner, or the list of another job. */
  source: { images: string[] } | { prefix: string } | ListOfJob;
}

/** Where a job's images are listed, and how many there are. */
export interface ListOfJob {
  list: string;
  total: number;
}

/**
 * Records a job: list, row, watch, message. The message makes its tasks; where it is lost, the timer sends another. Where
 * this breaks off, the job may be made all the same, and repeating it with the same id makes no second one.
 */
export async function submitJob(
  storage: Storage,
  { source, reference, callbackUrl, ...wanted }: JobSubmission,
): Promise<StoredJob> {
  const images = 'images' in source ? source.images : null;
  const list = jobListBlob(wanted.id);
  const total = images?.length ?? ('total' in source ? source.total : null);
  if (images)
    await storage.inputs.putLines(
      list,
      images.map((name) => ({ name })),
    );
  else if ('list' in source) await copyList(storage, source.list, list);
  const job: Job = {
    ...wanted,
    traceparent: wanted.traceparent ?? null,
    reference:
      reference === null
        ? null
        : { blob: reference, name: null, contentType: null, bytes: null, width: null, height: null },
    total,
    expansion: {
      list,
      prefix: 'prefix' in source ? source.prefix : null,
      offset: 0,
      created: 0,
      enqueued: 0,
      lease: null,
    },
    sweep: null,
    canceledAt: null,
    finishedAt: null,
    error: null,
    callback: callbackUrl === null ? null : newCallback(callbackUrl),
  };
  await storage.ownerIndex.add(job, null);
  const etag = await storage.jobs.create(job);
  await orWithdraw(storage, job, async () => {
    await startWatch(storage, job.id);
    if (total !== null) await storage.backlog.add({ jobId: job.id, owner: job.owner, waiting: total });
    await enqueueJobCommand(storage.commandQueue, { jobId: job.id, kind: 'dispatch' });
  });
  const counts = { ...noCounts(), Queued: job.total ?? 0 };
  return { ...job, rowEtag: etag, touchedAt: new Date(), etag, counts };
}

/** The other job may be deleted while this one is at work. */
async function copyList({ inputs }: Pick<Storage, 'inputs'>, from: string, to: string): Promise<void> {
  const copied = await inputs.copy({ blob: from }, to);
  if (!copied) throw inputNotFound('from');
}
