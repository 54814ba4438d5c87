import type { TimerHandler } from '@azure/functions';
import { sweepDue } from '../../lib/tasks/due-sweep.ts';
import { line } from '../../lib/tasks/log.ts';
import { putBackLostTasks } from '../../lib/tasks/lost-tasks.ts';
import { reassignTasks } from '../../lib/tasks/reassign.ts';
import { readStats } from '../../lib/tasks/stats.ts';
import { settings } from '../settings.ts';
import { storage } from '../storage.ts';

/** Timer: gives the tasks of dead instances to others, does what is due, and notes how much there is to do. */
export const reassignSilentTasks: TimerHandler = async (_timer, context) => {
  const account = await storage();
  await reassignTasks(account, settings.workerSilentMs, context);
  await sweepDue(account, settings.workerSilentMs, context);
  const stats = await readStats(account);
  context.info(line('backlog', { ...stats }));
  await putBackLostTasks(account, stats, settings.workerSilentMs, context);
};
