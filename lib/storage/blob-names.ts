/** What lies where in the containers. */
import { randomBytes } from 'node:crypto';

/** Where images lie that come with their task. */
export function taskInputBlob(jobId: string, role: 'image' | 'reference'): string {
  // Each upload has a place of its own, so that one that is refused takes nothing from one that was accepted.
  return `tasks/${jobId}/${role}-${randomBytes(4).toString('hex')}`;
}

/** Where the image of a task lies that was dropped in container `intake`; the same for the same task. */
export function intakeInputBlob(jobId: string): string {
  return `tasks/${jobId}/image`;
}

/** Where images lie that a caller has uploaded by itself, under names of its own choosing. */
export function uploadBlob(owner: string, name: string): string {
  return `uploads/${owner}/${name}`;
}

export function isUpload(blob: string): boolean {
  return blob.startsWith('uploads/');
}

/** The images of a job, a JSON object a line. */
export function jobListBlob(jobId: string): string {
  return `jobs/${jobId}/images.jsonl`;
}

/** The answer to a request with an Idempotency-Key, where it is too long for a row. */
export function requestBlob(owner: string, hash: string): string {
  return `requests/${owner}/${hash}`;
}

/** Where everything lies that a task has made. */
export function taskFolder(taskId: string): string {
  return `${taskId.replace('-', '/')}/`;
}

/** Names follow from the task's id, so that an attempt repeated writes to the same place. */
export function resultBlob(taskId: string): string {
  return `${taskFolder(taskId)}result`;
}

export function measurementsBlob(taskId: string): string {
  return `${taskFolder(taskId)}measurements.json`;
}

/** What browsers show in place of a task's input or result. */
const renditionRoles = ['input-rendition', 'rendition', 'thumbnail'] as const;
export type RenditionRole = (typeof renditionRoles)[number];

export function renditionBlob(taskId: string, role: RenditionRole): string {
  return taskFolder(taskId) + role;
}
