/** Every view for everyone: axe-core finds nothing, in both themes, on a desk and on a phone, and nothing has to be scrolled sideways. */
import { Visit } from '../harness/browser.ts';
import { addStep, process } from '../harness/compose.ts';
import { useBrowser, useRunner } from '../harness/use.ts';

const runner = useRunner();
const shared = useBrowser();

const phone = { width: 390, height: 844 };
const desk = { width: 1440, height: 900 };

test.each([
  ['light', 'desk', desk],
  ['dark', 'desk', desk],
  ['light', 'phone', phone],
  ['dark', 'phone', phone],
] as const)('axe-core finds nothing in any view: %s, %s', async (colorScheme, size, viewport) => {
  const visit = await Visit.begin(shared.browser, runner, { colorScheme, viewport });
  const { page } = visit;
  const look = async (name: string) => {
    expect({ name, violations: await visit.violations() }).toEqual({ name, violations: [] });
    const { scrolls } = await page.evaluate(() => ({
      scrolls: document.documentElement.scrollWidth > document.documentElement.clientWidth,
    }));
    expect({ name, scrolls }).toEqual({ name, scrolls: false });
    await visit.screenshot(`${name}-${colorScheme}-${size}`);
  };
  await page.getByRole('button', { name: 'Coins' }).waitFor();
  await look('start');
  await page.getByRole('button', { name: 'Add a step' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Canny edges' }).waitFor();
  await look('catalog');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Coins' }).click();
  await page.getByText(/^Preview .*in \d/).waitFor();
  await addStep(page, 'histogram', 'Histogram');
  await page.getByText(/^Preview .*in \d/).waitFor();
  await look('compose');
  await process(page);
  await page.locator('.measured').nth(1).waitFor();
  await page.getByRole('img', { name: 'Result' }).waitFor();
  await look('result');
  await page.getByRole('link', { name: 'Jobs' }).click();
  await page.locator('.jobs li').first().waitFor();
  await look('jobs');
  await page.getByRole('link', { name: 'Instances' }).click();
  await page.locator('.instances li').first().waitFor();
  await look('instances');
  await visit.end();
});
