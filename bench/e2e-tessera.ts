import { readFileSync } from 'node:fs';
import pLimit from 'p-limit';
import { Runner } from '../test/harness/runner.ts';

export interface Work {
  operation: string;
  megapixels: number;
  /** Files. */
  image: string;
  reference?: string;
}

const clients = 8;

/** The product as `npm start` brings it up, and a client of it. */
export class Tessera implements AsyncDisposable {
  readonly #runner: Runner;

  private constructor(runner: Runner) {
    this.#runner = runner;
  }

  /** It has processed an image already, as an instance in Azure has that is warm. */
  static async start(): Promise<Tessera> {
    const limits = { REQUESTS_PER_MINUTE: '1000000', UPLOAD_MEGABYTES_PER_MINUTE: '1000000' };
    const tessera = new Tessera(await Runner.start({ env: limits }));
    const image = new URL('../test/fixtures/coins.png', import.meta.url).pathname;
    await tessera.tasks({ operation: 'canny', megapixels: 0, image }, clients);
    return tessera;
  }

  /** Seconds from the first upload to the last result of so many tasks, each submitted with its image. */
  async tasks({ operation, image, reference }: Work, count: number): Promise<number> {
    const [bytes, second] = [readFileSync(image), reference === undefined ? undefined : readFileSync(reference)];
    const submit = async () => {
      const form = new FormData();
      form.append('operation', operation);
      form.append('cache', 'false');
      form.append('image', new Blob([bytes]), 'image.jpg');
      if (second) form.append('reference', new Blob([second]), 'reference.jpg');
      return (await this.#send<{ id: string }>('/api/tasks', { method: 'POST', body: form })).id;
    };
    return seconds(async () => {
      const limit = pLimit(clients);
      const ids = await Promise.all(Array.from({ length: count }, () => limit(submit)));
      await Promise.all(ids.map((id) => limit(() => this.#done(`/api/tasks/${id}`))));
    });
  }

  /** Seconds from the first upload to the last result of a job of so many images. */
  async job({ operation, image, reference }: Work, count: number): Promise<number> {
    const images = Array.from({ length: count }, (_, i) => ({ name: `run/${i}.jpg`, bytes: readFileSync(image) }));
    const second = reference === undefined ? [] : [{ name: 'run/reference.jpg', bytes: readFileSync(reference) }];
    const files = [...images, ...second];
    return seconds(async () => {
      const limit = pLimit(clients);
      const wanted = files.map(({ name, bytes }) => ({ name, contentType: 'image/jpeg', bytes: bytes.length }));
      type Link = { url: string; method: string; headers: Record<string, string> };
      const { uploads } = await this.#send<{ uploads: Link[] }>('/api/uploads', json({ files: wanted }));
      const put = async ({ url, method, headers }: Link, i: number) => {
        const response = await fetch(url, { method, headers, body: files[i].bytes });
        if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      };
      await Promise.all(uploads.map((link, i) => limit(() => put(link, i))));
      const names = { images: images.map(({ name }) => name), ...(second[0] && { reference: second[0].name }) };
      const { id } = await this.#send<{ id: string }>('/api/jobs', json({ ...names, operation }));
      await this.#done(`/api/jobs/${id}`);
    });
  }

  async #done(path: string): Promise<void> {
    for (;;) {
      const { state } = await this.#send<{ state: string }>(`${path}?wait=50`);
      if (state === 'Succeeded' || state === 'Completed') return;
      if (state !== 'Queued' && state !== 'Running') throw new Error(`${path} is ${state}.`);
    }
  }

  async #send<T>(path: string, init: RequestInit = {}): Promise<T> {
    const response = await fetch(this.#runner.url + path, init);
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#runner.stop();
  }
}

function json(body: object): RequestInit {
  return { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}
