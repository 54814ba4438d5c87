/** Chains of steps that are kept: named, exported, imported, shared by link; and values that are tried. */
import { text } from 'node:stream/consumers';
import { Visit } from '../harness/browser.ts';
import { addStep } from '../harness/compose.ts';
import { fixturePath } from '../harness/fixtures.ts';
import { useBrowser, useRunner } from '../harness/use.ts';

const runner = useRunner();
const shared = useBrowser();

test('steps are saved under a name for requests, taken from a link and from a file', async () => {
  const visit = await Visit.begin(shared.browser, runner, {
    acceptDownloads: true,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const { page } = visit;
  await addStep(page, 'canny', 'Canny edges');
  const blur = page.getByLabel('blur', { exact: true });
  await blur.fill('3');
  const keep = page.getByRole('button', { name: 'Save as preset or link' });
  await keep.click();
  await page.getByLabel('Name', { exact: true }).click();
  await page.keyboard.type('Soft edges');
  await page.getByText('preset=soft-edges').waitFor();
  await visit.screenshot('preset-dialog');
  expect(await visit.violations()).toEqual([]);
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export' }).click(),
  ]);
  expect(file.suggestedFilename()).toBe('soft-edges.json');
  const exported = JSON.parse(await text(await file.createReadStream()));
  expect(exported).toEqual({ title: 'Soft edges', steps: [{ operation: 'canny', params: { blur: 3 } }], output: {} });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved. Requests name it "soft-edges".').waitFor();
  expect(await runner.client.get('/api/presets')).toMatchObject({
    presets: [{ name: 'soft-edges', title: 'Soft edges' }],
  });

  await keep.click();
  await page.getByRole('button', { name: 'Copy link' }).click();
  await page.getByText('The link is on the clipboard.').waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await page.getByRole('button', { name: 'Remove Canny edges' }).click();
  await page.getByRole('button', { name: 'Soft edges', exact: true }).click();
  expect(await blur.inputValue()).toBe('3');
  await page.getByRole('button', { name: 'Remove Canny edges' }).click();
  await page.goto(link);
  await page.getByText('The steps of the link are taken over.').waitFor();
  expect(await blur.inputValue()).toBe('3');
  expect(new URL(page.url()).hash).toBe('#/');

  await page.getByRole('button', { name: 'Remove Canny edges' }).click();
  await page.getByRole('button', { name: 'Delete Soft edges' }).click();
  await page.getByText('Soft edges is deleted.').waitFor();
  const imported = { name: 'mine.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(exported)) };
  await page.getByLabel('Import a preset').setInputFiles(imported);
  await page.getByText('Soft edges is among your presets.').waitFor();
  expect(await blur.inputValue()).toBe('3');
  await page.getByRole('button', { name: 'Remove Canny edges' }).click();
  await page
    .getByLabel('Import a preset')
    .setInputFiles({ ...imported, buffer: Buffer.from('{"steps":[{"operation":"magic"}]}') });
  await page.getByText('The service has no operation magic.').waitFor();
  await visit.end();
});

test('values are tried on a contact sheet with what each measures, and a click takes one', async () => {
  const visit = await Visit.begin(shared.browser, runner, { colorScheme: 'dark' });
  const { page } = visit;
  await page.getByLabel('Choose files').setInputFiles(fixturePath('coins.png'));
  await addStep(page, 'watershed', 'Watershed segmentation');
  await page.getByText(/^Preview .*in \d/).waitFor();
  await page.getByRole('button', { name: 'Try values' }).click();
  const sheet = page.getByRole('dialog', { name: 'Try values' });
  await sheet.getByLabel('Parameter', { exact: true }).selectOption({ label: 'min size' });
  for (const [bound, value] of [
    ['Parameter: from', '10'],
    ['Parameter: to', '70'],
  ]) {
    await sheet.getByLabel(bound).click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(value);
    await page.keyboard.press('Tab');
  }
  await sheet.getByLabel('Parameter: values').selectOption('3');
  const cards = sheet.getByRole('listitem');
  await cards
    .nth(2)
    .getByText(/^\d+ objects/)
    .waitFor();
  expect(await cards.count()).toBe(3);
  await sheet.getByLabel('and', { exact: true }).selectOption({ label: 'blur' });
  await cards
    .nth(8)
    .getByText(/^\d+ objects/)
    .waitFor();
  expect(await cards.count()).toBe(9);
  await visit.screenshot('sweep-dark');
  expect(await visit.violations()).toEqual([]);
  await cards.nth(5).getByText('min size 70').waitFor();
  const counted = /^(\d+) objects/m.exec(await cards.nth(5).innerText())?.[1];
  await cards.nth(5).getByRole('button').click();
  await page.getByRole('status', { name: 'Measured in the preview' }).getByText(`${counted} objects`).waitFor();
  expect(await page.getByLabel('min size', { exact: true }).inputValue()).toBe('70');
  await visit.end();
});
