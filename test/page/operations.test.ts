/** The whole way of the page: an image is chosen, a step added, seen before it is sent, sent, and its result looked at. */
import { buffer } from 'node:stream/consumers';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { Visit } from '../harness/browser.ts';
import { addStep, process } from '../harness/compose.ts';
import { fixture, fixturePath } from '../harness/fixtures.ts';
import { until } from '../harness/until.ts';
import { useBrowser, useRunner } from '../harness/use.ts';

const runner = useRunner();
const shared = useBrowser();

interface Way {
  operation: string;
  title: string;
  image: string;
  reference?: string;
  /** What a user might search for. */
  words: string;
  /** The list in the measurements. */
  row: string | null;
}

const ways: Way[] = [
  { operation: 'canny', title: 'Canny edges', image: 'coins.png', words: 'thin outlines', row: null },
  { operation: 'watershed', title: 'Watershed segmentation', image: 'coins.png', words: 'coins', row: 'objects' },
  { operation: 'face-detection', title: 'Face detection', image: 'astronaut.png', words: 'faces eyes', row: 'faces' },
  { operation: 'people-cutout', title: 'Cut out people', image: 'astronaut.png', words: 'background', row: null },
  {
    operation: 'feature-matching',
    title: 'Feature matching',
    image: 'box.png',
    reference: 'box_in_scene.png',
    words: 'same points',
    row: 'pairs',
  },
];

test.each(ways)('$operation', async ({ operation, title, image, reference, words, row }) => {
  const visit = await Visit.begin(shared.browser, runner);
  const { page } = visit;
  await page.getByLabel('Choose files').setInputFiles(fixturePath(image));
  await addStep(page, words, title);
  if (reference) await page.getByLabel('Choose the second image').setInputFiles(fixturePath(reference));
  await page.getByText(/^Preview .*in \d/).waitFor();
  await visit.screenshot(`compose-${operation}`);
  const id = `${await process(page)}-0`;

  await page.getByText('Done', { exact: true }).waitFor();
  await page.getByRole('heading', { name: title }).waitFor();
  const task = await runner.client.task(id);
  expect(task).toMatchObject({ state: 'Succeeded', steps: [{ operation }] });
  const [measured] = task.measurements;
  if (row !== null) {
    const table = page.getByRole('region', { name: `${row}, table` });
    expect(await table.locator('tbody tr').count()).toBe(measured[row].length);
    // Lines that the result has already are drawn once more where one points at them.
    const drawn = operation === 'feature-matching' ? 0 : measured[row].length;
    expect(await page.locator('.overlay').count()).toBe(drawn);
    await table.locator('tbody tr').first().hover();
    expect(await page.locator('.overlay.pointed').count()).toBe(1);
  }
  await page.getByRole('img', { name: 'Result' }).waitFor();
  await visit.screenshot(`result-${operation}`);

  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download' }).click(),
  ]);
  expect(saved.suggestedFilename()).toBe(image.replace('.png', `-${operation}.png`));
  expect((await buffer(await saved.createReadStream())).equals(await runner.client.result(task))).toBe(true);
  await visit.end();
});

test('the steps of a job can be taken for the next one', async () => {
  const visit = await Visit.begin(shared.browser, runner);
  const { page } = visit;
  await page.getByLabel('Choose files').setInputFiles(fixturePath('box.png'));
  await addStep(page, 'canny', 'Canny edges');
  await page.getByLabel('blur', { exact: true }).fill('1.5');
  await process(page);
  await page.getByText('Done', { exact: true }).waitFor();
  await page.evaluate(() => sessionStorage.clear());
  await page.reload();
  await page.getByRole('button', { name: 'New with these steps' }).click();
  expect(await page.getByLabel('blur', { exact: true }).inputValue()).toBe('1.5');
  await page.getByRole('button', { name: 'Back to the defaults' }).click();
  expect(await page.getByLabel('blur', { exact: true }).inputValue()).toBe('0');
  await visit.end();
});

test('the preview is what the service makes, where the image needs no reduction', async () => {
  const visit = await Visit.begin(shared.browser, runner);
  const { page } = visit;
  await page.getByLabel('Choose files').setInputFiles(fixturePath('coins.png'));
  await addStep(page, 'canny', 'Canny edges');
  await page.getByText(/^Preview .*in \d/).waitFor();
  const shown = await previewPixels(page);
  const { client } = runner;
  const task = await client.run({ image: fixture('coins.png'), fields: { operation: 'canny' } });
  expect(shown.equals(await rgba(await client.result(task)))).toBe(true);
  await visit.end();
});

test('the preview of a large image is of all of it, reduced, or of its middle as it is', async () => {
  const visit = await Visit.begin(shared.browser, runner);
  const { page } = visit;
  await page.getByLabel('Choose files').setInputFiles(fixturePath('graf1.png'));
  await addStep(page, 'canny', 'Canny edges');
  await page.getByText(/^Preview at 80 % of the size/).waitFor();
  await page.getByRole('button', { name: 'The middle at full size' }).click();
  await page.getByText(/^Preview of the middle, at full size, in \d/).waitFor();
  const middle = sharp(fixture('graf1.png')).extract({ left: 80, top: 0, width: 640, height: 640 });
  const { client } = runner;
  const image = Buffer.from(await middle.png().toBuffer());
  const task = await client.run({ image, fields: { operation: 'canny' } });
  expect(task.input).toMatchObject({ width: 640, height: 640 });
  expect((await previewPixels(page)).equals(await rgba(await client.result(task)))).toBe(true);
  await visit.end();
});

test('the preview follows the sliders, and says what is wrong with a value as it is typed', async () => {
  const visit = await Visit.begin(shared.browser, runner);
  const { page } = visit;
  await page.getByLabel('Choose files').setInputFiles(fixturePath('coffee.png'));
  await addStep(page, 'canny', 'Canny edges');
  await page.getByText(/^Preview .*in \d/).waitFor();
  const edges = async () => (await previewPixels(page)).filter((sample) => sample === 255).length;
  const before = await edges();
  await page.getByLabel('blur', { exact: true }).fill('6');
  await until(async () => (await edges()) < before, { what: 'the preview has fewer edges' });
  await page.getByLabel('low threshold', { exact: true }).fill('5000');
  await page.locator('.param.wrong').getByText('low threshold must not be above high threshold').waitFor();
  expect(await page.getByRole('button', { name: 'Process', exact: true }).isDisabled()).toBe(true);
  await visit.screenshot('compose-invalid');
  await page.getByRole('button', { name: 'Back to the defaults' }).click();
  await page.waitForFunction(() => !document.querySelector<HTMLButtonElement>('button.primary')?.disabled);
  await visit.end();
});

function rgba(image: Buffer): Promise<Buffer> {
  return sharp(image).toColorspace('srgb').ensureAlpha().raw().toBuffer();
}

/** RGBA, row by row. */
async function previewPixels(page: Page): Promise<Buffer> {
  // A string crosses over to here much faster than numbers do.
  const latin1 = await page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('.stage-after canvas');
    const samples = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    return Array.from(samples, (sample) => String.fromCharCode(sample)).join('');
  });
  return Buffer.from(latin1, 'latin1');
}
