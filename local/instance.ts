import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { type HostConfig, readHostConfig } from '../lib/config/host-config.ts';
import { projectRoot } from '../lib/project-root.ts';
import { hostStorage, storageAccess } from '../lib/storage/access.ts';
import { connectStorage } from '../lib/storage/clients.ts';
import { FunctionsCore, type RegisteredFunction } from './functions-core.ts';
import { HttpServer } from './http-server.ts';
import { Invoker, triggerBinding } from './invocation.ts';
import { consoleLog as log } from './log.ts';
import { servePage } from './page.ts';
import { QueueListener } from './queue-listener.ts';
import { groupOf, httpGroup } from './scale-groups.ts';
import { watchSentMessages } from './sent-messages.ts';
import { type Listener, SingletonListener } from './singleton-listener.ts';
import { TimerListener } from './timer.ts';

/** Seven queues polled five times a second take 5 % of a core or more; messages of other processes may wait so long. */
const idlePolling = { afterMs: 30_000, waitMs: 2000 };
/** A request without a byte in either direction for so long is cut off by Azure's load balancer. */
const requestIdleMs = 230_000;

export interface InstanceOptions {
  /** HTTP port; 0 for any free one. */
  port: number;
  /** The scale group whose triggers fire here, by the Functions host's rules to the letter; null for all, and kinder rules. */
  group: string | null;
  /** Folder of the app; null for this project. */
  app: string | null;
  /** Origins of pages that may call the API. */
  origins: string[];
  hostNames: string[];
}

/** The functions in this process, and what triggers them. The settings are those of the environment at `start`. */
export class Instance {
  readonly #core: FunctionsCore;
  readonly #invoker: Invoker;
  readonly #server: HttpServer | null;
  readonly #listeners: readonly Listener[];
  readonly #expectsOwnMessages: boolean;

  private constructor(
    core: FunctionsCore,
    invoker: Invoker,
    server: HttpServer | null,
    listeners: readonly Listener[],
    expectsOwnMessages: boolean,
  ) {
    this.#core = core;
    this.#invoker = invoker;
    this.#server = server;
    this.#listeners = listeners;
    this.#expectsOwnMessages = expectsOwnMessages;
  }

  /** Loads the functions; they are triggered from `listen` on. */
  static async start(options: InstanceOptions): Promise<Instance> {
    const core = new FunctionsCore(log);
    core.install();
    const listeners = process.listeners('SIGTERM');
    const root = options.app ?? projectRoot;
    await loadFunctions(root);
    // Where the runner stands for the host, SIGTERM is its own: what runs is to finish first.
    if (options.group === null)
      for (const added of process.listeners('SIGTERM').filter((listener) => !listeners.includes(listener)))
        process.off('SIGTERM', added);
    await core.runHooks('appStart');
    const config = readHostConfig(root, process.env);
    const invoker = new Invoker(core, log, options.group === null ? null : config.functionTimeoutMs);
    const isHere = (fn: RegisteredFunction) => options.group === null || groupOf(fn.metadata) === options.group;
    const server = isHttp(options) ? await startServer(core, invoker, config, options) : null;
    const triggers = core.functions
      .filter(isHere)
      .map((fn) => listenerFor(fn, invoker, config, options.group === null));
    return new Instance(core, invoker, server, (await Promise.all(triggers)).flat(), options.group === null);
  }

  /** Where the HTTP functions are; null where this instance has none. */
  get url(): string | null {
    return this.#server?.url ?? null;
  }

  /** The scale groups of the functions that are loaded. */
  get groups(): string[] {
    return [...new Set([httpGroup, ...this.#core.functions.map(({ metadata }) => groupOf(metadata))])];
  }

  /** Lets queues and timers trigger functions, too. */
  listen(): void {
    for (const listener of this.#listeners) listener.start();
    if (!this.#expectsOwnMessages) return;
    const queues = this.#listeners.filter((listener) => listener instanceof QueueListener);
    const byUrl = new Map(queues.map((listener) => [listener.queue, listener]));
    watchSentMessages(({ queue, visibleInMs }) => byUrl.get(queue)?.expect(visibleInMs));
  }

  /** Triggers nothing more, and lets what runs finish; whether it has within `graceMs`. */
  async finish(graceMs: number): Promise<boolean> {
    const stopped = Promise.all([this.#server?.stop(), ...this.#listeners.map((listener) => listener.stop())]);
    const finished = stopped.then(() => this.#invoker.drain()).then(() => true);
    return Promise.race([finished, sleep(graceMs, false, { ref: false })]);
  }

  /** Tells the functions that the process is about to end. */
  terminate(): Promise<void> {
    return this.#core.runHooks('appTerminate');
  }
}

function isHttp({ group }: InstanceOptions): boolean {
  return group === null || group === httpGroup;
}

function startServer(
  core: FunctionsCore,
  invoker: Invoker,
  { routePrefix }: HostConfig,
  { port, origins, hostNames, group }: InstanceOptions,
): Promise<HttpServer> {
  const options = { port, routePrefix, origins, hostNames, functionKeys: functionKeys(core) };
  const rest = group === null ? { fallback: servePage() } : { hostRules: { requestIdleMs } };
  return HttpServer.start(core, invoker, { ...options, ...rest }, log);
}

/** What `LOCAL_FUNCTION_KEYS` lists; Azure keeps the keys of an app itself. */
function functionKeys({ functions }: FunctionsCore): string[] {
  const keys = (process.env.LOCAL_FUNCTION_KEYS ?? '').split(',').flatMap((key) => key.trim() || []);
  if (keys.length === 0 && functions.some(({ metadata }) => triggerBinding(metadata)[1].authLevel === 'function'))
    log('warning', 'AUTH_MODE=key, but the setting LOCAL_FUNCTION_KEYS lists no key: most calls answer 401.');
  return keys;
}

/** Imports what package.json's `main` names, as the Functions host does. */
async function loadFunctions(root: string): Promise<void> {
  const { main } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const files = globSync(main, { cwd: root });
  if (files.length === 0) throw new Error('There is no build in dist/: run `npm run build`.');
  for (const file of files) await import(pathToFileURL(join(root, file)).href);
}

/** Kindly: messages are fetched more rarely where nothing comes, and timers fire in every instance. */
async function listenerFor(
  fn: RegisteredFunction,
  invoker: Invoker,
  config: HostConfig,
  kindly: boolean,
): Promise<Listener[]> {
  const { name } = fn.metadata;
  const [, { type, queueName, connection, schedule, runOnStartup }] = triggerBinding(fn.metadata);
  if (type === 'queueTrigger' && queueName !== undefined) {
    const { queues } = await connectStorage(storageAccess(process.env, connection ?? hostStorage));
    return [new QueueListener(fn, queueName, queues, config.queues, invoker, log, kindly ? idlePolling : null)];
  }
  if (type === 'timerTrigger' && schedule !== undefined) {
    const timer = new TimerListener(fn, schedule, runOnStartup ?? false, invoker);
    if (kindly) return [timer];
    const { blobs } = await connectStorage(storageAccess(process.env, hostStorage));
    return [new SingletonListener(timer, name, blobs, config.singleton, log)];
  }
  if (type === 'httpTrigger') return [];
  throw new Error(`${name}: the runner has no ${type}.`);
}
