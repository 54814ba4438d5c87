import { text } from 'node:stream/consumers';
import { putBytes, putText } from '../../lib/storage/blobs.ts';
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
  await putBytes(intake, 'edges/ä b/coins.png', fixture('coins.png'), 'image/png');
  await putText(intake, 'edges/pipeline.json', '{"operation": "canny"}');
  const ended = async () => {
    const client = outbox.getBlobClient('edges/ä b/coins.png.json');
    if (!(await client.exists())) return null;
    return JSON.parse(await text((await client.download()).readableStreamBody as never));
  };
  const first = await until(ended, { what: 'the task is in the outbox' });
  expect(first).toMatchObject({ state: 'Succeeded', steps: [{ operation: 'canny' }], input: { width: 384 } });
  expect(first.measurements[0].edgePixels).toBeGreaterThan(0);
  expect(await outbox.getBlobClient('edges/ä b/coins.png.png').exists()).toBe(true);
  await putBytes(intake, 'edges/ä b/coins.png', fixture('box.png'), 'image/png');
  const isSecond = async () => ((await ended())?.id === first.id ? null : ended());
  expect(await until(isSecond, { what: 'the next task is in the outbox' })).toMatchObject({ input: { width: 324 } });
});
