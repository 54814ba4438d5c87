import { openStorage } from '../../lib/storage/storage.ts';
import { fixture } from '../harness/fixtures.ts';
import { Runner } from '../harness/runner.ts';
import { until } from '../harness/until.ts';

let runner: Runner;
beforeAll(async () => {
  runner = await Runner.start({ args: ['--event-grid'] });
});
afterAll(() => runner.stop());

test('an image that is put in a folder comes out of the outbox, and the next version of it too', async () => {
  const { intake, outbox } = await openStorage(runner.storage);
  await intake.put('edges/ä b/coins.png', fixture('coins.png'), 'image/png');
  await intake.putText('edges/pipeline.json', '{"operation": "canny"}');
  const ended = async () => {
    const answer = await outbox.text('edges/ä b/coins.png.json');
    return answer && JSON.parse(answer);
  };
  const first = await until(ended, { what: 'the task is in the outbox' });
  expect(first).toMatchObject({ state: 'Succeeded', steps: [{ operation: 'canny' }], input: { width: 384 } });
  expect(first.measurements[0].edgePixels).toBeGreaterThan(0);
  expect(await outbox.properties('edges/ä b/coins.png.png')).not.toBeNull();
  await intake.put('edges/ä b/coins.png', fixture('box.png'), 'image/png');
  const isSecond = async () => ((await ended())?.id === first.id ? null : ended());
  expect(await until(isSecond, { what: 'the next task is in the outbox' })).toMatchObject({ input: { width: 324 } });
});
