/** Putting a chain together by typing, dragging, clicking and keys, as a person does. */
import type { Page } from 'playwright-core';
import { Visit } from '../harness/browser.ts';
import { addStep, process, typeInto } from '../harness/compose.ts';
import { fixture, fixturePath } from '../harness/fixtures.ts';
import { useBrowser, useRunner } from '../harness/use.ts';

const runner = useRunner();
const shared = useBrowser();

let visit: Visit;
let page: Page;
beforeEach(async () => {
  visit = await Visit.begin(shared.browser, runner);
  page = visit.page;
  await page.getByText('Scan a document').waitFor();
});
afterEach(() => visit.end());

const shownIn = (field: string) => page.getByLabel(field, { exact: true }).inputValue();
/** Once the page is drawn, as the next key would find it. */
async function focusIs(words: string): Promise<void> {
  const isThere = (wanted: string) => {
    const { activeElement: element } = document;
    return element !== document.body && (element?.getAttribute('aria-label') ?? element?.textContent)?.includes(wanted);
  };
  await page.waitForFunction(isThere, words);
}
const keptSteps = () => page.evaluate(() => JSON.parse(sessionStorage.getItem('tessera-steps') ?? '').steps);

/** Files that come from the desktop: dropped on an element. */
async function drop(selector: string, ...names: string[]): Promise<void> {
  const files = names.map((name) => ({ name, base64: fixture(name).toString('base64') }));
  await page.evaluate(
    ({ selector, files }) => {
      const transfer = new DataTransfer();
      for (const { name, base64 } of files) {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        transfer.items.add(new File([bytes], name, { type: 'image/png' }));
      }
      const target = document.querySelector(selector);
      for (const type of ['dragover', 'drop'])
        target?.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
    },
    { selector, files },
  );
}

test('a newcomer sees what this is, and a result in two clicks', async () => {
  await page.getByRole('heading', { level: 1, name: 'Process one image, or a hundred thousand' }).waitFor();
  const downloaded: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'GET') downloaded.push(new URL(request.url()).pathname);
  });
  await page.getByRole('button', { name: 'Count and measure objects Coins · Watershed segmentation' }).click();
  await page.getByRole('status', { name: 'Measured in the preview' }).getByText('24 objects').waitFor();
  expect((await keptSteps())[0].operation).toBe('watershed');
  await process(page);
  await page.getByText('Done', { exact: true }).waitFor();
  for (const name of ['Original', 'Result']) await page.getByRole('img', { name }).waitFor();
  // The original is still here: only the result comes back.
  expect(downloaded.filter((path) => /\/(results|renditions)\//.test(path)).length).toBeGreaterThan(0);
  expect(downloaded.filter((path) => /\/inputs\/|input-rendition/.test(path))).toEqual([]);
});

test('the main operations are one click away, and ask for an image', async () => {
  await page.getByRole('button', { name: 'Find edges' }).click();
  await page.getByText('Canny edges: choose an image, and the preview appears here.').waitFor();
  await page.getByRole('button', { name: 'Fruit' }).click();
  await page.getByText(/^Preview .*in \d/).waitFor();
  expect((await keptSteps()).map(({ operation }: { operation: string }) => operation)).toEqual(['canny']);
});

test('numbers are typed with point or comma, cleared, and stepped by keys', async () => {
  await addStep(page, 'canny', 'Canny edges');
  for (const [typed, meant] of [
    ['1.5', 1.5],
    ['0.75', 0.75],
    ['2,25', 2.25],
    ['.5', 0.5],
  ] as const) {
    await typeInto(page, 'blur', typed);
    expect(await shownIn('blur')).toBe(typed);
    expect((await keptSteps())[0].params).toEqual({ blur: meant });
  }
  // An empty field stays empty while one is in it, shows what holds then, and is the default.
  await typeInto(page, 'low threshold', '');
  expect(await shownIn('low threshold')).toBe('');
  expect(await page.getByLabel('low threshold', { exact: true }).getAttribute('placeholder')).toBe('100');
  await page.keyboard.type('50');
  expect(await shownIn('low threshold')).toBe('50');
  await page.keyboard.press('ArrowUp');
  expect(await shownIn('low threshold')).toBe('51');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Tab');
  expect(await shownIn('low threshold')).toBe('100');
  expect((await keptSteps())[0].params).toEqual({ blur: 0.5 });
  await typeInto(page, 'blur', '-');
  expect(await page.getByLabel('blur', { exact: true }).getAttribute('aria-invalid')).toBe('true');
  // Of a pair, the slider that is dragged takes the other one along.
  const low = page.getByLabel('low threshold, slider');
  const box = (await low.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await page.mouse.move(box.x + box.width * 0.1, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.9, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
  expect(Number(await shownIn('low threshold'))).toBeGreaterThan(300);
  expect(await shownIn('high threshold')).toBe(await shownIn('low threshold'));
});

test('what a new step needs is asked for, and is no error before anything was set', async () => {
  await page.getByLabel('Choose files').setInputFiles(fixturePath('box.png'));
  await addStep(page, 'resize', 'Resize');
  await page.locator('.asked').waitFor();
  expect(await page.locator('.param.wrong, .preview .error').count()).toBe(0);
  expect(await page.getByRole('button', { name: 'Process', exact: true }).isDisabled()).toBe(true);
  await typeInto(page, 'width', '0');
  await page.locator('.param.wrong').getByText('Width must be at least 1.').waitFor();
  await typeInto(page, 'width', '120');
  await page.getByText(/^Preview .*in \d/).waitFor();
});

test('the focus stays with a step that moves, goes on from one that is removed, and all can be undone', async () => {
  await addStep(page, 'sepia', 'Sepia');
  await addStep(page, 'invert', 'Invert');
  await addStep(page, 'canny', 'Canny edges');
  const titles = () => page.locator('.step-title').allInnerTexts();
  await page.getByRole('button', { name: 'Move Invert down' }).focus();
  await page.keyboard.press('Enter');
  // There is no way further down: the other way has the focus.
  await focusIs('Move Invert up');
  await page.keyboard.press('Enter');
  await focusIs('Move Invert up');
  await page.keyboard.press('Enter');
  await focusIs('Move Invert down');
  expect((await titles()).map((title) => title.replace(/^\d+\s*/, ''))).toEqual(['Invert', 'Sepia', 'Canny edges']);
  await page.getByRole('button', { name: 'Remove Sepia' }).focus();
  await page.keyboard.press('Enter');
  await focusIs('Canny edges');
  await page.keyboard.press('ControlOrMeta+z');
  expect(await titles()).toHaveLength(3);
  await page.keyboard.press('ControlOrMeta+Shift+z');
  expect(await titles()).toHaveLength(2);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  expect((await titles()).map((title) => title.replace(/^\d+\s*/, ''))).toEqual(['Sepia', 'Invert', 'Canny edges']);
  await page.getByRole('button', { name: 'Redo' }).click();

  // Images as well, and a slider that was dragged as one change.
  await page.getByLabel('Choose files').setInputFiles([fixturePath('box.png'), fixturePath('coins.png')]);
  await page.getByRole('heading', { name: /^2 images/ }).waitFor();
  await page.getByRole('button', { name: 'Remove all' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('heading', { name: /^2 images/ }).waitFor();
  // What is there already is not taken once more.
  await page.getByLabel('Choose files').setInputFiles(fixturePath('box.png'));
  await page.getByText('1 image was there already.').waitFor();
  expect(await page.locator('.thumbnail').count()).toBe(2);
  await page.getByLabel('blur, slider').focus();
  for (let presses = 0; presses < 5; presses++) await page.keyboard.press('ArrowRight');
  expect(Number(await shownIn('blur'))).toBeCloseTo(0.5);
  await page.keyboard.press('ControlOrMeta+z');
  expect(await shownIn('blur')).toBe('0');
});

test('the output that came with a preset goes with its steps', async () => {
  await page.getByRole('button', { name: 'Thumbnail' }).click();
  await page.getByText('WebP, 80 %').waitFor();
  // Its steps are right as they are: their forms are closed.
  const width = page.getByLabel('width', { exact: true }).first();
  expect(await width.isVisible()).toBe(false);
  await page.getByRole('button', { name: 'Expand all' }).click();
  await width.waitFor();
  await page.getByRole('button', { name: 'Collapse all' }).click();
  await width.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Remove Resize' }).click();
  await page.getByRole('button', { name: 'Remove Sharpen' }).click();
  await page.getByText('WebP, 80 %').waitFor({ state: 'detached' });
  await page.getByText('Scan a document').waitFor();
});

test.each([
  ['how many', 'Watershed segmentation'],
  ['count', 'Count cells'],
  ['blur faces', 'Redact faces'],
  ['scan', 'Scan a document'],
  ['compress', 'Thumbnail'],
  ['remove background', 'Cut out (GrabCut)'],
  ['heatmap', 'Color map'],
  ['perspective', 'Correct perspective'],
])('the catalog knows what people say: %s', async (words, title) => {
  await page.getByRole('button', { name: 'Add a step' }).click();
  await page.getByRole('searchbox').waitFor();
  await page.keyboard.type(words);
  const first = page.getByRole('dialog').getByRole('listitem').first();
  await first.getByText(title, { exact: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  expect((await keptSteps()).length).toBeGreaterThan(0);
});

test('the catalog is walked through by the arrow keys, and remembers what was used', async () => {
  await page.getByRole('button', { name: 'Add a step' }).click();
  await page.getByRole('searchbox').waitFor();
  await page.keyboard.type('blur');
  await page.getByRole('dialog').getByText('Gaussian blur', { exact: true }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  const chosen = await page.evaluate(() => document.activeElement?.querySelector('strong')?.textContent);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await focusIs(chosen ?? 'none');
  await page.getByRole('button', { name: 'Add another step' }).click();
  await page
    .getByRole('region', { name: 'used last' })
    .getByText(chosen ?? '')
    .first()
    .waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await focusIs('Search operations');
  await page.keyboard.press('Escape');
});

test('two images are dropped at once, swapped, taken apart, and one of two made the second', async () => {
  await addStep(page, 'same points', 'Feature matching');
  await drop('main', 'box.png', 'box_in_scene.png');
  const second = page.getByRole('group', { name: 'Second image' });
  await second.getByText('box_in_scene.png').waitFor();
  await page.getByText(/^Preview .*in \d/).waitFor();
  await second.getByRole('button', { name: 'Swap the two images' }).click();
  await second.getByText('box.png').waitFor();
  await page.getByRole('img', { name: 'box_in_scene.png' }).waitFor();
  await second.getByRole('button', { name: 'Take the second image out' }).click();
  await drop('.reference', 'box.png');
  await second.getByText('box.png').waitFor();
  await page.getByRole('heading', { name: /^1 image/ }).waitFor();
  await second.getByRole('button', { name: 'Take the second image out' }).click();
  await drop('main', 'coins.png');
  await second.getByRole('button', { name: 'Use coins.png' }).click();
  await second.getByText('coins.png').waitFor();
  await page.getByRole('heading', { name: /^1 image/ }).waitFor();
  await process(page);
  await page.getByText('Done', { exact: true }).waitFor();
});

test('files that are dropped on another view are taken to the editor, and a view begins at its top', async () => {
  await page.getByRole('button', { name: 'Coins' }).click();
  await page.getByRole('link', { name: 'Jobs' }).click();
  await page.getByRole('heading', { name: 'Jobs', level: 1 }).waitFor();
  await drop('main', 'box.png');
  await page.getByRole('heading', { name: /^2 images/ }).waitFor();
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
  expect(await page.evaluate(() => scrollY)).toBe(0);
});

test('where nothing is found, that is said', async () => {
  await page.getByLabel('Choose files').setInputFiles(fixturePath('coins.png'));
  await addStep(page, 'faces eyes', 'Face detection');
  await page.getByRole('status', { name: 'Measured in the preview' }).getByText('0 faces').waitFor();
  await process(page);
  await page.getByRole('heading', { name: 'faces 0' }).waitFor();
  await page.getByText('None found.').waitFor();
});
