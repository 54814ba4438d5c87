/** Many images at once: sent, watched, looked through, saved; and those that will not be taken. */
import { text } from 'node:stream/consumers';
import { Visit } from '../harness/browser.ts';
import { Client } from '../harness/client.ts';
import { addStep, process } from '../harness/compose.ts';
import { fixture } from '../harness/fixtures.ts';
import { Runner } from '../harness/runner.ts';
import { until } from '../harness/until.ts';
import { useBrowser } from '../harness/use.ts';

let runner: Runner;
const shared = useBrowser();
beforeAll(async () => {
  runner = await Runner.start({ env: { MAX_IMAGE_MEGABYTES: '1' } });
});
afterAll(async () => {
  await runner.stop();
});

const png = (name: string) => ({ name, mimeType: 'image/png', buffer: fixture('box.png') });

test('50 files at once, one of which is damaged', async () => {
  const visit = await Visit.begin(shared.browser, runner.url, { acceptDownloads: true });
  const { page } = visit;
  const good = Array.from({ length: 49 }, (_, i) => png(`scan ${i}.png`));
  const damaged = { name: 'damaged.jpg', mimeType: 'image/jpeg', buffer: fixture('truncated.jpg') };
  await page.getByLabel('Choose files').setInputFiles([...good, damaged]);
  await page.getByRole('heading', { name: /^50 images/ }).waitFor();
  await addStep(page, 'canny', 'Canny edges');
  await page.getByLabel('Name of the job').fill('Night shift');
  await visit.screenshot('compose-50');
  const id = await process(page);
  await page.getByText(/^Finished in .*1 image failed\.$/).waitFor();
  await page.getByRole('heading', { name: 'Night shift' }).waitFor();
  expect(await new Client(runner).get(`/api/jobs/${id}`)).toMatchObject({ counts: { succeeded: 49, failed: 1 } });

  await page.locator('.card img').first().waitFor();
  expect(await page.locator('.card').count()).toBe(24);
  await visit.screenshot('job-50');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('25–48 of 50').waitFor();
  expect(await page.locator('.card').count()).toBe(24);
  await page.getByLabel('Images a page').selectOption('96');
  await page.getByText('1–50 of 50').waitFor();
  expect(await page.locator('.card').count()).toBe(50);
  await page.getByRole('button', { name: /^Failed/ }).click();
  const failed = page.locator('.card');
  await failed.getByText('damaged.jpg').waitFor();
  await failed
    .getByText(/damaged|truncated|ends|premature/i)
    .last()
    .waitFor();

  const [zip] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'All as ZIP' }).click(),
  ]);
  expect(zip.suggestedFilename()).toBe('Night shift.zip');
  expect((await text(await zip.createReadStream())).slice(0, 2)).toBe('PK');
  const csv = page.getByRole('button', { name: 'Measurements as CSV' });
  const [table] = await Promise.all([page.waitForEvent('download'), csv.click()]);
  expect((await text(await table.createReadStream())).trim().split('\n')).toHaveLength(51);

  // Each image by itself, with the keys.
  await page.getByRole('button', { name: 'All 50' }).click();
  await page.getByRole('link', { name: 'scan 0.png' }).click();
  await page.getByText('1 of 50').waitFor();
  await page.locator('#main').focus();
  await page.keyboard.press('ArrowRight');
  await page.getByText('2 of 50').waitFor();
  await page.getByRole('img', { name: 'Result' }).waitFor();
  await visit.screenshot('viewer-of-50');

  await page.getByRole('link', { name: 'Jobs' }).click();
  await page.getByRole('link', { name: /Night shift/ }).click();
  // Deleting can be taken back; what was not is deleted at last, when the page is left.
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('There are no jobs yet.').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('heading', { name: 'Night shift' }).waitFor();
  await page.getByRole('link', { name: 'Jobs' }).click();
  await page.getByRole('link', { name: /Night shift/ }).waitFor();
  await visit.screenshot('jobs');
  await page.getByRole('link', { name: 'Instances' }).click();
  await page.getByRole('heading', { name: 'Instances', level: 1 }).waitFor();
  await page.locator('.instances li').first().waitFor();
  await visit.screenshot('instances');
  await page.getByRole('link', { name: 'Jobs' }).click();
  await page.getByRole('link', { name: /Night shift/ }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('There are no jobs yet.').waitFor();
  await page.goto('about:blank');
  const isGone = async () => (await new Client(runner).fetch(`/api/jobs/${id}`)).status === 404;
  await until(isGone, { what: 'the job is deleted' });
  await visit.end();
});

test('what many images take is said before they are sent, and follows the steps', async () => {
  const visit = await Visit.begin(shared.browser, runner.url);
  const { page } = visit;
  await page.getByLabel('Choose files').setInputFiles(Array.from({ length: 25 }, (_, i) => png(`scan ${i}.png`)));
  await page.getByRole('heading', { name: /^25 images/ }).waitFor();
  const line = page.getByText(/^About .+ and .*\$\d.* for 25 images in Azure$/);
  expect(await line.count()).toBe(0);
  await addStep(page, 'canny', 'Canny edges');
  await line.waitFor();
  await visit.screenshot('compose-estimate');
  expect(await visit.violations()).toEqual([]);
  await page.getByRole('button', { name: 'Remove Canny edges' }).click();
  await line.waitFor({ state: 'detached' });
  await visit.end();
});

test('what will be refused is said at once, with the reason, and is not sent', async () => {
  const visit = await Visit.begin(shared.browser, runner.url);
  const { page } = visit;
  const files = [
    png('good.png'),
    { name: 'letter.png', mimeType: 'image/png', buffer: Buffer.from('Dear all, this is no image.') },
    { name: 'empty.png', mimeType: 'image/png', buffer: Buffer.alloc(0) },
    { name: 'huge.png', mimeType: 'image/png', buffer: Buffer.alloc(1_200_000, 1) },
  ];
  await page.getByLabel('Choose files').setInputFiles(files);
  const refused = page.getByRole('alert');
  await refused.getByText('3 files will not be sent:').waitFor();
  expect(await refused.innerText()).toMatch(/letter\.png The file is not a JPEG/);
  expect(await refused.innerText()).toMatch(/empty\.png The file is empty/);
  expect(await refused.innerText()).toMatch(/huge\.png The file has 1\.2 MB; at most 1\.0 MB are taken/);
  await visit.screenshot('compose-refused');
  await addStep(page, 'sepia', 'Sepia');
  const id = await process(page);
  await page.getByText('Done', { exact: true }).waitFor();
  expect(await new Client(runner).get(`/api/jobs/${id}`)).toMatchObject({ total: 1, counts: { succeeded: 1 } });
  await visit.end();
});

test('the request can be copied as a command that does the same', async () => {
  const visit = await Visit.begin(shared.browser, runner.url, { permissions: ['clipboard-read', 'clipboard-write'] });
  const { page } = visit;
  await page.getByLabel('Choose files').setInputFiles([png("owner's.png")]);
  await addStep(page, 'canny', 'Canny edges');
  await page.getByLabel('blur', { exact: true }).fill('1.5');
  await page.getByRole('button', { name: 'Copy as curl' }).click();
  await page.getByText('The request is on the clipboard.').waitFor();
  const command = await page.evaluate(() => navigator.clipboard.readText());
  expect(command).toBe(
    [
      String.raw`curl -F 'image=@owner'\''s.png'`,
      `-F 'steps=[{"operation":"canny","params":{"blur":1.5}}]'`,
      `${runner.url}/api/tasks`,
    ].join(' \\\n  '),
  );
  await page.getByLabel('Choose files').setInputFiles([png('b.png')]);
  await page.getByRole('heading', { name: /^2 images/ }).waitFor();
  await page.getByRole('button', { name: 'Copy as curl' }).click();
  await page.getByText('A loop over the images is on the clipboard').waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(
    /^for image in 'owner'\\''s\.png' 'b\.png'; do\ncurl -F "image=@\$image" \\\n.*\ndone$/s,
  );
  await visit.end();
});
