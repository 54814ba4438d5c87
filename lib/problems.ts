/** Every error that a user can meet, with the status it has over HTTP. The names are stable: clients switch on them. */
const types = {
  'malformed-request': { status: 400, title: 'The request cannot be read' },
  'missing-image': { status: 400, title: 'There is no image in the request' },
  'missing-reference': { status: 400, title: 'The operation compares two images, and there is only one' },
  'unexpected-reference': { status: 400, title: 'None of the operations takes a reference image' },
  'missing-operation': { status: 400, title: 'The request names no operation' },
  'conflicting-operations': { status: 400, title: 'The request names more than one operation' },
  'unknown-operation': { status: 400, title: 'There is no such operation' },
  'unknown-preset': { status: 400, title: 'There is no such preset' },
  'invalid-parameter': { status: 400, title: 'A parameter is not valid' },
  'empty-image': { status: 400, title: 'The image file is empty' },
  'invalid-callback-url': { status: 400, title: 'The callback URL cannot be called' },
  'sign-in-required': { status: 401, title: 'The caller is not known' },
  'cross-site-request': { status: 403, title: 'The request comes from a page of another site' },
  'input-not-found': { status: 404, title: 'The image is not there' },
  'result-not-found': { status: 404, title: 'The result is not stored any more' },
  'task-not-found': { status: 404, title: 'There is no such task' },
  'job-not-found': { status: 404, title: 'There is no such job' },
  'no-such-call': { status: 404, title: 'There is nothing at this address' },
  'method-not-allowed': { status: 405, title: 'The address does not take this method' },
  'request-timeout': { status: 408, title: 'The request body came too slowly' },
  'request-in-progress': { status: 409, title: 'A request with this Idempotency-Key is being answered' },
  'input-changed': { status: 409, title: 'The image was replaced after the task was submitted' },
  'not-allowed-now': { status: 409, title: 'What is asked for is not possible in this state' },
  'body-too-large': { status: 413, title: 'The request body is too large' },
  'result-not-ready': { status: 409, title: 'The task has no result yet' },
  'idempotency-key-reused': {
    status: 422,
    title: 'The Idempotency-Key belongs to a request that asked for something else',
  },
  'too-many-images': { status: 422, title: 'The job has too many images' },
  'upload-not-declared': { status: 422, title: 'The image was not sent as its link was asked for' },
  'image-too-large': { status: 413, title: 'The image file is too large' },
  'unsupported-media-type': { status: 415, title: 'The request body is of a type that is not understood' },
  'unsupported-image': { status: 415, title: 'The file is not an image in a supported format' },
  'too-many-pixels': { status: 422, title: 'The image has too many pixels' },
  'corrupt-image': { status: 422, title: 'The image file is damaged' },
  'operation-failed': { status: 422, title: 'The operation cannot be carried out on this image' },
  'out-of-memory': { status: 422, title: 'The image is too large for the operation' },
  'time-limit-exceeded': { status: 422, title: 'The task took longer than the time limit' },
  'rate-limited': { status: 429, title: 'There are too many requests' },
  'too-many-open-tasks': { status: 429, title: 'There are too many tasks that are not done yet' },
  'processing-failed': { status: 500, title: 'The task failed repeatedly' },
  'storage-unavailable': { status: 503, title: 'The storage behind the service does not answer' },
} as const;

export type ProblemType = keyof typeof types;

/** A problem as RFC 9457 writes it; further members say what the type leaves open (`field`, `limit`, …). */
export interface ProblemDetails {
  type: string;
  status: number;
  title: string;
  detail: string;
  [extension: string]: unknown;
}

/** An error that is the request's or the image's own: it is shown to the user, and trying again does not help. */
export class Problem extends Error {
  readonly details: ProblemDetails;

  constructor(details: ProblemDetails) {
    super(`${details.title}: ${details.detail}`);
    this.name = 'Problem';
    this.details = details;
  }
}

/** The status and title of a type, for documents. */
export function describeProblem(type: ProblemType): { status: number; title: string } {
  return types[type];
}

/** Makes the problem of `type`; `detail` says in a sentence what is wrong here and, where one applies, names the limit. */
export function problem(type: ProblemType, detail: string, extensions: Record<string, unknown> = {}): Problem {
  return new Problem({ type: `urn:tessera:problem:${type}`, ...types[type], detail, ...extensions });
}

/** A field of the request breaks a rule: "`field` `rule`." */
export function fieldProblem(field: string, rule: string): Problem {
  return problem('invalid-parameter', `${field} ${rule}.`, { field });
}

/** `field` says where in the request the image stood. */
export function imageTooLarge(field: string, limit: number): Problem {
  return problem('image-too-large', `The image has more than the ${limit} bytes allowed.`, { field, limit });
}
