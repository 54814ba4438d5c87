/** A thread that ended is told from a job that failed by what happened, not by what the error says. */
import { Engine, WorkerLostError } from '../../lib/imaging/engine.ts';
import { parseSteps } from '../../lib/imaging/steps.ts';
import { fixture } from '../harness/fixtures.ts';
import { deaths, fault } from '../harness/mortal-worker.ts';

let engine: Engine;
beforeAll(() => {
  const options = { threads: 1, timeLimitMs: 60_000, pixelsInFlight: 1e8, maxHeapBytes: 2 ** 30 };
  engine = new Engine(options, new URL('../harness/mortal-worker.ts', import.meta.url));
});
afterAll(() => engine.close());

function run(lowThreshold: number) {
  const steps = parseSteps([{ operation: 'canny', params: { lowThreshold } }]);
  return engine.run({ image: fixture('box.png'), steps, output: {}, page: 1, maxPixels: 1e8 }, 324 * 223);
}

test('a thread that exits is lost', async () => {
  await expect(run(deaths.exit)).rejects.toThrow(WorkerLostError);
});

test('a job that fails is no lost thread, whatever its error says', async () => {
  const error = await run(fault).catch((error) => error);
  expect(error).not.toBeInstanceOf(WorkerLostError);
  expect(error.message).toBe('There is no worker for this.');
});
