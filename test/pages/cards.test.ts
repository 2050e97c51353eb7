import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Pages, axeFindings, openPages } from './harness/pages';

declare global {
  /** What the page gave out (test/pages/fakeHost.js). */
  var saved: readonly { readonly name: string; readonly text: string }[] | undefined;
  var noted:
    readonly { readonly runId: string; readonly markdown: string; readonly picture: string }[] | undefined;
}

let pages: Pages;
let page: Page | null = null;

beforeAll(async () => {
  pages = await openPages('cards');
});
afterEach(async () => {
  await page?.close();
  page = null;
  expect(pages.problems.splice(0)).toEqual([]);
});
afterAll(() => pages.close());

async function open(query = ''): Promise<Page> {
  page = await pages.open(query, { width: 900, height: 800 });
  await page.waitForFunction(() => document.body.dataset.drawn?.includes('val_accuracy') === true);
  return page;
}

async function choose(on: Page, label: string) {
  const menu = on.getByRole('button', { name: 'More Actions for val_accuracy' });
  await menu.focus();
  await on.keyboard.press('Enter');
  await on.getByRole('menuitem', { name: label }).click();
}

describe('a chart of the charts page', () => {
  it('is saved as PNG, SVG and CSV', async () => {
    const on = await open();
    for (const label of ['Save as PNG…', 'Save as SVG…', 'Save as CSV…']) await choose(on, label);
    const names = () => on.evaluate(() => globalThis.saved?.map(({ name }) => name).sort());
    await expect.poll(names).toEqual(['val_accuracy.csv', 'val_accuracy.png', 'val_accuracy.svg']);
    const texts = await on.evaluate(() => globalThis.saved?.map(({ text }) => text) ?? []);
    expect(texts.some((text) => text.startsWith('<svg'))).toBe(true);
    expect(texts.some((text) => text.startsWith('step,'))).toBe(true);
  });

  it('is copied into the note of the run that is chosen', async () => {
    const on = await open();
    await choose(on, 'Copy into Note…');
    await on.getByRole('menuitem', { name: 'keen-stoat' }).click();
    await expect
      .poll(() => on.evaluate(() => globalThis.noted))
      .toMatchObject([{ runId: '2'.padStart(32, '0'), picture: 'val_accuracy.png' }]);
  });

  it.each(['dark', 'light', 'contrast'])(
    'has a menu in which axe finds nothing serious in %s',
    async (theme) => {
      const on = await open(`theme=${theme}`);
      await on.getByRole('button', { name: 'More Actions for val_accuracy' }).click();
      await on.getByRole('menu').waitFor();
      const findings = await axeFindings(on);
      expect(findings.filter((one) => /\((serious|critical)\)/.test(one))).toEqual([]);
    },
  );
});
