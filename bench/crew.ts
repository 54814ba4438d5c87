/** Processes on this machine that work on one job: the storage and what controls it, and instances that process images. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import pLimit from 'p-limit';
import { Client } from '../test/harness/client.ts';
import { freePorts, Runner } from '../test/harness/runner.ts';
import { until } from '../test/harness/until.ts';

/** As an instance with one core in Azure (`infra/main.bicep`). */
const oneCore = {
  WORKER_THREADS: '1',
  AzureFunctionsJobHost__extensions__queues__batchSize: '2',
  AzureFunctionsJobHost__extensions__queues__newBatchThreshold: '1',
};
const limits = { REQUESTS_PER_MINUTE: '1000000', UPLOAD_MEGABYTES_PER_MINUTE: '1000000' };

export interface JobRun {
  /** From the request to the end of the last task. */
  seconds: number;
  /** CPU seconds, each with its threads: the instances, the process with API and dispatcher, and the storage. */
  cpu: { instances: number; control: number; storage: number };
}

export class Crew implements AsyncDisposable {
  readonly #control: Runner;
  readonly #instances: Runner[];
  readonly #client: Client;

  private constructor(control: Runner, instances: Runner[]) {
    this.#control = control;
    this.#instances = instances;
    this.#client = new Client(control);
  }

  static async start(count: number): Promise<Crew> {
    const port = String(await freePorts(3));
    const own = ['--storage-port', port, '--in-memory'];
    const control = await Runner.start({ args: [...own, '--only', 'http,control'], env: limits });
    const join = ['--join', port, '--only', 'process'];
    const instances = await Promise.all(
      Array.from({ length: count }, () => Runner.start({ args: join, env: oneCore })),
    );
    return new Crew(control, instances);
  }

  /** A job over the same image, so many times. The first ones warm all instances up, and do not count. */
  async run(image: Buffer<ArrayBuffer>, operation: string, tasks: number): Promise<JobRun> {
    await this.#client.upload({ 'image.jpg': image });
    await this.#job(operation, 8 * this.#instances.length);
    const before = this.#cpu();
    const started = performance.now();
    await this.#job(operation, tasks);
    const seconds = (performance.now() - started) / 1000;
    const after = this.#cpu();
    const used = (name: keyof typeof before) => after[name] - before[name];
    return { seconds, cpu: { instances: used('instances'), control: used('control'), storage: used('storage') } };
  }

  async #job(operation: string, tasks: number): Promise<void> {
    const { id } = await this.#client.submit('/api/jobs', { images: Array(tasks).fill('image.jpg'), operation });
    const isDone = async () => (await this.#client.get(`/api/jobs/${id}?wait=20`)).state === 'Completed';
    await until(isDone, { within: 600, what: 'the job is done' });
  }

  #cpu() {
    const control = this.#control.process.pid as number;
    const instances = this.#instances.reduce((sum, { process }) => sum + ticksOf(process.pid as number), 0);
    return {
      instances: instances / 100,
      control: ticksOf(control) / 100,
      storage: childrenOf(control).reduce((sum, pid) => sum + ticksOf(pid), 0) / 100,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const limit = pLimit(4);
    await Promise.all(this.#instances.map((runner) => limit(() => runner.stop())));
    await this.#control.stop();
  }
}

function childrenOf(parent: number): number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const pairs = rows.map((row) => row.trim().split(/\s+/).map(Number));
  return pairs.flatMap(([pid, ppid]) => (ppid === parent ? [pid] : []));
}

/** Hundredths of a second of CPU that a process has used so far, on Linux. */
function ticksOf(pid: number): number {
  // After the name, which may have spaces, the first is the state; user and system time are the 12th and 13th.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
