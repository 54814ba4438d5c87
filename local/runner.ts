import { globSync, readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import sirv from 'sirv';
import { projectRoot } from '../lib/project-root.ts';
import { loadAppSettings } from './app-settings.ts';
import { Azurite, allowUploadsFrom, azuriteConnection, checkFree, checkJoinable } from './azurite.ts';
import { FunctionsCore } from './functions-core.ts';
import { type HostConfig, readHostConfig } from './host-config.ts';
import { HttpServer } from './http-server.ts';
import { Invoker, triggerBinding } from './invocation.ts';
import { consoleLog as log } from './log.ts';
import { parseOptions, type RunnerOptions, usage } from './options.ts';
import { QueueListener } from './queue-listener.ts';
import { watchSentMessages } from './sent-messages.ts';
import { TimerListener } from './timer.ts';

/** Seven queues polled five times a second take 5 % of a core or more; messages of other processes may wait so long. */
const idlePolling = { afterMs: 30_000, waitMs: 2000 };

/** Runs Tessera with these arguments until a signal; a fault ends the process, in words. */
export async function run(args: string[]): Promise<void> {
  try {
    const options = parseOptions(args);
    if (!options) return void process.stdout.write(`${usage}\n`);
    await checkFree(options.port);
    if (options.storage !== 'setting') process.env.AzureWebJobsStorage = azuriteConnection(options.storagePort);
    if (options.storage === 'join') await checkJoinable(options.storagePort);
    loadAppSettings(projectRoot);
    const stop = await start(options);
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => void stop().then(() => process.exit(0)));
  } catch (error) {
    fail(error);
  }
}

/** Brings everything up, in the order in which things need each other; gives the way to take it down. */
async function start(options: RunnerOptions): Promise<() => Promise<void>> {
  const data = options.data && resolve(options.data);
  const azurite = options.storage === 'start' ? await Azurite.start(options.storagePort, data, fail) : null;
  const core = new FunctionsCore(log);
  core.install();
  await loadFunctions(options.only);
  await core.runHooks('appStart');
  const invoker = new Invoker(core, log);
  const config = readHostConfig(projectRoot, process.env);
  const http = {
    port: options.port,
    routePrefix: config.routePrefix,
    functionKeys: functionKeys(core),
    origins: options.origins,
    hostNames: options.hostNames,
    fallback: sirv(join(projectRoot, 'dist/static'), { dev: true, setHeaders: guard }),
  };
  const server = await HttpServer.start(core, invoker, http, log);
  if (options.storage !== 'setting') {
    const own = [server.url, server.url.replace('127.0.0.1', 'localhost')];
    const connection = azuriteConnection(options.storagePort);
    await allowUploadsFrom([...own, ...options.origins], connection, options.storage === 'join');
  }
  const listeners = createListeners(core, invoker, config);
  for (const listener of listeners) listener.start();
  wakeListeners(listeners);
  process.stdout.write(`Tessera is ready at ${server.url}\n`);

  return async () => {
    log('information', `Stopping: what runs has ${options.grace} s to finish; a second signal ends it now.`);
    const stopped = Promise.all([server.stop(), ...listeners.map((listener) => listener.stop())]);
    const finished = stopped.then(() => invoker.drain()).then(() => true);
    const inTime = await Promise.race([finished, sleep(options.grace * 1000, false, { ref: false })]);
    if (!inTime) log('warning', 'Not all has finished: requests are cut off, tasks handed back.');
    await core.runHooks('appTerminate');
    await azurite?.stop();
  };
}

/** What `LOCAL_FUNCTION_KEYS` lists; Azure keeps the keys of an app itself. */
function functionKeys({ functions }: FunctionsCore): string[] {
  const keys = (process.env.LOCAL_FUNCTION_KEYS ?? '').split(',').flatMap((key) => key.trim() || []);
  if (keys.length === 0 && functions.some(({ metadata }) => triggerBinding(metadata)[1].authLevel === 'function'))
    log('warning', 'AUTH_MODE=key, but the setting LOCAL_FUNCTION_KEYS lists no key: most calls answer 401.');
  return keys;
}

/** What a page cannot say of itself; the rest of its policy is in its head, which works wherever it is hosted. */
function guard(response: ServerResponse): void {
  response.setHeader('Content-Security-Policy', "frame-ancestors 'none'");
  response.setHeader('X-Content-Type-Options', 'nosniff');
}

/** Imports what package.json's `main` names, as the Functions host does. */
async function loadFunctions(only: string[] | null): Promise<void> {
  const { main } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
  const files = globSync(main, { cwd: projectRoot });
  const wanted = files.filter((file) => only === null || only.includes(dirname(file).replace(/^.*[\\/]/, '')));
  if (wanted.length === 0) throw new Error('There is no build in dist/: run `npm run build`.');
  for (const file of wanted) await import(pathToFileURL(join(projectRoot, file)).href);
}

function createListeners(core: FunctionsCore, invoker: Invoker, { queues }: HostConfig) {
  return core.functions.flatMap((fn): (QueueListener | TimerListener)[] => {
    const [, { type, queueName, connection, schedule, runOnStartup }] = triggerBinding(fn.metadata);
    if (type === 'queueTrigger' && queueName !== undefined) {
      return [
        new QueueListener(
          fn,
          queueName,
          setting(connection ?? 'AzureWebJobsStorage'),
          queues,
          invoker,
          log,
          idlePolling,
        ),
      ];
    }
    if (type === 'timerTrigger' && schedule !== undefined)
      return [new TimerListener(fn, schedule, runOnStartup ?? false, invoker)];
    if (type === 'httpTrigger') return [];
    throw new Error(`${fn.metadata.name}: the runner has no ${type}.`);
  });
}

/** Messages that this process sends are fetched at once, however rarely it polls. */
function wakeListeners(listeners: readonly (QueueListener | TimerListener)[]): void {
  const queues = new Map(
    listeners.flatMap((listener) => (listener instanceof QueueListener ? [[listener.queue, listener] as const] : [])),
  );
  watchSentMessages(({ queue, visibleInMs }) => queues.get(queue)?.expect(visibleInMs));
}

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`The setting ${name} is missing.`);
  return value;
}

function fail(reason: unknown): never {
  process.stderr.write(`${reason instanceof Error ? reason.message : reason}\n`);
  process.exit(1);
}
