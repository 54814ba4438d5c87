import { once } from 'node:events';
import { Piscina } from 'piscina';
import { Engine, EngineClosedError, type EngineOptions } from '../../lib/imaging/engine.ts';
import type { ImageJob } from '../../lib/imaging/engine-thread.ts';
import { parseSteps } from '../../lib/imaging/steps.ts';
import { Problem } from '../../lib/problems.ts';
import { fixture } from '../harness/fixtures.ts';
import { deaths } from '../harness/mortal-worker.ts';

const maxPixels = 50e6;
const pixels = 1e5;
const edges = { image: fixture('coins.png'), steps: parseSteps([{ operation: 'canny' }]), output: {}, maxPixels };

async function withEngine(
  options: Partial<EngineOptions>,
  use: (engine: Engine) => Promise<void>,
  worker?: URL,
): Promise<void> {
  const defaults = { threads: 1, timeLimitMs: 60_000, pixelsInFlight: 50e6, maxHeapBytes: 2 ** 30 };
  const engine = new Engine({ ...defaults, ...options }, worker);
  try {
    await use(engine);
  } finally {
    await engine.close();
  }
}

const slowSteps = parseSteps(Array(16).fill({ operation: 'bilateral', params: { kernelSize: 25 } }));
/** Minutes of work. */
const endless: ImageJob = { ...edges, image: fixture('fruits.jpg'), steps: Array(16).fill(slowSteps).flat() };

test('more jobs than threads all get their turn', async () => {
  await withEngine({ threads: 2 }, async (engine) => {
    const results = await Promise.all(Array.from({ length: 12 }, () => engine.run(edges, pixels)));
    expect(new Set(results.map(({ measurements }) => JSON.stringify(measurements))).size).toBe(1);
  });
});

test('a job over its time limit is ended with the limit stated, and the next one runs', async () => {
  await withEngine({ timeLimitMs: 6000 }, async (engine) => {
    await expect(engine.run(endless, pixels)).rejects.toMatchObject({
      details: { type: 'urn:tessera:problem:time-limit-exceeded', seconds: 6, detail: expect.stringContaining('6 s') },
    });
    await expect(engine.run(edges, pixels)).resolves.toMatchObject({ width: 384 });
  });
});

test('waiting for a thread does not count as working', async () => {
  await withEngine({ timeLimitMs: 6000 }, async (engine) => {
    const long = engine.run(endless, pixels).catch(() => 'ended');
    await expect(engine.run(edges, pixels)).resolves.toMatchObject({ width: 384 });
    expect(await long).toBe('ended');
  });
});

test("an image's fault is its own; the thread goes on", async () => {
  await withEngine({}, async (engine) => {
    const broken = { ...edges, image: fixture('truncated.jpg') };
    await expect(engine.run(broken, pixels)).rejects.toMatchObject({
      details: { type: 'urn:tessera:problem:corrupt-image' },
    });
    await expect(engine.run(edges, pixels)).resolves.toMatchObject({ width: 384 });
  });
});

test('a thread whose memory has grown past the limit is replaced, and jobs do not notice', async () => {
  // OpenCV starts with 128 MB, so that each job is past this limit.
  await withEngine({ maxHeapBytes: 1 }, async (engine) => {
    for (let i = 0; i < 3; i++) await expect(engine.run(edges, pixels)).resolves.toMatchObject({ width: 384 });
  });
});

test.each(Object.entries(deaths))(
  'a thread that dies (%s) fails its own job alone, which may be tried again',
  async (_, lowThreshold) => {
    const fatal = { ...edges, steps: parseSteps([{ operation: 'canny', params: { lowThreshold } }]) };
    const worker = new URL('../harness/mortal-worker.ts', import.meta.url);
    const use = async (engine: Engine) => {
      const jobs = [edges, fatal, edges, edges, fatal, edges].map((job) => engine.run(job, pixels));
      const outcomes = await Promise.allSettled(jobs);
      expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual([true, false, true, true, false, true]);
      const [, { reason }] = outcomes as PromiseRejectedResult[];
      expect(reason).not.toBeInstanceOf(Problem);
    };
    await withEngine({ threads: 2 }, use, worker);
  },
);

test('closing ends the job at work and refuses those that wait', async () => {
  await withEngine({}, async (engine) => {
    const jobs = [engine.run(endless, pixels), engine.run(edges, pixels)];
    const outcomes = Promise.allSettled(jobs);
    await engine.close();
    for (const outcome of await outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(EngineClosedError) });
    await expect(engine.run(edges, pixels)).rejects.toThrow(EngineClosedError);
  });
});

test('a thread that cannot be ended takes neither the result of its job nor the turn of the next', async () => {
  const { destroy } = Piscina.prototype;
  const warned = once(process, 'warning');
  // Each job is past this limit, so that its thread is replaced.
  await withEngine({ maxHeapBytes: 1, pixelsInFlight: pixels }, async (engine) => {
    Piscina.prototype.destroy = async function (this: Piscina) {
      Piscina.prototype.destroy = destroy;
      await this.destroy();
      throw new Error('The thread did not end.');
    };
    for (let i = 0; i < 2; i++) await expect(engine.run(edges, pixels)).resolves.toMatchObject({ width: 384 });
  });
  expect(await warned).toMatchObject([{ message: 'The thread did not end.' }]);
});

test('jobs wait while the images at work have too many pixels; one larger than that runs alone', async () => {
  await withEngine({ threads: 3, pixelsInFlight: 10e6 }, async (engine) => {
    const ended: string[] = [];
    const run = (name: string, job: ImageJob, megapixels: number) =>
      engine.run(job, megapixels * 1e6).then(() => ended.push(name));
    const slow = { ...edges, steps: parseSteps([{ operation: 'face-detection' }]) };
    // Three threads are free: were it not for the pixels, the quick ones would end before the slow one.
    await Promise.all([run('slow and huge', slow, 30), run('quick', edges, 6), run('quick too', edges, 4)]);
    expect(ended[0]).toBe('slow and huge');
    expect(ended).toHaveLength(3);
  });
});
