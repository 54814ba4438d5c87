import type { ValueRange } from '../imaging/value-range.ts';
import type { Work } from '../imaging/work.ts';
import type { ProblemDetails } from '../problems.ts';
import type { Measurements } from '../vision/declaration/operation.ts';
import type { FilePixelSize } from '../vision/pixel-size.ts';
import type { TaskState } from './states.ts';

/**
 * An image as it was handed in. What the system has not seen yet is null: of an image of a job everything, of others
 * the size in pixels where the header does not tell.
 */
export interface InputImage {
  blob: string;
  /** Of the version that was handed in, where the caller could replace it since. */
  etag?: string | undefined;
  name: string | null;
  contentType: string | null;
  bytes: number | null;
  width: number | null;
  height: number | null;
  /** Pages or frames in the file; there once it has been decoded. */
  pages?: number;
  /** How many bits the file's 16-bit samples use. */
  bits?: number;
  /** The values that became the least and the greatest sample, where they had to be spread over what samples can hold. */
  scaledFrom?: ValueRange;
  /** The values that became black and white on 8 bits, where a rule was named for that. */
  reducedFrom?: ValueRange;
  /** The size of a pixel, where the file says it. */
  pixelSize?: FilePixelSize;
  /** Whether there is a rendition for browsers to show in its place. */
  rendition?: true;
}

export interface ResultImage {
  /** What there is for browsers to show in its place. */
  renditions?: ('rendition' | 'thumbnail')[];
  blob: string;
  contentType: string;
  bytes: number;
  width: number;
  height: number;
}

/** Milliseconds of the last attempt's parts; `queuedMs` from creation to that attempt's start. */
export interface Timings {
  queuedMs?: number;
  downloadMs?: number;
  /** For a thread, and for room for its pixels. */
  waitMs?: number;
  decodeMs?: number;
  processMs?: number;
  encodeMs?: number;
  uploadMs?: number;
}

/** One image (or two, compared) on its way through the steps. */
export interface Task extends Work {
  id: string;
  /** The caller whose task it is. */
  owner: string;
  /** Of the request that brought it, as its sender or the platform named it; null in rows of older versions. */
  requestId: string | null;
  /**
   * W3C trace context (`traceparent`) of the request that brought it; of a task of a job, that of the job. Its flag is set
   * where all that follows is to be traced.
   */
  traceparent: string | null;
  /** Whether it is one of a job of several, which can be canceled as a whole. */
  inJob: boolean;
  state: TaskState;
  input: InputImage;
  reference: InputImage | null;
  /** How often an instance began to work on it, without the times that count as losses. */
  attempts: number;
  /** How often the task lost the instance that worked on it, or its message was used up without an attempt. */
  losses: number;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  /** The instance that works on it, or did last. */
  instance: string | null;
  result: ResultImage | null;
  /** One for each step; or the blob that holds them, where a row has no room. */
  measurements: Measurements[] | { blob: string } | null;
  timings: Timings;
  /** Of a failed task, or of the last attempt of one that will be tried again. */
  error: ProblemDetails | null;
  /** Whether the result was taken over from an earlier task that did the same. */
  cached: boolean;
  /** The earlier task whose image this one was to take again; null where the image came in another way. */
  from: string | null;
  /** Under what name it is noted as having done its work; null where it is not. */
  cacheKey: string | null;
  callback: Callback | null;
}

/** Whom to tell of the end, and whether that has worked. */
export interface Callback {
  url: string;
  attempts: number;
  deliveredAt: Date | null;
  /** Why the last attempt failed. */
  error: string | null;
}

/** A task as it stands in its row, at the version that `etag` names. */
export interface StoredTask extends Task {
  etag: string;
  /** The columns of the row that cannot be read, where there are any; the task has nothing in their place, and cannot be worked on. */
  unreadable?: string[];
}
