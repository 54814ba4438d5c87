/** Operators see the last hours by the service's own records, whichever instance did the work and whether it still lives. */
import { cleanUp } from '../../lib/recovery/clean-up.ts';
import { openStorage } from '../../lib/storage/storage.ts';
import { Client } from '../harness/client.ts';
import { fixture } from '../harness/fixtures.ts';
import { Runner } from '../harness/runner.ts';
import { until } from '../harness/until.ts';

const day = 24 * 3600_000;

interface Ends {
  succeeded: number;
  failed: number;
  failures: Record<string, number>;
  operations: Record<string, { tasks: number; phases: Record<string, { sum: number; longest: number }> }>;
}

test('what ended, how long it took, why it failed, and the backlog at each minute', async () => {
  const front = await Runner.start({ args: ['--only', 'http'] });
  const client = new Client(front);
  const history = () => client.get('/api/stats/history?hours=1');
  try {
    expect(await history()).toEqual({ samples: [], ends: [], storage: null });
    const env = {
      AzureWebJobsStorage: front.storage,
      HISTORY_SECONDS: '1',
      REASSIGN_SCHEDULE: '* * * * * *',
      CLEAN_UP_SCHEDULE: '0 0 0 1 1 *',
    };
    const worker = await Runner.start({ args: ['--only', 'control,process', '--no-storage'], env });
    try {
      const image = fixture('box.png');
      await client.run({ image, fields: { operation: 'canny' } });
      await client.run({ image, fields: { operation: 'canny', params: { blur: 1 } } });
      await client.run({ image, fields: { steps: [{ operation: 'invert' }, { operation: 'sepia' }] } });
      await client.run({ image: fixture('truncated.jpg'), fields: { operation: 'canny' } });
      const isWritten = async () => {
        const { ends, samples } = await history();
        const count = ends.reduce((sum: number, { succeeded, failed }: Ends) => sum + succeeded + failed, 0);
        return count === 4 && samples.length > 0;
      };
      await until(isWritten, { what: 'four ends are written, and a sample' });
    } finally {
      await worker.stop();
    }
    // The instance is gone; what it did is not.
    const { ends, samples } = await history();
    const sumOf = (value: (one: Ends) => number) => ends.reduce((sum: number, one: Ends) => sum + value(one), 0);
    expect([sumOf(({ succeeded }) => succeeded), sumOf(({ failed }) => failed)]).toEqual([3, 1]);
    expect(sumOf(({ failures }) => failures['corrupt-image'] ?? 0)).toBe(1);
    expect(sumOf(({ operations }) => operations.canny?.tasks ?? 0)).toBe(3);
    expect(sumOf(({ operations }) => operations.pipeline?.tasks ?? 0)).toBe(1);
    for (const { phases } of (ends as Ends[]).flatMap(({ operations }) => Object.values(operations))) {
      const { total, process } = phases;
      expect(total.longest).toBeLessThanOrEqual(total.sum);
      if (process) expect(process.sum).toBeLessThan(total.sum);
    }
    expect(samples.at(-1)).toMatchObject({
      at: expect.stringMatching(/:00\.000Z$/),
      queued: expect.any(Number),
      running: expect.any(Number),
      instances: expect.any(Number),
      poisoned: 0,
    });

    // The clean-up says what there is, and forgets what is older than two days.
    const storage = await openStorage(front.storage);
    await cleanUp(storage, 7 * day);
    const { storage: used } = await history();
    // Four images, three results.
    expect([used.inputs.blobs, used.results.blobs]).toEqual([4, 3]);
    expect(used.inputs.bytes).toBe(3 * fixture('box.png').length + fixture('truncated.jpg').length);
    expect(used.results.bytes).toBeGreaterThan(0);
    await cleanUp(storage, 7 * day, Date.now() + 2.1 * day);
    expect(await history()).toMatchObject({ samples: [], ends: [] });
  } finally {
    await front.stop();
  }
});

test('the past is bounded, and said to be', async () => {
  const runner = await Runner.start({ args: ['--only', 'http'] });
  try {
    const response = await new Client(runner).fetch('/api/stats/history?hours=49');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ field: 'hours' });
  } finally {
    await runner.stop();
  }
});
