/** Working on a result: its numbers as sliders move, its image once more with other parameters, its versions. */
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { Visit } from '../harness/browser.ts';
import { request } from '../harness/client.ts';
import { addStep, process } from '../harness/compose.ts';
import { fixture } from '../harness/fixtures.ts';
import { useBrowser, useRunner } from '../harness/use.ts';

const runner = useRunner();
const shared = useBrowser();

/** As a person does: clicks into the field, takes out what is there, and types. */
async function type(page: Page, field: string, text: string): Promise<void> {
  await page.getByLabel(field, { exact: true }).click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(text);
}

test('a result opens in the editor with its image; run again, it is a version beside the first', async () => {
  const { client } = runner;
  const first = await client.run(request('coins.png', 'watershed', { minSize: 30 }));
  const visit = await Visit.begin(shared.browser, runner);
  const { page } = visit;
  const uploads: string[] = [];
  page.on('request', (sent) => {
    if (sent.method() === 'PUT') uploads.push(sent.url());
  });
  await page.goto(`${runner.url}/#/jobs/${first.jobId}`);
  const parameters = page.locator('.parameters .changed');
  await parameters.getByText('min size').waitFor();
  expect(await parameters.innerText()).toMatch(/^min size\s+30$/i);

  await page.getByRole('button', { name: 'Change and run again' }).click();
  await page.getByRole('img', { name: 'coins.png' }).waitFor();
  const figures = page.getByRole('status', { name: 'Measured in the preview' });
  await figures.getByText(`${first.measurements[0].count} objects`).waitFor();
  // A reload keeps image and steps.
  await page.reload();
  await figures.getByText(`${first.measurements[0].count} objects`).waitFor();
  await type(page, 'min size', '60');
  await figures.getByText(/^\d+ objects/).waitFor();
  await page.getByRole('img', { name: 'Result' }).waitFor();
  await visit.screenshot('tune-again');
  expect(await visit.violations()).toEqual([]);

  await page.getByRole('button', { name: 'Process again' }).click();
  await page.waitForURL(/#\/jobs\//);
  const versions = page.getByRole('region', { name: 'Versions' }).getByRole('listitem');
  await versions.nth(1).getByText('min size 30 → 60').waitFor();
  await versions.nth(1).getByText('Done').waitFor();
  await versions.nth(0).getByText(`${first.measurements[0].count} objects`).waitFor();
  await page.getByRole('img', { name: 'Result' }).waitFor();
  await visit.screenshot('versions');
  expect(await visit.violations()).toEqual([]);
  expect(uploads).toEqual([]);

  // The first one knows its version, too.
  await versions.nth(0).getByRole('link').click();
  await page.waitForURL(new RegExp(first.jobId));
  await versions.nth(1).getByText('min size 30 → 60').waitFor();
  await page.getByRole('link', { name: 'Jobs' }).click();
  await page.getByText('Watershed segmentation (min size 60)').waitFor();
  await visit.end();
});

test('all images of a job run again, as often as one likes, with nothing sent', async () => {
  const { client } = runner;
  await client.upload({ 'tune/a.png': fixture('box.png'), 'tune/b.png': fixture('coins.png') });
  const job = await client.submit('/api/jobs', { name: 'Plates', prefix: 'tune/', operation: 'canny' });
  await client.jobDone(job.id);
  const visit = await Visit.begin(shared.browser, runner);
  const { page } = visit;
  await page.goto(`${runner.url}/#/jobs/${job.id}`);
  await page.getByRole('button', { name: 'Change and run again' }).click();
  await page.getByText('All images of Plates').waitFor();
  await page.getByRole('button', { name: 'Process 2 images' }).waitFor();
  await type(page, 'blur', '2');
  const again = await process(page);
  expect(again).not.toBe(job.id);
  await page.getByText(/^All done/).waitFor();
  expect(await client.get(`/api/jobs/${again}`)).toMatchObject({ name: 'Plates', total: 2, counts: { succeeded: 2 } });

  // Other images take their place.
  await page.getByRole('button', { name: 'Change and run again' }).click();
  await page.getByText('All images of Plates').waitFor();
  await page
    .getByLabel('Choose files')
    .setInputFiles([{ name: 'c.png', mimeType: 'image/png', buffer: fixture('box.png') }]);
  await page.getByRole('img', { name: 'c.png' }).waitFor();
  expect(new URL(page.url()).hash).toBe('#/');
  expect(await page.getByText('All images of Plates').count()).toBe(0);
  await visit.end();
});

test('where the reduced image counts others than the whole one, the preview says both', async () => {
  // Pairs of squares, a line of one pixel between them: at a third of the size they are one.
  const square = { create: { width: 60, height: 60, channels: 3 as const, background: 'white' } };
  const pairs = Array.from({ length: 12 }, (_, i) => ({
    input: square,
    left: 100 + Math.floor(i / 2) * 300 + (i % 2) * 61,
    top: 90,
  }));
  const buffer = await sharp({ create: { width: 1920, height: 240, channels: 3, background: 'black' } })
    .composite(pairs)
    .png()
    .toBuffer();
  const visit = await Visit.begin(shared.browser, runner);
  const { page } = visit;
  await page.getByLabel('Choose files').setInputFiles([{ name: 'pairs.png', mimeType: 'image/png', buffer }]);
  await addStep(page, 'components', 'Connected components');
  const figures = page.getByRole('status', { name: 'Measured in the preview' });
  await figures.getByText('In the whole image: 12 objects').waitFor();
  expect(await figures.getByRole('strong').innerText()).toMatch(/^6 objects/);
  await visit.screenshot('preview-counts');
  await page.getByRole('button', { name: 'Remove Connected components' }).click();
  await addStep(page, 'canny', 'Canny edges');
  // Fractions differ always: only counts are worth a warning.
  await figures.getByText(/edge fraction/).waitFor();
  expect(await figures.getByText('In the whole image').count()).toBe(0);
  await visit.end();
});

test('a file of pages that browsers do not show is seen, leafed through and tuned', async () => {
  const { client } = runner;
  const first = await client.run({
    image: fixture('multipage.tif'),
    name: 'pages.tif',
    fields: { operation: 'invert', output: { format: 'tiff' } },
  });
  const visit = await Visit.begin(shared.browser, runner);
  const { page } = visit;
  await page.goto(`${runner.url}/#/jobs/${first.jobId}`);
  await page.getByRole('img', { name: 'Result' }).waitFor();
  await page.getByRole('img', { name: 'Original' }).waitFor({ state: 'attached' });
  await page.getByText(/^Page 1 of \d/).waitFor();
  await page.getByRole('button', { name: 'Next page' }).click();
  await page.getByText(/^Page 2 of \d/).waitFor();
  await page.getByText('page 1 → 2').waitFor();
  await page.getByRole('button', { name: 'Change and run again' }).click();
  await page.getByText(/^Preview .*in \d/).waitFor();
  await page.getByRole('img', { name: 'Result' }).waitFor();
  await process(page);
  await page.getByText(/^Page 2 of \d/).waitFor();
  await visit.end();
});
