import { randomBytes } from 'node:crypto';

/** Crockford's base 32 in lower case: no letter that is read as another, safe in URLs, blob names and row keys. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const jobIdPattern = /^[0-9a-hjkmnp-tv-z]{26}$/;
const taskIdPattern = /^([0-9a-hjkmnp-tv-z]{26})-(0|[1-9]\d{0,5})$/;

/** An id that cannot be guessed: 130 random bits in 26 characters. */
export function newJobId(): string {
  return jobIdFrom(randomBytes(26));
}

/** The id that 26 random bytes, or more, stand for. */
export function jobIdFrom(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 26), (byte) => alphabet[byte & 31]).join('');
}

export function isJobId(id: string): boolean {
  return jobIdPattern.test(id);
}

export function taskIdOf(jobId: string, index: number): string {
  return `${jobId}-${index}`;
}

/** The parts of a task id, or null where the text is none. */
export function parseTaskId(id: string): { jobId: string; index: number } | null {
  const [, jobId, index] = taskIdPattern.exec(id) ?? [];
  return jobId === undefined ? null : { jobId, index: Number(index) };
}
