import type { TimerHandler } from '@azure/functions';
import { reassignTasks } from '../../lib/tasks/reassign.ts';
import { settings } from '../settings.ts';
import { storage } from '../storage.ts';

/** Timer: gives the tasks of dead instances to others. */
export const reassignSilentTasks: TimerHandler = async (_timer, context) => {
  await reassignTasks(await storage(), settings.workerSilentMs, context);
};
