/** While images are sent: what was asked for is what runs, and nothing else is lost. */

import { crc32 } from 'node:zlib';
import type { Page, Route } from 'playwright-core';
import { Visit } from '../harness/browser.ts';
import { addStep, process } from '../harness/compose.ts';
import { fixture, fixturePath } from '../harness/fixtures.ts';
import { until } from '../harness/until.ts';
import { useBrowser, useRunner } from '../harness/use.ts';

const runner = useRunner();
const shared = useBrowser();

let visit: Visit;
let page: Page;
beforeEach(async () => {
  visit = await Visit.begin(shared.browser, runner);
  page = visit.page;
});
afterEach(() => visit.end());

const png = (name: string) => ({ name, mimeType: 'image/png', buffer: fixture('box.png') });

/** Holds back what is sent to the storage; gives what lets it go on. */
async function holdUploads(): Promise<() => Promise<void>> {
  const held: Route[] = [];
  let isOpen = false;
  await page.route(/\/inputs\//, (route) => (isOpen ? route.continue() : void held.push(route)));
  return async () => {
    isOpen = true;
    await Promise.all(held.map((route) => route.continue()));
  };
}

test('what was chosen at the click is what runs; what is added or opened meanwhile is kept', async () => {
  await page.getByLabel('Choose files').setInputFiles([png('a.png'), png('b.png')]);
  await addStep(page, 'sepia', 'Sepia');
  await page.getByLabel('Name of the job').pressSequentially('First batch');
  const letGo = await holdUploads();
  await page.getByRole('button', { name: 'Process 2 images' }).click();
  await page.getByText('Sending: 0 of 2 images').waitFor();
  // The steps cannot be changed under what is being sent.
  expect(await page.locator('.steps').evaluate((steps) => steps.closest('[inert]') !== null)).toBe(true);
  await page.getByLabel('Choose files').setInputFiles([png('later.png'), png('last.png')]);
  await page.getByRole('heading', { name: /^4 images/ }).waitFor();
  await page.getByRole('link', { name: 'Jobs' }).click();
  await page.getByRole('link', { name: /^Sending/ }).waitFor();
  await visit.screenshot('sending-elsewhere');
  await letGo();
  // Whoever went elsewhere is told, and stays there.
  const link = page.getByRole('link', { name: 'See the results' });
  await link.waitFor();
  expect(new URL(page.url()).hash).toBe('#/jobs');
  const id = (await link.getAttribute('href'))?.split('/')[2];
  expect(await runner.client.get(`/api/jobs/${id}`)).toMatchObject({
    name: 'First batch',
    total: 2,
    steps: [{ operation: 'sepia' }],
  });
  await page.getByRole('link', { name: 'New' }).click();
  await page.getByRole('heading', { name: /^2 images/ }).waitFor();
  await page.getByRole('img', { name: 'later.png' }).waitFor();
  expect(await page.getByLabel('Name of the job').inputValue()).toBe('');
});

test('the first click on Process without a network costs nothing but that click', async () => {
  await page.getByLabel('Choose files').setInputFiles(fixturePath('box.png'));
  await addStep(page, 'sepia', 'Sepia');
  await page.getByText(/^Preview .*in \d/).waitFor();
  await page.context().setOffline(true);
  await page.getByRole('button', { name: 'Process', exact: true }).click();
  await page
    .getByText(/The service cannot be reached/)
    .first()
    .waitFor();
  await page.context().setOffline(false);
  const again = page.getByRole('button', { name: 'Process', exact: true });
  await until(async () => (await again.isVisible()) || page.url().includes('/jobs/'), {
    what: 'it goes on, or may be tried again',
  });
  if (!page.url().includes('/jobs/')) await again.click();
  await page.getByText('Done', { exact: true }).waitFor();
});

test('a large image is sent in blocks, and is whole', async () => {
  // A PNG with a chunk of five megabytes that readers pass over.
  const image = fixture('box.png');
  const end = image.length - 12;
  const chunk = Buffer.alloc(12 + 5_000_000);
  chunk.writeUInt32BE(5_000_000, 0);
  chunk.write('prVt', 4, 'latin1');
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + 5_000_000)), 8 + 5_000_000);
  const buffer = Buffer.concat([image.subarray(0, end), chunk, image.subarray(end)]);
  const kinds: (string | null)[] = [];
  page.on('request', (sent) => {
    if (sent.method() === 'PUT') kinds.push(new URL(sent.url()).searchParams.get('comp'));
  });
  await page.getByLabel('Choose files').setInputFiles([{ name: 'large.png', mimeType: 'image/png', buffer }]);
  await addStep(page, 'invert', 'Invert');
  const id = await process(page);
  await page.getByText('Done', { exact: true }).waitFor();
  expect(kinds).toEqual(['block', 'block', 'block', 'blocklist']);
  const task = await runner.client.task(`${id}-0`);
  expect(task.input).toMatchObject({ bytes: buffer.length, contentType: 'image/png', width: 324, height: 223 });
});

test('a job keeps its page, its filter and its place while one looks at single images', async () => {
  const { client } = runner;
  const files = Object.fromEntries(Array.from({ length: 34 }, (_, i) => [`place/${100 + i}.png`, fixture('box.png')]));
  const broken = Buffer.from(fixture('box.png').subarray(0, 4000));
  await client.upload({ ...files, 'place/105.png': broken, 'place/120.png': broken });
  const job = await client.submit('/api/jobs', { prefix: 'place/', operation: 'invert' });
  await client.jobDone(job.id);
  await page.goto(`${runner.url}/#/jobs/${job.id}`);
  // Files that are damaged stay so: there is nothing to retry.
  await page.getByRole('button', { name: /^Failed 2/ }).click();
  await until(async () => (await page.locator('.card').count()) === 2, { what: 'the failed ones are shown' });
  expect(await page.getByRole('button', { name: /^Try/ }).count()).toBe(0);
  await page.getByRole('link', { name: '105.png' }).click();
  await page.getByText('6 of 34').waitFor();
  await page.getByRole('link', { name: 'Next image' }).click();
  await page.getByText('21 of 34').waitFor();
  expect(await page.getByRole('link', { name: 'Next image' }).count()).toBe(0);
  await page.getByRole('link', { name: 'All images' }).click();
  await page.getByRole('link', { name: '105.png' }).waitFor();
  expect(await page.locator('.card').count()).toBe(2);
  await page.getByRole('button', { name: 'All 34' }).click();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('25–34 of 34').waitFor();
  await page.getByRole('link', { name: '132.png' }).click();
  await page.getByText('33 of 34').waitFor();
  await page.getByRole('link', { name: 'All images' }).click();
  await page.getByText('25–34 of 34').waitFor();
});
