import * as calls from '../../lib/http/calls/service.ts';
import { json } from '../../lib/http/responses.ts';
import { aliveWorkers, readStats } from '../../lib/tasks/stats.ts';
import { endpoint } from '../endpoint.ts';
import { storage } from '../storage.ts';

export const getStats = endpoint(calls.getStats, async () => json(await readStats(await storage())));

/** Without the ids of what they work on, which may be someone else's. */
export const getWorkers = endpoint(calls.getWorkers, async () => {
  const workers = (await aliveWorkers(await storage())).map(({ id, heartbeat, tasks, endedPerMinute }) => ({
    ...{ id, seenAt: heartbeat, running: tasks.length, endedPerMinute },
  }));
  return json({ workers });
});
