import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './api.ts';

export type { paths };
export type Task = components['schemas']['Task'];
export type Job = components['schemas']['Job'];
export type Operation = components['schemas']['Operation'];
export type Preset = components['schemas']['Preset'];
export type Limits = components['schemas']['Limits'];
export type Problem = components['schemas']['Problem'];
export type StepRequest = components['schemas']['StepRequest'];

export interface TesseraOptions {
  /** Where the service is, such as `https://images.example.org`. */
  baseUrl: string;
  /** A function key, where the service asks for one (`AUTH_MODE=key`). */
  key?: string;
  /** An access token, where the service asks for one (`AUTH_MODE=entra`). */
  token?: string;
  /** How requests are sent, where not by the global `fetch`. */
  fetch?: (request: Request) => Promise<Response>;
}

/** Every call of the API, typed: `tessera.GET('/api/tasks/{id}', …)`. What it gives is `{ data, error, response }`. */
export function createTesseraClient({ baseUrl, key, token, fetch }: TesseraOptions): Client<paths> {
  const headers: Record<string, string> = {};
  if (key !== undefined) headers['x-functions-key'] = key;
  if (token !== undefined) headers.Authorization = `Bearer ${token}`;
  return createClient<paths>({ baseUrl, headers, ...(fetch && { fetch }) });
}

/** A request was refused; `problem.type` says why, for programs. */
export class TesseraError extends Error {
  override readonly name = 'TesseraError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** The data of a call that must succeed. Throws `TesseraError`. */
export async function dataOf<T>(call: Promise<{ data?: T; error?: unknown }>): Promise<T> {
  const { data, error } = await call;
  if (data === undefined) throw new TesseraError(error as Problem);
  return data;
}
