/** Whoever watches sees the backlog, who works on it, and how long it will take. */
import { Client } from '../harness/client.ts';
import { fixture } from '../harness/fixtures.ts';
import { Runner } from '../harness/runner.ts';
import { until } from '../harness/until.ts';

test('a backlog shows its depth and age; once it is worked on, the pace and the time left', async () => {
  const runner = await Runner.start({ args: ['--only', 'http'] });
  const client = new Client(runner);
  try {
    expect(await client.get('/api/stats')).toMatchObject({ queued: 0, oldestQueuedSeconds: null, secondsLeft: null });
    await client.upload({ 'a.png': fixture('box.png') });
    const { id } = await client.submit('/api/tasks', { image: 'a.png', operation: 'invert' });
    const isOld = async () => (await client.get('/api/stats')).oldestQueuedSeconds >= 1;
    await until(isOld, { what: 'the task has waited for a second' });
    expect(await client.get('/api/stats')).toMatchObject({ queued: 1, running: 0, instances: 0, poisoned: 0 });

    const env = {
      AzureWebJobsStorage: runner.storage,
      WEBSITE_INSTANCE_ID: 'a-instance',
      INSTANCE_SILENT_SECONDS: '1',
    };
    const instance = await Runner.start({ args: ['--only', 'control,process', '--no-storage'], env });
    try {
      await client.finished(id);
      const images = Array(300).fill('a.png');
      const job = await client.submit('/api/jobs', { images, operation: 'watershed' });
      const hasPace = async () => (await client.get('/api/stats')).endedPerMinute >= 2;
      await until(hasPace, { what: 'two tasks have ended' });
      const { instances } = await client.get('/api/instances');
      expect(instances).toEqual([
        {
          id: expect.stringMatching(/^a-instance-/),
          seenAt: expect.any(String),
          tasks: expect.any(Array),
          running: expect.any(Number),
          endedPerMinute: expect.any(Number),
        },
      ]);
      const stats = await client.get('/api/stats');
      expect(stats.instances).toBe(1);
      expect(stats.secondsLeft).toBe(Math.round(((stats.queued + stats.running) / stats.endedPerMinute) * 60));
      await client.send('POST', `/api/jobs/${job.id}/cancel`);
      await client.jobDone(job.id);
    } finally {
      await instance.stop();
    }
  } finally {
    await runner.stop();
  }
});
