import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { extname, join } from 'node:path';
import { BusyStorage } from './busy-storage.ts';
import type { ReadyReport, StartOrder, TerminateOrder } from './group-process.ts';
import { consoleLog as log } from './log.ts';
import type { RunnerOptions } from './options.ts';
import { hostPage } from './page.ts';
import { httpGroup } from './scale-groups.ts';

/** What an instance has between SIGTERM and SIGKILL, in milliseconds. */
const sigtermMs = 3000;
/** What a process needs of its surroundings to run at all; everything else is a setting, and comes later. */
const systemVariables = /^(PATH|HOME|TMP|TEMP|TMPDIR|SYSTEMROOT|WINDIR|LANG)$/i;

/** The program of an instance; as this file, built or not. */
const groupProcess = join(import.meta.dirname, `group-process${extname(import.meta.filename)}`);

interface Member {
  group: string;
  process: ChildProcess;
}

/**
 * Stands for the platform: keeps an instance of each scale group running, as a process of its own, with storage that is
 * busy at times in front of it and the page at another origin.
 */
export class HostLike {
  readonly #options: RunnerOptions;
  readonly #settings: Record<string, string>;
  readonly #members = new Map<string, Member>();
  readonly #storage: BusyStorage;
  readonly #page: { url: string; close(): void };
  readonly #fail: (reason: string) => void;
  #url = '';
  #stopping = false;

  private constructor(
    options: RunnerOptions,
    settings: Record<string, string>,
    storage: BusyStorage,
    page: { url: string; close(): void },
    fail: (reason: string) => void,
  ) {
    this.#options = options;
    this.#settings = settings;
    this.#storage = storage;
    this.#page = page;
    this.#fail = fail;
  }

  /** Where the API is. */
  get url(): string {
    return this.#url;
  }

  get pageUrl(): string {
    return this.#page.url;
  }

  /** Returns when all groups are served. `fail` is told why a group cannot be. */
  static async start(
    options: RunnerOptions,
    settings: Record<string, string>,
    fail: (reason: string) => void,
  ): Promise<HostLike> {
    const storage = await BusyStorage.start(settings.AzureWebJobsStorage ?? '');
    const page = await hostPage(() => hostLike.url);
    const own = { ...settings, AzureWebJobsStorage: storage.connection };
    const hostLike = new HostLike(options, own, storage, page, fail);
    const { groups, url } = await hostLike.#serve(httpGroup);
    hostLike.#url = url ?? '';
    await Promise.all(groups.filter((group) => group !== httpGroup).map((group) => hostLike.#serve(group)));
    return hostLike;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all([...this.#members.values()].map((member) => this.#end(member)));
    this.#page.close();
    this.#storage.stop();
  }

  /** Starts an instance of a group, and another whenever one has ended. */
  async #serve(group: string): Promise<ReadyReport> {
    const child = spawn(process.execPath, [groupProcess], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => systemVariables.test(name))),
      // A Ctrl-C in the terminal is for the runner.
      detached: true,
    });
    const ready = Promise.withResolvers<ReadyReport>();
    let isReady = false;
    child.once('message', (report: ReadyReport) => {
      isReady = true;
      ready.resolve(report);
    });
    // It has gone before an order reached it; its exit says so, too.
    child.on('error', (error) => log('warning', `${group}: ${error.message}`));
    child.once('exit', (code, signal) => {
      this.#members.delete(group);
      if (this.#stopping) return;
      const ended = `${group}: process ${child.pid} has ended (${signal ?? code}).`;
      if (!isReady) return this.#fail(ended);
      log('warning', `${ended} Another one starts.`);
      void this.#serve(group);
    });
    this.#members.set(group, { group, process: child });
    log('information', `${group} is served by process ${child.pid}.`);
    child.send(this.#startOrder(group));
    return ready.promise;
  }

  #startOrder(group: string): StartOrder {
    const { hostNames, app } = this.#options;
    const port = this.#url === '' ? this.#options.port : Number(new URL(this.#url).port);
    const origins = [this.#page.url, this.#page.url.replace('127.0.0.1', 'localhost'), ...this.#options.origins];
    // Flex Consumption names its instances by this. A process that takes the place of another has the same name.
    const { WEBSITE_INSTANCE_ID: name = String(process.pid), ...settings } = this.#settings;
    const WEBSITE_POD_NAME = `${group.replaceAll(':', '-')}-${name}`;
    return { settings: { ...settings, WEBSITE_POD_NAME }, options: { port, group, app, hostNames, origins } };
  }

  async #end({ process }: Member): Promise<void> {
    const exited = once(process, 'exit');
    if (this.#options.stopBy === 'drain') {
      const order: TerminateOrder = { graceMs: this.#options.grace * 1000 };
      process.send(order);
    } else {
      process.kill(this.#options.stopBy === 'kill' ? 'SIGKILL' : 'SIGTERM');
      const timer = setTimeout(() => process.kill('SIGKILL'), sigtermMs);
      process.once('exit', () => clearTimeout(timer));
    }
    await exited;
  }
}
