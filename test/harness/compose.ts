import type { Page } from 'playwright-core';

/** As a user would: opens the catalog, searches, chooses. */
export async function addStep(page: Page, words: string, title: string): Promise<void> {
  await page.getByRole('button', { name: /^Add (a|another) step/ }).click();
  await page.getByRole('searchbox').fill(words);
  const own = page.getByText(title, { exact: true });
  await page.getByRole('dialog').getByRole('button').filter({ has: own }).click();
  // A dialog gives the focus back as it closes; what is typed before would go to the button that opened it.
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
}

/** Begins what was put together, and waits until it is handed in. Gives the id of the job. */
export async function process(page: Page): Promise<string> {
  await page.getByRole('button', { name: /^Process/ }).click();
  await page.waitForURL(/#\/jobs\//);
  return new URL(page.url()).hash.split('/')[2];
}

/** As a person does: clicks into the field, takes out what is there, and types key by key. */
export async function typeInto(page: Page, field: string, text: string): Promise<void> {
  await page.getByLabel(field, { exact: true }).click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('Backspace');
  await page.keyboard.type(text);
}
