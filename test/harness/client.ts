import { checkAnswer } from './contract.ts';
import { fixture } from './fixtures.ts';
import { until } from './until.ts';

export interface TaskJson {
  id: string;
  jobId: string;
  state: string;
  attempts: number;
  instance: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: each operation measures something else.
  measurements: any[];
  timings: Record<string, number>;
  input: { name: string | null; contentType: string; bytes: number; width: number | null; height: number | null };
  result: { contentType: string; bytes: number; width: number; height: number; href: string } | null;
  error: { type: string; title: string; detail: string; step?: number; operation?: string } | null;
  links: Record<string, string>;
  startedAt: string | null;
  finishedAt: string | null;
  cached: boolean;
  callback: { attempts: number; deliveredAt: string | null; error: string | null } | null;
  createdAt: string;
  steps: { operation: string; params: Record<string, unknown> }[];
}

export interface TaskRequest {
  image?: Buffer<ArrayBuffer>;
  name?: string;
  reference?: Buffer<ArrayBuffer>;
  /** Text fields; what is not a string is sent as JSON. */
  fields?: Record<string, unknown>;
}

/** Where the API is, and the function key that it asks for, if it does; read with each request. */
export interface Service {
  url: string;
  key?: string;
}

/** The API as a user's script would call it; every answer must be as the OpenAPI document says. */
export class Client {
  /** The `operationId`s of what has been called. */
  readonly called = new Set<string>();
  readonly #service: Service;
  readonly #headers: Record<string, string>;

  constructor(service: Service, headers: Record<string, string> = {}) {
    this.#service = service;
    this.#headers = headers;
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const { url: base, key } = this.#service;
    const url = new URL(path, base);
    const own = key === undefined ? this.#headers : { 'x-functions-key': key, ...this.#headers };
    const headers = { ...own, ...(init.headers as Record<string, string>) };
    const response = await fetch(url, { redirect: 'manual', ...init, headers });
    const called = await checkAnswer(init.method ?? 'GET', url.pathname, response);
    if (called !== null) this.called.add(called);
    return response;
  }

  /** POST /api/tasks as multipart/form-data. */
  post(
    { image, name = 'image.png', reference, fields = {} }: TaskRequest,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const form = new FormData();
    for (const [field, value] of Object.entries(fields)) {
      form.append(field, typeof value === 'string' ? value : JSON.stringify(value));
    }
    if (image) form.append('image', new Blob([image]), name);
    if (reference) form.append('reference', new Blob([reference]), 'reference.png');
    return this.fetch('/api/tasks', { method: 'POST', body: form, headers });
  }

  /** Posts a task that must be accepted, and waits for its end. */
  async run(request: TaskRequest): Promise<TaskJson> {
    const response = await this.post(request);
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return this.finished(((await response.json()) as TaskJson).id);
  }

  /** The task as it is now, or when it is done, but at the latest after `wait` seconds. */
  async task(id: string, wait = 0): Promise<TaskJson> {
    return this.get(`/api/tasks/${id}?wait=${wait}`);
  }

  /** As `task`; null where there is none of that id. */
  async taskIfAny(id: string, wait = 0): Promise<TaskJson | null> {
    const response = await this.fetch(`/api/tasks/${id}?wait=${wait}`);
    if (response.status === 404) return null;
    return accepted(response);
  }

  /** The task when it is done; throws where it is not after `within` seconds. */
  finished(id: string, within = 60): Promise<TaskJson> {
    const done = async () => {
      const task = await this.task(id, 20);
      return task.finishedAt !== null && task;
    };
    return until(done, { within, what: `task ${id} is done` });
  }

  /** Sends a request with a JSON body, or none. */
  send(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Response> {
    const json = { 'Content-Type': 'application/json', ...headers };
    return this.fetch(path, { method, headers, ...(body && { headers: json, body: JSON.stringify(body) }) });
  }

  /** The JSON at a path that must be there. */
  // biome-ignore lint/suspicious/noExplicitAny: what the API answers is the test's business.
  async get(path: string): Promise<any> {
    return accepted(await this.fetch(path));
  }

  /** Posts what must be accepted. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  async submit(path: string, body: object): Promise<any> {
    return accepted(await this.send('POST', path, body));
  }

  /** Uploads files directly to the storage; `announced` may lie about their length. */
  async upload(files: Record<string, Buffer<ArrayBuffer>>, announced?: number): Promise<void> {
    const wanted = Object.entries(files).map(([name, { length: bytes }]) => ({
      name,
      contentType: 'image/png',
      bytes: announced ?? bytes,
    }));
    const { uploads } = await this.submit('/api/uploads', { files: wanted });
    for (const { name, url, method, headers } of uploads) {
      const response = await fetch(url, { method, headers, body: files[name] ?? null });
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    }
  }

  /** The job when it is done, and seen to be so; throws where it is not after `within` seconds. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  jobDone(id: string, within = 60): Promise<any> {
    const done = async () => {
      const job = await this.get(`/api/jobs/${id}?wait=20`);
      return ['Completed', 'Canceled', 'Failed'].includes(job.state) && job;
    };
    return until(done, { within, what: `job ${id} is done` });
  }

  /** The bytes of a task's result. */
  async result({ id }: { id: string }): Promise<Buffer<ArrayBuffer>> {
    const response = await this.fetch(`/api/tasks/${id}/result`, { redirect: 'follow' });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return Buffer.from(await response.arrayBuffer());
  }
}

/** Runs one operation on fixtures. */
export function request(image: string, operation: string, params: object = {}, reference?: string): TaskRequest {
  return {
    image: fixture(image),
    name: image,
    ...(reference !== undefined && { reference: fixture(reference) }),
    fields: { operation, params },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: as above
async function accepted(response: Response): Promise<any> {
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return response.json();
}
