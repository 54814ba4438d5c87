/** The functions that answer HTTP, without those that work on tasks: in a thread, as each process has one set of settings. */
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { FunctionsCore } from '../../local/functions-core.ts';
import { HttpServer } from '../../local/http-server.ts';
import { Invoker } from '../../local/invocation.ts';
import type { Log } from '../../local/log.ts';
import { plainOptions } from './local-host.ts';

export interface Api {
  url: string;
  stop(): Promise<unknown>;
}

/** Serves the API on the storage account of that connection string; nobody has to say who they are. */
export async function startApi(connection: string, env: Record<string, string> = {}): Promise<Api> {
  const thread = new Worker(new URL(import.meta.url), {
    env: { ...process.env, AUTH_MODE: 'anonymous', AzureWebJobsStorage: connection, ...env },
  });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  thread.once('message', resolve).once('error', reject);
  return { url: await promise, stop: () => thread.terminate() };
}

if (!isMainThread && parentPort) {
  const log: Log = (level, message) => level === 'error' && process.stderr.write(`${message}\n`);
  const core = new FunctionsCore(log);
  core.install();
  for (const folder of ['upload', 'status']) await import(`../../functions/${folder}/index.ts`);
  const server = await HttpServer.start(core, new Invoker(core, log), plainOptions, log);
  parentPort.postMessage(server.url);
}
