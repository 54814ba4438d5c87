/** Holds everything against what must be there. */
import { openStorage } from '../../lib/storage/storage.ts';
import type { Account } from '../harness/account.ts';
import type { Client, TaskJson } from '../harness/client.ts';
import { runSteps } from '../harness/run.ts';
import { type Crew, endings } from './crew.ts';
import type { ChaosReport } from './report.ts';
import { type Work, works } from './works.ts';

/** By way of the service, which tries again where the storage is busy; whoever follows a link must do so themselves. */
async function resultOf(client: Client, { id }: TaskJson): Promise<Buffer> {
  const response = await client.fetch(`/api/tasks/${id}/result?download=1`);
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return Buffer.from(await response.arrayBuffer());
}

/** Adds to the report what is not as it must be. */
export async function check(
  account: Account,
  client: Client,
  crew: Crew,
  ids: Map<string, Work>,
  done: TaskJson[],
  report: ChaosReport,
): Promise<void> {
  const { faults } = report;
  const expected = new Map<string, Buffer>();
  for (const { image, reference, operation, state } of works) {
    if (state === 'Failed') continue;
    const { bytes } = await runSteps(image, [{ operation }], reference);
    expected.set(`${image} ${operation}`, Buffer.from(bytes));
  }
  if (done.length < ids.size) faults.push(`${ids.size - done.length} tasks were never made.`);
  for (const task of done) {
    const { image, operation, state } = ids.get(task.id) as Work;
    if (task.state !== state) faults.push(`${task.id} (${operation}) is ${task.state}: ${task.error?.detail}`);
    else if (
      state === 'Succeeded' &&
      !(await resultOf(client, task)).equals(expected.get(`${image} ${operation}`) as Buffer)
    )
      faults.push(`The result of ${task.id} (${operation}) is not as it must be.`);
  }
  for (const [taskId, times] of endings(crew)) if (times > 1) faults.push(`${taskId} was ended ${times} times.`);
  for (const jobId of new Set([...ids.keys()].map((id) => id.split('-')[0]))) {
    const { counts, total } = await client.get(`/api/jobs/${jobId}`);
    const rows = done.filter((task) => task.jobId === jobId);
    const counted = { succeeded: counts.succeeded, failed: counts.failed, open: counts.queued + counts.running };
    const found = {
      succeeded: rows.filter(({ state }) => state === 'Succeeded').length,
      failed: rows.filter(({ state }) => state === 'Failed').length,
      open: 0,
    };
    if (JSON.stringify(counted) !== JSON.stringify(found) || total !== rows.length)
      faults.push(`Job ${jobId} counts ${JSON.stringify(counted)}; there are ${JSON.stringify(found)}.`);
  }
  const late = report.recoveries.filter((seconds) => seconds > 90);
  if (late.length > 0) faults.push(`Tasks of killed instances ran again only after ${late.join(', ')} s.`);
  const { poisonQueues } = await openStorage(account.connection);
  for (const queue of poisonQueues) {
    const messages = await queue.length();
    if (messages > 0) faults.push(`${queue.name} has ${messages} messages.`);
  }
}
