/** What operators see of the last hours: the records of the service, not of the browser. */
import { Visit } from '../harness/browser.ts';
import { Client } from '../harness/client.ts';
import { fixture } from '../harness/fixtures.ts';
import { Runner } from '../harness/runner.ts';
import { until } from '../harness/until.ts';
import { useBrowser } from '../harness/use.ts';

let runner: Runner;
const shared = useBrowser();
beforeAll(async () => {
  runner = await Runner.start({ env: { HISTORY_SECONDS: '1', REASSIGN_SCHEDULE: '* * * * * *' } });
});
afterAll(() => runner.stop());

test('the last hours are those of the service: a browser that was never here sees them', async () => {
  const client = new Client(runner);
  await client.run({ image: fixture('box.png'), fields: { operation: 'canny' } });
  await client.run({ image: fixture('truncated.jpg'), fields: { operation: 'canny' } });
  const isWritten = async () =>
    (await client.get('/api/stats/history')).ends.some((period: { failed: number }) => period.failed === 1);
  await until(isWritten, { what: 'the end of the task is written' });
  const visit = await Visit.begin(shared.browser, runner.url, { colorScheme: 'dark' });
  const { page } = visit;
  await page.getByRole('link', { name: 'Instances' }).click();
  const times = page.getByRole('region', { name: 'Mean time by operation and phase, in milliseconds' });
  await times.getByRole('row', { name: /^canny 2/ }).waitFor();
  await page.getByRole('img', { name: /^Tasks that end, per minute: succeeded, at most/ }).waitFor();
  await page.getByRole('img', { name: /^Tasks that wait and run: waiting, at most/ }).waitFor();
  const failures = page.getByRole('region', { name: 'Failures by type' });
  await failures.getByRole('row', { name: /^corrupt image \d/ }).waitFor();
  await page.getByLabel('Show').selectOption('24 hours');
  await page.getByText('24 h ago').first().waitFor();
  await visit.screenshot('operators-dark');
  expect(await visit.violations()).toEqual([]);
  await visit.end();
});
