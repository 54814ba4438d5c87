/** Every error that a user can meet, with the status it has over HTTP. The names are stable: clients switch on them. */
const types = {
  'malformed-request': { status: 400, title: 'The request is malformed' },
  'missing-image': { status: 400, title: 'The request contains no image' },
  'missing-reference': { status: 400, title: 'The operation needs a second image' },
  'unexpected-reference': { status: 400, title: 'No operation uses a second image' },
  'missing-operation': { status: 400, title: 'The request names no operation' },
  'conflicting-operations': { status: 400, title: 'The request names more than one operation' },
  'unknown-operation': { status: 400, title: 'The operation does not exist' },
  'unknown-preset': { status: 400, title: 'The preset does not exist' },
  'invalid-parameter': { status: 400, title: 'A parameter is invalid' },
  'empty-image': { status: 400, title: 'The image file is empty' },
  'invalid-callback-url': { status: 400, title: 'The callback URL cannot be used' },
  'sign-in-required': { status: 401, title: 'Authentication is required' },
  'cross-site-request': { status: 403, title: 'The request comes from another site' },
  'input-not-found': { status: 404, title: 'The image was not found' },
  'result-not-found': { status: 404, title: 'The result is no longer stored' },
  'task-not-found': { status: 404, title: 'The task was not found' },
  'preset-not-found': { status: 404, title: 'The preset was not found' },
  'job-not-found': { status: 404, title: 'The job was not found' },
  'no-such-call': { status: 404, title: 'The address does not exist' },
  'method-not-allowed': { status: 405, title: 'The method is not allowed here' },
  'request-timeout': { status: 408, title: 'The request body arrived too slowly' },
  'request-in-progress': { status: 409, title: 'A request with this Idempotency-Key is in progress' },
  'input-changed': { status: 409, title: 'The image was replaced after the task was submitted' },
  'not-allowed-now': { status: 409, title: 'The action is not possible in the current state' },
  'body-too-large': { status: 413, title: 'The request body is too large' },
  'result-not-ready': { status: 409, title: 'The task has no result yet' },
  'idempotency-key-reused': { status: 422, title: 'The Idempotency-Key was used for a different request' },
  'too-many-presets': { status: 422, title: 'The caller has too many presets' },
  'too-many-images': { status: 422, title: 'The job has too many images' },
  'upload-not-declared': { status: 422, title: 'The upload does not match its declaration' },
  'image-too-large': { status: 413, title: 'The image file is too large' },
  'unsupported-media-type': { status: 415, title: 'The content type is not supported' },
  'unsupported-image': { status: 415, title: 'The image format is not supported' },
  'too-many-pixels': { status: 422, title: 'The image has too many pixels' },
  'corrupt-image': { status: 422, title: 'The image file is damaged' },
  'operation-failed': { status: 422, title: 'The operation cannot process this image' },
  'out-of-memory': { status: 422, title: 'The image is too large for the operation' },
  'time-limit-exceeded': { status: 422, title: 'The task exceeded the time limit' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  'too-many-open-tasks': { status: 429, title: 'Too many unfinished tasks' },
  'processing-failed': { status: 500, title: 'The task failed repeatedly' },
  'storage-unavailable': { status: 503, title: 'The storage is unavailable' },
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
