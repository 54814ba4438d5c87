/**
 * One instance of a scale group, as a process of its own. As the platform's language worker it begins without the app's
 * settings, is given them later, and gets its signals itself: without a listener of the app's own, SIGTERM ends it at once.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Instance, type InstanceOptions } from './instance.ts';
import { consoleLog as log } from './log.ts';

export interface StartOrder {
  settings: Record<string, string>;
  options: InstanceOptions;
}

/** Sent once the functions can be triggered. */
export interface ReadyReport {
  url: string | null;
  groups: string[];
}

export interface TerminateOrder {
  /** How long what runs may go on. */
  graceMs: number;
}

/** What the Functions host gives the termination hooks (`WorkerConstants.WorkerTerminateGracePeriodInSeconds`). */
const hookMs = 5000;

async function start({ settings, options }: StartOrder): Promise<Instance> {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, settings);
  const instance = await Instance.start(options);
  instance.listen();
  const report: ReadyReport = { url: instance.url, groups: instance.groups };
  process.send?.(report);
  return instance;
}

async function terminate(instance: Instance, { graceMs }: TerminateOrder): Promise<void> {
  if (!(await instance.finish(graceMs))) log('warning', 'Not all has finished within the time of grace.');
  await Promise.race([instance.terminate(), sleep(hookMs)]);
  process.exit(0);
}

process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.once('message', (order: StartOrder) => {
  const starting = start(order);
  starting.catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  });
  process.once('message', async (order: TerminateOrder) => terminate(await starting, order));
});
