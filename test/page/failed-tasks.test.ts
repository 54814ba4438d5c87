/** Failed tasks among the instances: by reason, to be queued again, all or one. */
import { Visit } from '../harness/browser.ts';
import { fixture } from '../harness/fixtures.ts';
import { until } from '../harness/until.ts';
import { useBrowser, useRunner } from '../harness/use.ts';

const runner = useRunner();
const shared = useBrowser();

test('what failed is listed with its reason, and is queued again by a click', async () => {
  const { client } = runner;
  const task = await client.run({
    image: fixture('truncated.jpg'),
    name: 'broken.jpg',
    fields: { operation: 'canny' },
  });
  expect(task.state).toBe('Failed');
  const visit = await Visit.begin(shared.browser, runner);
  const { page } = visit;
  await page.getByRole('link', { name: 'Instances' }).click();
  const failed = page.getByRole('region', { name: 'Failed tasks' });
  await failed.getByRole('link', { name: 'broken.jpg' }).waitFor();
  await failed.getByText('The image file is damaged').waitFor();
  await visit.screenshot('failed-tasks');
  expect(await visit.violations()).toEqual([]);
  await failed.getByRole('button', { name: /^Requeue all/ }).click();
  await page.getByText('Queued again.').waitFor();
  const again = async () => {
    const now = await client.task(task.id);
    return now.finishedAt !== null && now.finishedAt !== task.finishedAt;
  };
  await until(again, { what: 'the task is worked on once more' });
  await visit.end();
});

test('one failed task alone is queued again', async () => {
  const { client } = runner;
  const fields = { operation: 'canny' };
  const one = await client.run({ image: fixture('truncated.jpg'), name: 'one.jpg', fields });
  const other = await client.run({ image: fixture('truncated.jpg'), name: 'other.jpg', fields });
  const visit = await Visit.begin(shared.browser, runner);
  const { page } = visit;
  await page.getByRole('link', { name: 'Instances' }).click();
  await page.getByRole('button', { name: 'Requeue one.jpg' }).click();
  await page.getByText('Queued again.').waitFor();
  const again = async () => {
    const { finishedAt } = await client.task(one.id);
    return finishedAt !== null && finishedAt !== one.finishedAt;
  };
  await until(again, { what: 'the task is worked on once more' });
  expect((await client.task(other.id)).finishedAt).toBe(other.finishedAt);
  await visit.end();
});
