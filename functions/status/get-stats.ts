import * as calls from '../../lib/http/calls/service.ts';
import { json } from '../../lib/http/responses.ts';
import { PauseSwitch } from '../../lib/instances/pause.ts';
import { parseTaskId } from '../../lib/model/ids.ts';
import type { StoredTask } from '../../lib/model/task.ts';
import { readHistory } from '../../lib/recovery/history.ts';
import { readStats, standingsOf } from '../../lib/recovery/stats.ts';
import { endpoint } from '../endpoint.ts';
import { storage } from '../storage.ts';

export const getStats = endpoint(calls.getStats, async ({ owner }) => {
  const account = await storage();
  const [{ stats, backlog }, pausedSince] = await Promise.all([readStats(account), new PauseSwitch(account).since()]);
  return json({ ...stats, pausedSince, yourJobs: standingsOf(owner, stats, backlog) });
});

export const getHistory = endpoint(calls.getHistory, async ({ query: { hours } }) =>
  json(await readHistory(await storage(), new Date(Date.now() - hours * 3600_000))),
);

/** So many tasks are looked up, at most, to see whose they are. */
const maxLooks = 100;

/** Of what the instances work on, callers see only what is theirs. */
export const getInstances = endpoint(calls.getInstances, async ({ owner }) => {
  const account = await storage();
  const alive = await account.instances.alive();
  const store = account.tasks;
  const ids = alive.flatMap(({ tasks }) => tasks).slice(0, maxLooks);
  const found = await Promise.all(ids.map((id) => store.get(id)));
  const own = found.filter((task) => task?.owner === owner && task.state === 'Running');
  const instances = alive.map(({ id, heartbeat, tasks, endedPerMinute }) => ({
    id,
    seenAt: heartbeat,
    running: tasks.length,
    endedPerMinute,
    tasks: own.flatMap((task) => (task && tasks.includes(task.id) ? [atWork(task)] : [])),
  }));
  return json({ instances });
});

function atWork({ id, input: { name }, steps, startedAt }: StoredTask) {
  return { id, jobId: parseTaskId(id)?.jobId, name, operations: steps.map(({ operation }) => operation), startedAt };
}
