/**
 * Pauses and resumes the instances of a storage account, for a deployment or an incident:
 *
 *     npm run pause    nothing new is begun; what is submitted waits
 *     npm run drain    as pause, and returns when nothing runs any more; `-- --within 600` says for how many seconds it waits
 *     npm run resume   work goes on
 *
 * The account is the one that the settings of the functions name, such as `AzureWebJobsStorage__accountName`; there whoever is
 * signed in, as by `az login`, needs the roles of the app.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { PauseSwitch } from '../lib/instances/pause.ts';
import { dataConnection, storageAccess } from '../lib/storage/access.ts';
import { openStorage, type Storage } from '../lib/storage/storage.ts';

const lookMs = 1000;
/** Instances that have not asked yet whether they are paused may still begin something. */
const takesEffectMs = 6000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { within: { type: 'string', default: '600' } },
});

const storage = await openStorage(storageAccess(process.env, dataConnection(process.env)));
const pause = new PauseSwitch(storage);

switch (positionals[0]) {
  case 'pause':
    await pause.pause();
    console.info('Paused. What runs ends; nothing new begins.');
    break;
  case 'resume':
    await pause.resume();
    console.info('Resumed.');
    break;
  case 'drain':
    await pause.pause();
    process.exitCode = (await drained(storage, Number(values.within) * 1000)) ? 0 : 1;
    break;
  default:
    throw new Error('Say pause, resume or drain.');
}

/** Whether nothing runs before the time is over. */
async function drained(storage: Storage, withinMs: number): Promise<boolean> {
  const begun = Date.now();
  for (let last = -1; ; ) {
    const alive = await storage.instances.alive();
    const running = alive.reduce((sum, { tasks, jobCommands }) => sum + tasks.length + jobCommands.length, 0);
    const waited = Date.now() - begun;
    if (running === 0 && waited >= takesEffectMs) {
      console.info('Drained: nothing runs.');
      return true;
    }
    if (waited > withinMs) {
      console.error(`Not drained after ${withinMs / 1000} s: ${running} tasks and commands still run.`);
      return false;
    }
    if (running !== last) console.info(`${running} tasks and commands run.`);
    last = running;
    await sleep(lookMs);
  }
}
