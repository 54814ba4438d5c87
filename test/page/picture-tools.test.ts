/** Shapes on the picture that set parameters: a rectangle, corners, a ruler. */
import type { Page } from 'playwright-core';
import { Visit } from '../harness/browser.ts';
import { addStep, process } from '../harness/compose.ts';
import { fixturePath } from '../harness/fixtures.ts';
import { useBrowser, useRunner } from '../harness/use.ts';

const runner = useRunner();
const shared = useBrowser();

/** Presses at one place of the picture, in parts of its sides, and lets go at another. */
async function drag(page: Page, from: [number, number], to: [number, number]): Promise<void> {
  const box = await page.locator('.drawing-frame').boundingBox();
  if (!box) throw new Error('There is no picture.');
  const place = ([x, y]: [number, number]): [number, number] => [box.x + box.width * x, box.y + box.height * y];
  await page.mouse.move(...place(from));
  await page.mouse.down();
  await page.mouse.move(...place(to), { steps: 4 });
  await page.mouse.up();
}

test('a rectangle that is dragged, then moved by keys, is what is cropped', async () => {
  const visit = await Visit.begin(shared.browser, runner);
  const { page } = visit;
  // 800 × 640, shown at 80 %: the parameters are in pixels of the image.
  await page.getByLabel('Choose files').setInputFiles(fixturePath('graf1.png'));
  await addStep(page, 'crop', 'Crop');
  await page.getByRole('button', { name: 'Draw the rectangle' }).click();
  const dialog = page.getByRole('dialog', { name: 'Draw the rectangle' });
  await dialog.getByRole('img').waitFor();
  await drag(page, [0.25, 0.25], [0.75, 0.5]);
  await dialog.getByText(/^left 200, top 160, width 400, height 160$/).waitFor();
  await dialog.getByRole('button', { name: /^Top left/ }).focus();
  for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight');
  await dialog.getByText(/^left 205, top 160, width 395, height 160$/).waitFor();
  await visit.screenshot('draw-rectangle');
  expect(await visit.violations()).toEqual([]);
  await dialog.getByRole('button', { name: 'Use it' }).click();
  expect(await page.getByLabel('left', { exact: true }).inputValue()).toBe('205');
  const job = await process(page);
  expect(await runner.client.finished(`${job}-0`)).toMatchObject({ result: { width: 395, height: 160 } });
  await visit.end();
});

test('corners are dragged to where a page lies', async () => {
  const visit = await Visit.begin(shared.browser, runner);
  const { page } = visit;
  await page.getByLabel('Choose files').setInputFiles(fixturePath('graf1.png'));
  await addStep(page, 'perspective', 'Correct perspective');
  await page.getByRole('button', { name: 'Place the corners' }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Bottom left/ })
    .waitFor();
  await drag(page, [0.1, 0.1], [0.2, 0.15]);
  await page.getByText('corners [[160,96],[720,64],[720,576],[80,576]]').waitFor();
  await page.getByRole('button', { name: 'Use it' }).click();
  const job = await process(page);
  const corners = [
    [160, 96],
    [720, 64],
    [720, 576],
    [80, 576],
  ];
  expect(await runner.client.finished(`${job}-0`)).toMatchObject({
    state: 'Succeeded',
    steps: [{ params: { corners } }],
  });
  await visit.end();
});

test('a ruler along a known length gives the size of a pixel', async () => {
  const visit = await Visit.begin(shared.browser, runner, { colorScheme: 'dark' });
  const { page } = visit;
  await page.getByLabel('Choose files').setInputFiles(fixturePath('coins.png'));
  await addStep(page, 'watershed', 'Watershed segmentation');
  await page.getByRole('button', { name: 'Calibrate by a ruler' }).click();
  await page.getByRole('dialog').getByRole('img').waitFor();
  await drag(page, [0.25, 0.3], [0.75, 0.3]);
  await page.getByLabel('Length').click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('384');
  // As exact as a mouse is.
  await page.getByText(/^a pixel is (1\.9\d*|2|2\.0\d*) µm wide$/).waitFor();
  await visit.screenshot('ruler-dark');
  expect(await visit.violations()).toEqual([]);
  await page.getByRole('button', { name: 'Use it' }).click();
  const job = await process(page);
  const { measurements } = await runner.client.finished(`${job}-0`);
  expect(measurements[0].pixelSize.unit).toBe('µm');
  expect(measurements[0].pixelSize.x).toBeCloseTo(2, 1);
  await visit.end();
});
