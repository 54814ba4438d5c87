import type { TimerHandler } from '@azure/functions';
import { PauseSwitch } from '../../lib/instances/pause.ts';
import { line, log } from '../../lib/log.ts';
import { sweepDue } from '../../lib/recovery/due-sweep.ts';
import { restartDispatcher } from '../../lib/recovery/lost-commands.ts';
import { requeueLostTasks } from '../../lib/recovery/lost-tasks.ts';
import { reassignTasks } from '../../lib/recovery/reassign-tasks.ts';
import { readStats } from '../../lib/recovery/stats.ts';
import { settings } from '../settings.ts';
import { storage } from '../storage.ts';

/** Timer: gives the tasks of dead instances to others and, unless the instances are paused, does what is due and notes how much there is to do. */
export const reassignSilentTasks: TimerHandler = async (_timer) => {
  const account = await storage();
  await reassignTasks(account, settings.instanceSilentMs);
  if (await new PauseSwitch(account).since()) return;
  await sweepDue(account, settings.instanceSilentMs);
  await restartDispatcher(account);
  const { stats } = await readStats(account);
  log.info(line('backlog', { ...stats }));
  await requeueLostTasks(account, stats, settings.instanceSilentMs);
};
