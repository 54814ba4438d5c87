/** Looking at a result beside its original: what is drawn where, and the ways to compare. */
import type { Page } from 'playwright-core';
import { Visit } from '../harness/browser.ts';
import { request } from '../harness/client.ts';
import { fixture } from '../harness/fixtures.ts';
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

async function open(jobId: string): Promise<void> {
  await page.goto(`${runner.url}/#/jobs/${jobId}`);
  await page.getByRole('img', { name: 'Result' }).waitFor();
}

const frame = () => page.locator('.stage-frame');
const box = async (selector: string) => {
  const found = await page.locator(selector).boundingBox();
  if (!found) throw new Error(`${selector} is not to be seen.`);
  return found;
};

test('the result is compared by a click, side by side with one zoom, in turns, and as long as one holds', async () => {
  const task = await runner.client.run(request('coins.png', 'watershed'));
  await open(task.jobId);
  const slider = page.getByRole('slider', { name: 'Between original and result' });
  const whole = await box('.stage-frame');
  await page.mouse.click(whole.x + whole.width * 0.25, whole.y + 40);
  expect(Number(await slider.getAttribute('aria-valuenow'))).toBeCloseTo(25, -1);
  // Objects are drawn over the result alone: nothing of them at the left of the line.
  expect(await page.locator('.stage-after .overlay').count()).toBe(task.measurements[0].count);
  expect(await page.locator('.stage-after').evaluate((after) => (after as HTMLElement).style.clipPath)).toMatch(
    / 2[45][.\d]*%/,
  );

  // A line is two pixels wide on the screen, however large the picture.
  const lineWidth = () =>
    page
      .locator('.overlay rect')
      .first()
      .evaluate((line) => {
        const { a } = (line as SVGGraphicsElement).getScreenCTM() ?? { a: 0 };
        return Number.parseFloat(getComputedStyle(line).strokeWidth) * a;
      });
  expect(await lineWidth()).toBeCloseTo(2, 1);
  for (let presses = 0; presses < 4; presses++) await page.getByRole('button', { name: 'Zoom in' }).click();
  expect(await lineWidth()).toBeCloseTo(2, 1);

  // The picture never jumps: it fits its half in the first frame that shows it there.
  const fits = await page.getByRole('button', { name: 'Side by side' }).evaluate(async (button) => {
    (button as HTMLButtonElement).click();
    await new Promise(requestAnimationFrame);
    const half = document.querySelector('.side-by-side .stage-half');
    const picture = half?.querySelector('.stage-content')?.getBoundingClientRect();
    return !!half && !!picture && picture.width <= half.getBoundingClientRect().width + 1;
  });
  expect(fits).toBe(true);
  const places = () =>
    page.locator('.stage-half').evaluateAll((halves) =>
      halves.map((half) => {
        const picture = half.querySelector('.stage-content')?.getBoundingClientRect();
        const own = half.getBoundingClientRect();
        return [picture?.width, (picture?.left ?? 0) - own.left].map((length) => Math.round(length ?? 0));
      }),
    );
  const [before, after] = await places();
  expect(Math.abs(before[1] - after[1])).toBeLessThanOrEqual(2);
  expect(before[0]).toBe(after[0]);
  await page.mouse.move(whole.x + whole.width * 0.75, whole.y + 100);
  await page.mouse.wheel(0, -400);
  await until(async () => (await places())[0][0] > before[0], { what: 'both are larger' });
  const [left, right] = await places();
  expect(left[0]).toBe(right[0]);
  await visit.screenshot('side-by-side');

  await page.getByRole('button', { name: 'Blink' }).click();
  await page.getByRole('img', { name: 'Result' }).waitFor({ state: 'hidden' });
  await page.getByRole('img', { name: 'Result' }).waitFor();
  await page.getByRole('button', { name: 'Divider' }).click();
  const hold = await box('button.hold');
  await page.mouse.move(hold.x + 10, hold.y + 10);
  await page.mouse.down();
  await page.getByRole('img', { name: 'Result' }).waitFor({ state: 'hidden' });
  await page.mouse.up();
  await page.getByRole('img', { name: 'Result' }).waitFor();
  await frame().focus();
  await page.keyboard.down('o');
  await page.getByRole('img', { name: 'Result' }).waitFor({ state: 'hidden' });
  await page.keyboard.up('o');
  await page.getByRole('img', { name: 'Result' }).waitFor();
  expect(await visit.violations()).toEqual([]);
});

test('an original of another size is shown as it is, without what belongs to the result', async () => {
  const pair = { ...request('box.png', 'feature-matching'), reference: fixture('box_in_scene.png') };
  const task = await runner.client.run(pair);
  await open(task.jobId);
  // The result has the lines itself: they are not drawn over it once more, unless one wants them to be.
  expect(await page.locator('.overlay').count()).toBe(0);
  await page.getByRole('button', { name: 'Overlay' }).click();
  expect(await page.locator('.overlay').first().isVisible()).toBe(true);
  await page.getByRole('button', { name: 'Original' }).click();
  await page.getByRole('img', { name: 'Original' }).waitFor();
  const shown = await box('.stage-half:not(.stage-after) .stage-content');
  expect(shown.width / shown.height).toBeCloseTo(324 / 223, 2);
  expect(await page.locator('.overlay').first().isVisible()).toBe(false);
  await page.getByRole('button', { name: 'Original' }).click();
  await page.getByRole('img', { name: 'Result' }).waitFor();
});

test('what is pointed at in the picture comes into sight in the table', async () => {
  const task = await runner.client.run(request('coins.png', 'watershed'));
  await open(task.jobId);
  await page.getByRole('slider', { name: 'Between original and result' }).focus();
  await page.keyboard.press('Home');
  const last = page.locator('.overlay').last();
  await last.hover({ position: { x: 3, y: 3 }, force: true });
  await page.locator('tr.pointed').waitFor();
  const inSight = () =>
    page.locator('tr.pointed').evaluate((row) => {
      const view = row.closest('.scroll')?.getBoundingClientRect();
      const { top, bottom } = row.getBoundingClientRect();
      return view !== undefined && top >= view.top - 1 && bottom <= view.bottom + 1;
    });
  await until(inSight, { what: 'the row is in sight' });
});
