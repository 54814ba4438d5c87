import type { TimerHandler } from '@azure/functions';
import { settings } from '../../lib/settings.ts';
import { reassignTasks } from '../../lib/tasks/reassign.ts';
import { storage } from '../storage.ts';

/** Timer: gives the tasks of dead instances to others. */
export const reassignSilentTasks: TimerHandler = async (_timer, context) => {
  await reassignTasks(await storage(), settings.workerSilentMs, context);
};
