/** Images that browsers do not show, or not in full depth: their preview, their pages, and the window they are seen in. */
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { Visit } from '../harness/browser.ts';
import { addStep, process } from '../harness/compose.ts';
import { fixture, fixturePath } from '../harness/fixtures.ts';
import { until } from '../harness/until.ts';
import { useBrowser, useRunner } from '../harness/use.ts';

const runner = useRunner();
const shared = useBrowser();

/** What a canvas shows: the mean of its red samples. */
const brightness = (page: Page, selector: string) =>
  page
    .locator(selector)
    .first()
    .evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const context = (canvas as HTMLCanvasElement).getContext('2d') as CanvasRenderingContext2D;
      const { data } = context.getImageData(0, 0, width, height);
      let sum = 0;
      for (let i = 0; i < data.length; i += 4) sum += data[i];
      return sum / (data.length / 4);
    });

/** A 16-bit image larger than the preview, of which the samples span few of their values. */
function narrow(): Promise<Buffer<ArrayBuffer>> {
  const [width, height] = [900, 300];
  const data = Uint16Array.from({ length: width * height }, (_, i) => 1000 + Math.round((2000 * (i % width)) / width));
  return sharp(data, { raw: { width, height, channels: 1 } })
    .toColorspace('grey16')
    .png()
    .toBuffer();
}

test('the window of a medical image is dragged on the picture, and is what the result is made with', async () => {
  const visit = await Visit.begin(shared.browser, runner);
  const { page } = visit;
  await page.getByLabel('Choose files').setInputFiles(fixturePath('dicom/gray.dcm'));
  await page.getByRole('img', { name: 'Original' }).waitFor();
  await addStep(page, 'ct', 'Window and level');
  await page.getByRole('img', { name: 'Result' }).waitFor();
  await page.getByRole('button', { name: 'Set the window on the picture' }).click();
  const dialog = page.getByRole('dialog', { name: 'Set the window on the picture' });
  const keys = dialog.getByRole('button', { name: /^Window: level/ });
  await keys.waitFor();
  const before = await keys.innerText();
  const lit = await brightness(page, '.drawing-frame canvas');
  const box = await page.locator('.drawing-frame').boundingBox();
  if (!box) throw new Error('There is no picture.');
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.5);
  await page.mouse.down();
  // Down: the level falls, and the picture brightens as one drags.
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.7, { steps: 5 });
  expect(await brightness(page, '.drawing-frame canvas')).toBeGreaterThan(lit + 5);
  await page.mouse.up();
  expect(await keys.innerText()).not.toBe(before);
  await visit.screenshot('window-level');
  expect(await visit.violations()).toEqual([]);
  // One drag is one change.
  await page.keyboard.press('ControlOrMeta+z');
  expect(await keys.innerText()).toBe(before);
  await page.keyboard.press('ControlOrMeta+Shift+z');
  await keys.focus();
  await page.keyboard.press('Shift+ArrowRight');
  const said = await dialog.getByText(/^center .+, width .+$/).innerText();
  const [, center = '', width = ''] = /^center (.+), width (.+)$/.exec(said.replaceAll('\u202f', '')) ?? [];
  await dialog.getByRole('button', { name: 'Use it' }).click();
  const task = await runner.client.finished(`${await process(page)}-0`);
  expect(task).toMatchObject({
    state: 'Succeeded',
    steps: [{ operation: 'window-level', params: { center: Number(center), width: Number(width) } }],
  });
  await visit.end();
});

test('the preview of 16 bits is the result: no sample is lost on the way', async () => {
  const visit = await Visit.begin(shared.browser, runner);
  const { page } = visit;
  await page.getByLabel('Choose files').setInputFiles(fixturePath('chessboard_GRAY_U16.tif'));
  await addStep(page, 'ct', 'Window and level');
  await page.getByLabel('width', { exact: true }).fill('900');
  await page.getByLabel('center', { exact: true }).fill('20000');
  const result = page.locator('.stage-after canvas').first();
  await result.waitFor();
  await page.getByText(/^Preview/).waitFor();
  const task = await runner.client.run({
    image: fixture('chessboard_GRAY_U16.tif'),
    name: 'chessboard.tif',
    fields: { operation: 'window-level', params: { center: 20_000, width: 900 } },
  });
  const { channels } = await sharp(await runner.client.result(task))
    .grayscale()
    .stats();
  const isAlike = async () => Math.abs((await brightness(page, '.stage-after canvas')) - channels[0].mean) < 2;
  await until(isAlike, { what: 'the preview is as bright as the result' });

  // Where a step takes 8 bits, samples are reduced by the range of the whole image, and results of 16 are shown by theirs.
  const image = await narrow();
  await page.getByRole('button', { name: 'Remove all' }).click();
  await page.getByRole('button', { name: 'Remove Window and level' }).click();
  await page.getByLabel('Choose files').setInputFiles([{ name: 'narrow.png', mimeType: 'image/png', buffer: image }]);
  for (const [operation, title] of [
    ['sepia', 'Sepia'],
    ['invert', 'Invert'],
  ] as const) {
    await addStep(page, operation, title);
    const made = await runner.client.run({ image, name: 'narrow.png', fields: { operation } });
    const { urls } = await runner.client.get(`/api/tasks/${made.id}?urls=1`);
    const rendition = Buffer.from(await (await fetch(urls.rendition)).arrayBuffer());
    const [{ mean }] = (await sharp(rendition).stats()).channels;
    const isSame = async () => Math.abs((await brightness(page, '.stage-after canvas')) - mean) < 3;
    await until(isSame, { what: `${title} is as bright as the result` });
    await page.getByRole('button', { name: `Remove ${title}` }).click();
  }
  await visit.end();
});

test('pages are leafed through in the editor, and the one that is seen is processed', async () => {
  const visit = await Visit.begin(shared.browser, runner, { colorScheme: 'dark' });
  const { page } = visit;
  await page.getByLabel('Choose files').setInputFiles(fixturePath('multipage.tif'));
  const pages = page.getByRole('group', { name: 'Pages' });
  await pages.getByText(/^Page 1 of/).waitFor();
  const first = await brightness(page, '.stage canvas');
  await pages.getByRole('button', { name: 'Next page' }).click();
  await pages.getByText(/^Page 2 of/).waitFor();
  const isOther = async () => {
    const shown = page.locator('.stage canvas').first();
    return (await shown.isVisible()) && (await brightness(page, '.stage canvas')) !== first;
  };
  await until(isOther, { what: 'another page is shown' });
  await addStep(page, 'negative', 'Invert');
  await page.getByRole('img', { name: 'Result' }).waitFor();
  await visit.screenshot('pages-dark');
  expect(await visit.violations()).toEqual([]);
  const id = await process(page);
  expect(await runner.client.finished(`${id}-0`)).toMatchObject({ state: 'Succeeded', page: 2 });
  // In the editor once more, it is that page again.
  await page.getByRole('button', { name: 'Change and run again' }).click();
  await page
    .getByRole('group', { name: 'Pages' })
    .getByText(/^Page 2 of/)
    .waitFor();
  await visit.end();
});
