/** Tools on the picture that set parameters: rectangles, corners, a ruler, a brush; and objects that are left out by a click. */
import { text } from 'node:stream/consumers';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { Visit } from '../harness/browser.ts';
import { request } from '../harness/client.ts';
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

test('rectangles are drawn, moved and removed, and redacted', async () => {
  const visit = await Visit.begin(shared.browser, runner);
  const { page } = visit;
  await page.getByLabel('Choose files').setInputFiles(fixturePath('graf1.png'));
  await addStep(page, 'license plates', 'Redact areas');
  await page.getByRole('button', { name: 'Draw rectangles' }).click();
  const dialog = page.getByRole('dialog', { name: 'Draw rectangles' });
  await dialog.getByRole('img').waitFor();
  await drag(page, [0.1, 0.1], [0.3, 0.2]);
  await dialog.getByText('1 rectangle', { exact: true }).waitFor();
  await drag(page, [0.5, 0.5], [0.75, 0.75]);
  await dialog.getByRole('button', { name: 'Add a rectangle' }).click();
  await dialog.getByText('3 rectangles').waitFor();
  expect(await visit.violations()).toEqual([]);
  await visit.screenshot('draw-rectangles');
  // By keys alone: the third goes, and the second is made ten pixels wider.
  await dialog.getByRole('button', { name: /^Rectangle 3, top left/ }).focus();
  await page.keyboard.press('Delete');
  await dialog.getByText('2 rectangles').waitFor();
  await page.keyboard.press('ControlOrMeta+z');
  await dialog.getByText('3 rectangles').waitFor();
  await page.keyboard.press('ControlOrMeta+Shift+z');
  await dialog.getByText('2 rectangles').waitFor();
  await dialog.getByRole('button', { name: /^Rectangle 2, bottom right/ }).focus();
  await page.keyboard.press('Shift+ArrowRight');
  await dialog.getByRole('button', { name: 'Use it' }).click();
  await page.getByText('areas: 2 rectangles').waitFor();
  // Outside of the dialog all of it is one change.
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('areas: none').waitFor();
  await page.getByRole('button', { name: 'Redo' }).click();
  await page.getByText('areas: 2 rectangles').waitFor();
  const task = await runner.client.finished(`${await process(page)}-0`);
  const [{ areas }] = task.steps.map(({ params }) => params as { areas: Record<string, number>[] });
  // 800 × 640, shown at 80 %; as exact as a mouse is.
  const near = (area: Record<string, number>, expected: Record<string, number>) =>
    Object.entries(expected).every(([name, value]) => Math.abs(area[name] - value) <= 3);
  expect(areas).toHaveLength(2);
  expect(near(areas[0], { left: 80, top: 64, width: 160, height: 64 })).toBe(true);
  expect(near(areas[1], { left: 400, top: 320, width: 213, height: 160 })).toBe(true);
  const result = await runner.client.result(task);
  const inside = sharp(result).extract({ left: 90, top: 75, width: 140, height: 45 });
  expect(Math.max(...(await inside.removeAlpha().raw().toBuffer()))).toBe(0);
  await visit.end();
});

test('a mask is painted in place of a second image, by pointer and by keys', async () => {
  const visit = await Visit.begin(shared.browser, runner);
  const { page } = visit;
  await page.getByLabel('Choose files').setInputFiles(fixturePath('graf1.png'));
  await addStep(page, 'scratch', 'Inpaint');
  await page.getByText('Choose the second image, or paint the mask.').first().waitFor();
  await page.getByRole('button', { name: 'Paint the mask' }).click();
  const dialog = page.getByRole('dialog', { name: 'Paint the mask' });
  await dialog.getByRole('img').waitFor();
  await drag(page, [0.25, 0.5], [0.75, 0.5]);
  await dialog.getByText('Mask: 1 stroke').waitFor();
  await dialog.getByRole('button', { name: /^Brush/ }).focus();
  await page.keyboard.press('Space');
  for (let i = 0; i < 3; i++) await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Space');
  await dialog.getByText('Mask: 2 strokes').waitFor();
  await visit.screenshot('paint-mask');
  expect(await visit.violations()).toEqual([]);
  await dialog.getByRole('button', { name: 'Use it' }).click();
  await page.getByText('mask: 2 strokes').waitFor();
  // No second image is asked for any more, and the preview fills in.
  await page.getByLabel('Choose the second image').waitFor({ state: 'detached' });
  await page.getByRole('img', { name: 'Result' }).waitFor();
  const task = await runner.client.finished(`${await process(page)}-0`);
  expect(task).toMatchObject({ state: 'Succeeded', steps: [{ operation: 'inpaint' }] });
  const [{ mask }] = task.steps.map(({ params }) => params as { mask: { points: number[][]; radius: number }[] });
  const [from, to] = [mask[0].points[0], mask[0].points.at(-1) as number[]];
  expect(Math.abs(from[0] - 200) + Math.abs(to[0] - 600) + Math.abs(to[1] - 320)).toBeLessThan(12);
  // Three moves of ten pixels of the picture, which is shown at 80 %.
  const keyed = mask[1].points;
  expect((keyed.at(-1) as number[])[1] - keyed[0][1]).toBeCloseTo(37.5, -0.5);
  expect(task.measurements?.[0].filledPixels).toBeGreaterThan(400 * 2 * mask[0].radius * 0.9);
  await visit.end();
});

test('an object is cut out by clicks on it and on its background', async () => {
  const visit = await Visit.begin(shared.browser, runner, { colorScheme: 'dark' });
  const { page } = visit;
  await page.getByLabel('Choose files').setInputFiles(fixturePath('coins.png'));
  await addStep(page, 'remove background', 'Cut out (GrabCut)');
  await page.getByRole('button', { name: 'Mark object and background' }).click();
  const dialog = page.getByRole('dialog', { name: 'Mark object and background' });
  await dialog.getByRole('img').waitFor();
  await drag(page, [0.5, 0.5], [0.5, 0.5]);
  await dialog.getByText('Object: 1 stroke, Background: 0 strokes').waitFor();
  await dialog.getByLabel('Background').click();
  await drag(page, [0.1, 0.9], [0.3, 0.9]);
  await dialog.getByText('Object: 1 stroke, Background: 1 stroke').waitFor();
  await visit.screenshot('mark-object-dark');
  expect(await visit.violations()).toEqual([]);
  await dialog.getByRole('button', { name: 'Use it' }).click();
  await page.getByText('foreground: 1 stroke').waitFor();
  const task = await runner.client.finished(`${await process(page)}-0`);
  const [params] = task.steps.map(({ params }) => params as Record<string, unknown[]>);
  expect(params.foreground).toEqual([{ points: [[192, 152]], radius: expect.any(Number) }]);
  expect(params.background).toHaveLength(1);
  await visit.end();
});

test('an object that is clicked is left out of the table, its statistics and its CSV', async () => {
  const task = await runner.client.run(request('coins.png', 'watershed'));
  const { count, objects } = task.measurements[0];
  const visit = await Visit.begin(shared.browser, runner);
  const { page } = visit;
  await page.goto(`${runner.url}/#/jobs/${task.jobId}`);
  await page.getByRole('img', { name: 'Result' }).waitFor();
  await page.getByRole('slider', { name: 'Between original and result' }).focus();
  await page.keyboard.press('Home');
  const mean = () => page.getByRole('row', { name: /^mean/ }).innerText();
  const before = await mean();
  await page
    .locator('.overlay')
    .last()
    .click({ position: { x: 4, y: 4 }, force: true });
  await page.getByText(`${count - 1} of ${count}`).waitFor();
  expect(await mean()).not.toBe(before);
  await visit.screenshot('left-out');
  expect(await visit.violations()).toEqual([]);
  // And by key, in the table.
  await page.getByRole('checkbox', { name: 'Count row 1', exact: true }).focus();
  await page.keyboard.press('Space');
  await page.getByText(`${count - 2} of ${count}`).waitFor();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'CSV', exact: true }).first().click(),
  ]);
  const lines = (await text(await file.createReadStream())).trim().split('\r\n');
  expect(lines).toHaveLength(objects.length - 2 + 1);
  // It survives a reload, and is undone.
  await page.reload();
  await page.getByText(`${count - 2} of ${count}`).waitFor();
  await page.getByRole('checkbox', { name: 'Count row 2', exact: true }).click();
  await page.getByText(`${count - 3} of ${count}`).waitFor();
  await page.keyboard.press('ControlOrMeta+z');
  await page.getByText(`${count - 2} of ${count}`).waitFor();
  await page.getByRole('button', { name: 'Count all' }).click();
  await page.getByText('All rows are counted.').waitFor();
  // Of another image, nothing was left out, and there is nothing to undo.
  const other = await runner.client.run(request('coins.png', 'watershed'));
  await page.goto(`${runner.url}/#/jobs/${other.jobId}`);
  await page.getByRole('heading', { name: `objects ${count}` }).waitFor();
  await page.getByText('All rows are counted.').waitFor({ state: 'detached' });
  await visit.end();
});
