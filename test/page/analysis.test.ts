/** All results of a job at once: the table, statistics and plots, and the files. */
import { text } from 'node:stream/consumers';
import type { Page } from 'playwright-core';
import { Visit } from '../harness/browser.ts';
import { fixture } from '../harness/fixtures.ts';
import { until } from '../harness/until.ts';
import { useBrowser, useRunner } from '../harness/use.ts';

const runner = useRunner();
const shared = useBrowser();
let jobId: string;
beforeAll(async () => {
  const { client } = runner;
  await client.upload({
    'plate/coins.png': fixture('coins.png'),
    'plate/box.png': fixture('box.png'),
    'plate/broken.jpg': fixture('truncated.jpg'),
  });
  const images = [...Array(11).fill('plate/coins.png'), 'plate/box.png', 'plate/broken.jpg'];
  ({ id: jobId } = await client.submit('/api/jobs', { name: 'Plate', images, operation: 'watershed' }));
  await client.jobDone(jobId);
});

const rowsOf = (page: Page) =>
  page.getByRole('region', { name: 'Results, table' }).locator('tbody tr:not(.spacer-row)');

test('a job as a table: sorted, searched, narrowed to outliers by clicks, and opened', async () => {
  const visit = await Visit.begin(shared.browser, runner, { acceptDownloads: true });
  const { page } = visit;
  await page.goto(`${runner.url}/#/jobs/${jobId}`);
  await page.getByRole('link', { name: 'Table and plots' }).click();
  const rows = rowsOf(page);
  await page.getByText('13 of 13 images').waitFor();
  await rows.locator('img').first().waitFor();
  const { tasks } = await runner.client.get(`/api/jobs/${jobId}/tasks?limit=1`);
  const { count } = tasks[0].measurements[0];

  // Of eleven equal images and one other, that one is the outlier.
  const statistics = page.getByLabel('Statistics');
  expect((await statistics.innerText()).replace(/\s+/g, ' ')).toMatch(
    new RegExp(`images 12 .* median ${count} .* outliers 1$`, 'i'),
  );
  await page.locator('.plot canvas').waitFor();
  await visit.screenshot('analysis');
  expect(await visit.violations()).toEqual([]);
  await page.getByRole('button', { name: 'Outliers only' }).click();
  await page.getByText('1 of 13 images').waitFor();
  await rows.getByText('box.png').waitFor();
  await page.getByRole('button', { name: 'Show all' }).click();

  await page.getByRole('button', { name: 'Watershed count' }).click();
  await page
    .getByRole('columnheader', { name: 'Watershed count' })
    .and(page.locator('[aria-sort=ascending]'))
    .waitFor();
  const first = await rows.first().innerText();
  await page.getByRole('button', { name: 'Watershed count' }).click();
  await until(async () => (await rows.first().innerText()) !== first, { what: 'the order is turned round' });
  // What has no value is last in either order.
  expect(await rows.last().innerText()).toMatch(/broken\.jpg/);

  await page.getByRole('searchbox', { name: 'Search by name' }).click();
  await page.keyboard.type('broken');
  await page.getByText('1 of 13 images').waitFor();
  await page.getByRole('searchbox', { name: 'Search by name' }).press('ControlOrMeta+a');
  await page.keyboard.press('Backspace');

  // A bar of the histogram narrows the table to its images; the tallest is that of the coins.
  const plot = page.locator('.plot .u-over');
  const box = await plot.boundingBox();
  if (!box) throw new Error('There is no plot.');
  const below = await runner.client.get(`/api/tasks/${jobId}-11`);
  const coinsRight = below.measurements[0].count < count;
  await plot.click({ position: { x: coinsRight ? box.width - 40 : 40, y: box.height - 6 } });
  await page.getByText('11 of 13 images').waitFor();
  await page.getByRole('button', { name: 'Show all' }).click();

  const [failures] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Failures as CSV' }).click(),
  ]);
  expect(failures.suggestedFilename()).toBe('Plate-failures.csv');
  expect(await text(await failures.createReadStream())).toMatch(/broken\.jpg,corrupt-image/);

  await page.getByRole('link', { name: 'box.png' }).click();
  await page.getByText('12 of 13').waitFor();
  await visit.end();
});

test('two measures against each other: a click on a point opens its image', async () => {
  const visit = await Visit.begin(shared.browser, runner, { colorScheme: 'dark' });
  const { page } = visit;
  await page.goto(`${runner.url}/#/jobs/${jobId}/table`);
  await page.getByLabel('Plot').selectOption({ label: 'Watershed threshold against it' });
  await page.getByRole('img', { name: /^Watershed threshold against Watershed count/ }).waitFor();
  const plot = page.locator('.plot .u-over');
  await plot.waitFor();
  await visit.screenshot('analysis-scatter-dark');
  expect(await visit.violations()).toEqual([]);
  // Where a point is, the pointer says so.
  const box = await plot.boundingBox();
  if (!box) throw new Error('There is no plot.');
  const found = await page.evaluate(() => {
    const over = document.querySelector<HTMLElement>('.plot .u-over') as HTMLElement;
    const { left, top, width, height } = over.getBoundingClientRect();
    for (let y = 1; y < height; y += 6) {
      for (let x = 1; x < width; x += 6) {
        over.dispatchEvent(new MouseEvent('mousemove', { clientX: left + x, clientY: top + y, bubbles: true }));
        if (over.style.cursor === 'pointer') return { x, y };
      }
    }
    return null;
  });
  if (!found) throw new Error('No point was found.');
  await plot.click({ position: found });
  await page.waitForURL(new RegExp(`#/jobs/${jobId}/\\d+$`));
  await visit.end();
});

test('of a hundred thousand images, the rows in sight are drawn, and the last is a scroll away', async () => {
  const visit = await Visit.begin(shared.browser, runner);
  const { page } = visit;
  const lines = Array.from({ length: 100_000 }, (_, index) =>
    JSON.stringify({
      index,
      id: `${jobId}-${index}`,
      name: `scan ${index}.png`,
      state: 'Succeeded',
      error: null,
      values: { 'canny.edgePixels': (index * 7919) % 1000 },
    }),
  );
  await page.route('**/results?format=values-jsonl', (route) =>
    route.fulfill({ body: `${lines.join('\n')}\n`, contentType: 'application/jsonl' }),
  );
  await page.goto(`${runner.url}/#/jobs/${jobId}/table`);
  await page.getByText('100\u202f000 of 100\u202f000 images').waitFor();
  expect(await rowsOf(page).count()).toBeLessThan(60);
  await page.getByRole('region', { name: 'Results, table' }).focus();
  await page.keyboard.press('End');
  await rowsOf(page).getByText('scan 99999.png').waitFor();
  expect(await rowsOf(page).count()).toBeLessThan(60);
  await visit.end();
});
