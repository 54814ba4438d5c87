/** Event Grid's word that a blob has been written: a CloudEvent 1.0, as it delivers them to a storage queue. */
import { createHash } from 'node:crypto';
import { z } from 'zod';

const schema = z.object({
  id: z.string().max(200),
  type: z.literal('Microsoft.Storage.BlobCreated'),
  subject: z.string().regex(/^\/?blobServices\/default\/containers\/intake\/blobs\/./),
  data: z.object({ eTag: z.string().min(1) }),
});

const prefix = '/blobServices/default/containers/intake/blobs/';

/** A blob of container `intake`, at one version of it. */
export interface CreatedBlob {
  name: string;
  /** As headers have it, with its quotes. */
  etag: string;
  /** Of the event that told of it first. */
  eventId: string;
}

/** Null where the message is none of these. */
export function createdBlobIn(body: unknown): CreatedBlob | null {
  const { data } = schema.safeParse(body);
  if (!data) return null;
  const { id: eventId, subject } = data;
  const name = subject.slice(subject.indexOf(prefix.slice(1)) + prefix.length - 1);
  return { name, etag: `"${data.data.eTag.replaceAll('"', '')}"`, eventId };
}

/** The event of a blob, as Event Grid would tell of it; `source` is the account. */
export function blobCreatedEvent({ name, etag }: Omit<CreatedBlob, 'eventId'>, source: string, time: Date) {
  return {
    specversion: '1.0',
    // One version of a blob is one event, however often it is told.
    id: createHash('sha256').update(`${name}\n${etag}`).digest('hex').slice(0, 32),
    type: 'Microsoft.Storage.BlobCreated',
    source,
    subject: prefix + name,
    time,
    data: { eTag: etag.replaceAll('"', '') },
  };
}

const pipelineName = 'pipeline.json';
export const problemName = 'problem.json';

/** The folder of a blob: the first part of its name; null of one that lies in none. */
export function folderOf(name: string): string | null {
  const end = name.indexOf('/');
  return end > 0 ? name.slice(0, end) : null;
}

export function pipelineOf(folder: string): string {
  return `${folder}/${pipelineName}`;
}

/** Pipelines, and what is said of them. No format of images ends like this. */
export function isNoImage(name: string): boolean {
  return name.toLowerCase().endsWith('.json');
}
