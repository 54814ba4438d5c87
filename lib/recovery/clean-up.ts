/** Deletes what is past its time, section by section. A run has a time limit; the next goes on where it ended. */
import { line, log } from '../log.ts';
import { type Cutoffs, cutoffsAt, isJobPast } from '../model/retention.ts';
import type { ListedBlob } from '../storage/blob-container.ts';
import type { Kept } from '../storage/clean-up-places.ts';
import { forEachLimit } from '../storage/for-each-limit.ts';
import type { ListedJob } from '../storage/owner-index.ts';
import type { Storage } from '../storage/storage.ts';
import { isStorageFault } from '../storage/transient-errors.ts';
import { deleteTasks } from '../tasks/delete-tasks.ts';

export interface RunOptions {
  /** Uploads that are longer go at once: nothing works on them. */
  maxUploadBytes?: number;
  /** Well before the host would end it. */
  runMs?: number;
  /** So many blobs are listed at once; the storage allows 5,000. */
  pageBlobs?: number;
}

const jobsAPage = 20;
const rowsAPage = 1000;
const tasksAPortion = 1000;
const atOnce = 16;
/** A storage that fails so often is away: further requests would only wait. */
const maxFaults = 20;

/** One run over one section. */
interface Turn {
  storage: Storage;
  cutoffs: Cutoffs;
  maxUploadBytes: number;
  pageBlobs: number;
  /** Counts blobs that stay. */
  keep(kept: Kept): void;
  /** Deletes one thing. Where that fails it is noted, and the others have their turn. */
  attempt(
    what: { blob: string } | { job: string } | { work: string } | { request: string } | { history: string },
    remove: () => Promise<boolean>,
  ): Promise<void>;
}

/** Goes through one page of what is listed, null for the first. Gives where the next begins; null after the last. */
type Section = (turn: Turn, place: string | null) => Promise<string | null>;

const sections: Record<string, Section> = {
  jobs: deleteJobs,
  work: deleteWork,
  requests: deleteRequests,
  history: deleteHistory,
  uploads: blobsIn('inputs', 'uploads/', (blob, turn) => isOld(blob, turn) || blob.bytes > turn.maxUploadBytes),
  inputs: blobsIn('inputs', 'tasks/', isOld),
  lists: blobsIn('inputs', 'jobs/', isOld),
  answers: blobsIn('inputs', 'requests/', ({ lastModified }, { cutoffs }) => lastModified < cutoffs.answers),
  results: blobsIn('results', '', isOld),
};

/**
 * Deletes jobs `retentionMs` after they were submitted, with tasks, images and results; uploads, and blobs that belong to
 * nothing any more, after twice that. A section that fails, or takes all the time, keeps none of the others from being done.
 */
export async function cleanUp(
  storage: Storage,
  retentionMs: number,
  now = Date.now(),
  { maxUploadBytes = Number.POSITIVE_INFINITY, runMs = 5 * 60_000, pageBlobs = 5000 }: RunOptions = {},
): Promise<void> {
  const deadline = Date.now() + runMs;
  const isOver = () => Date.now() >= deadline;
  const places = await storage.cleanUpPlaces();
  const counts = { jobs: 0, blobs: 0, rows: 0, failed: 0 };
  for (const section of places.inTurn(Object.keys(sections))) {
    let faults = 0;
    const fail = (facts: object, error: unknown) => {
      counts.failed++;
      log.error(line('clean-up-failed', { section, ...facts, error: (error as Error).message }));
    };
    const attempt: Turn['attempt'] = async (what, remove) => {
      try {
        if (await remove()) counts['job' in what ? 'jobs' : 'blob' in what ? 'blobs' : 'rows']++;
      } catch (error) {
        fail(what, error);
        if (isStorageFault(error) && ++faults === maxFaults) throw error;
      }
    };
    try {
      const keep = (kept: Kept) => places.count(section, kept);
      const turn = { storage, cutoffs: cutoffsAt(now, retentionMs), maxUploadBytes, pageBlobs, keep, attempt };
      let place = places.of(section);
      do place = await sections[section](turn, place);
      while (place !== null && !isOver());
      await places.note(section, place);
    } catch (error) {
      fail({}, error);
      await places.noteFailure(section).catch((error) => fail({}, error));
    }
    if (isOver()) break;
  }
  log.info(line('cleaned-up', { ...counts, more: isOver() }));
}

async function deleteJobs({ storage, cutoffs, attempt }: Turn, place: string | null): Promise<string | null> {
  const { jobs, next } = await storage.ownerIndex.pageBefore(cutoffs.jobs, jobsAPage, place);
  for (const listed of jobs) await attempt({ job: listed.id }, () => deleteJob(storage, listed, cutoffs));
  return next;
}

/** The entry in the list goes last, so that a run that breaks off is made good by the next. */
async function deleteJob(storage: Storage, listed: ListedJob, cutoffs: Cutoffs): Promise<boolean> {
  const job = await storage.jobs.get(listed.id);
  if (!isJobPast(job, cutoffs)) return false;
  while (!(await deleteTasks(storage, job ?? listed, tasksAPortion)));
  await storage.ownerIndex.removeAt(listed);
  return true;
}

async function deleteWork({ storage, cutoffs, attempt }: Turn, place: string | null): Promise<string | null> {
  const { work, next } = await storage.ownerIndex.workBefore(cutoffs.jobs, rowsAPage, place);
  await forEachLimit(work, atOnce, (noted) => attempt({ work: noted.key }, () => storage.ownerIndex.deleteWork(noted)));
  return next;
}

async function deleteRequests({ storage, cutoffs, attempt }: Turn, place: string | null): Promise<string | null> {
  const { requests, next } = await storage.requests.pageBefore(cutoffs.answers, rowsAPage, place);
  await forEachLimit(requests, atOnce, (request) =>
    attempt({ request: request.hash }, () => storage.requests.delete(request)),
  );
  return next;
}

async function deleteHistory({ storage, cutoffs, attempt }: Turn, place: string | null): Promise<string | null> {
  const { entries, next } = await storage.history.pageBefore(cutoffs.history, rowsAPage, place);
  await forEachLimit(entries, atOnce, (entry) => attempt({ history: entry.name }, () => storage.history.delete(entry)));
  return next;
}

function isOld({ lastModified }: ListedBlob, { cutoffs }: Turn): boolean {
  return lastModified < cutoffs.blobs;
}

function blobsIn(
  container: 'inputs' | 'results',
  prefix: string,
  isPast: (blob: ListedBlob, turn: Turn) => boolean,
): Section {
  return async (turn, place) => {
    const { storage, pageBlobs, keep, attempt } = turn;
    const { blobs, next } = await storage[container].listPage(prefix, pageBlobs, place ?? undefined);
    const { past = [], kept = [] } = Object.groupBy(blobs, (blob) => (isPast(blob, turn) ? 'past' : 'kept'));
    keep({ blobs: kept.length, bytes: kept.reduce((sum, { bytes }) => sum + bytes, 0) });
    await forEachLimit(past, atOnce, ({ name }) => attempt({ blob: name }, () => storage[container].delete(name)));
    return next;
  };
}
