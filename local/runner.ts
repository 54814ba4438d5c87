import { resolve } from 'node:path';
import { projectRoot } from '../lib/project-root.ts';
import { dataConnection, furtherStorageAccess, hostStorage, storageAccess } from '../lib/storage/access.ts';
import { loadAppSettings } from './app-settings.ts';
import { Azurite, accountNames, allowUploadsFrom, azuriteConnection, checkFree, checkJoinable } from './azurite.ts';
import { EventGrid } from './event-grid.ts';
import { HostLike } from './host-like.ts';
import { LocalIdentity } from './identity.ts';
import { Instance } from './instance.ts';
import { consoleLog as log } from './log.ts';
import { parseOptions, type RunnerOptions, usage } from './options.ts';

/** Runs Tessera with these arguments until a signal; a fault ends the process, in words. */
export async function run(args: string[]): Promise<void> {
  try {
    const options = parseOptions(args);
    if (!options) return void process.stdout.write(`${usage}\n`);
    await checkFree(options.port);
    const identity = options.identity ? await LocalIdentity.start() : null;
    if (identity) Object.assign(process.env, identity.settings(options.storagePort));
    else if (options.storage !== 'setting') process.env.AzureWebJobsStorage = azuriteConnection(options.storagePort);
    if (options.accounts > 1) process.env.TESSERA_FURTHER_STORAGE = furtherStorage(options);
    if (options.storage === 'join') await checkJoinable(options.storagePort);
    if (options.only) process.env.TESSERA_ROLE = options.only.join(',');
    loadAppSettings(projectRoot);
    const stop = await start(options, identity);
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => void stop().then(() => process.exit(0)));
  } catch (error) {
    fail(error);
  }
}

/** Brings everything up, in the order in which things need each other; gives the way to take it down. */
async function start(options: RunnerOptions, identity: LocalIdentity | null): Promise<() => Promise<void>> {
  const data = options.data && resolve(options.data);
  const { storage, storagePort: port, accounts } = options;
  const azurite =
    storage === 'start' ? await Azurite.start(port, data, fail, { accounts, keyless: identity?.account }) : null;
  const stop = options.hostLike ? await startHostLike(options) : await startInstance(options);
  const eventGrid = options.eventGrid
    ? await EventGrid.start(storageAccess(process.env, dataConnection(process.env)))
    : null;
  return async () => {
    await eventGrid?.stop();
    await stop();
    await azurite?.stop();
    identity?.stop();
  };
}

/** The accounts of Azurite besides the first, as the setting of the app has them. */
function furtherStorage({ accounts, identity, storagePort }: RunnerOptions): string {
  const names = accountNames(accounts).slice(1);
  return names.map((name) => (identity ? name : azuriteConnection(storagePort, name))).join();
}

/** All functions in this process. */
async function startInstance(options: RunnerOptions): Promise<() => Promise<void>> {
  const instance = await Instance.start({ ...options, group: null });
  await announce(options, instance.url ?? '', instance.url ?? '');
  instance.listen();
  return async () => {
    log('information', `Stopping: what runs has ${options.grace} s to finish; a second signal ends it now.`);
    if (!(await instance.finish(options.grace * 1000)))
      log('warning', 'Not everything has finished: requests are aborted, tasks requeued.');
    await instance.terminate();
  };
}

/** Each scale group in a process of its own. */
async function startHostLike(options: RunnerOptions): Promise<() => Promise<void>> {
  const hostLike = await HostLike.start(options, process.env as Record<string, string>, fail);
  await announce(options, hostLike.url, hostLike.pageUrl);
  return () => hostLike.stop();
}

async function announce(options: RunnerOptions, url: string, pageUrl: string): Promise<void> {
  if (options.storage !== 'setting') {
    const own = [pageUrl, pageUrl.replace('127.0.0.1', 'localhost')];
    const first = storageAccess(process.env, hostStorage);
    for (const access of [first, ...furtherStorageAccess(process.env, first)])
      await allowUploadsFrom([...own, ...options.origins], access, options.storage === 'join');
  }
  if (pageUrl !== url) process.stdout.write(`The page is at ${pageUrl}\n`);
  process.stdout.write(`Tessera is ready at ${url}\n`);
}

function fail(reason: unknown): never {
  process.stderr.write(`${reason instanceof Error ? reason.message : reason}\n`);
  process.exit(1);
}
