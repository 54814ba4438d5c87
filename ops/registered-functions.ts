/** The functions as the Functions host gets to know them; a thread of its own, as each process has only one registry. */
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { FunctionsCore, type RegisteredFunction } from '../local/functions-core.ts';

/** Registers all functions with these settings. Gives what they are registered with; without their handlers. */
export async function registeredFunctions(env: Record<string, string>): Promise<RegisteredFunction[]> {
  const thread = new Worker(new URL(import.meta.url), { env: { ...process.env, ...env } });
  const { promise, resolve, reject } = Promise.withResolvers<RegisteredFunction['metadata'][]>();
  thread.once('message', resolve).once('error', reject);
  const metadata = await promise;
  await thread.terminate();
  return metadata.map((metadata) => ({ metadata, handler: () => {} }));
}

if (!isMainThread && parentPort) {
  const core = new FunctionsCore(() => {});
  core.install();
  for (const folder of ['upload', 'process', 'status']) await import(`../functions/${folder}/index.ts`);
  parentPort.postMessage(core.functions.map(({ metadata }) => JSON.parse(JSON.stringify(metadata))));
}
