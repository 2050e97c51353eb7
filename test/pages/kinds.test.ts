import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Pages, axeFindings, openPages } from './harness/pages';

let pages: Pages;
let page: Page | null = null;

beforeAll(async () => {
  pages = await openPages('kinds');
});
afterEach(async () => {
  await page?.close();
  page = null;
  expect(pages.problems.splice(0)).toEqual([]);
});
afterAll(() => pages.close());

async function open(query: string): Promise<Page> {
  page = await pages.open(query, { width: 760, height: 900 });
  return page;
}

const title = (on: Page) => on.locator('figcaption').first();

describe('charts of files that runs logged', () => {
  it('move through the steps of pictures by keys, and name the step of a run that has none there', async () => {
    const on = await open('kind=images&case=grid');
    await expect.poll(() => title(on).innerText()).toContain('step 40');
    await on.locator('.panels-grid').focus();
    await on.keyboard.press('Home');
    await expect.poll(() => title(on).innerText()).toContain('step 0');
    await on.keyboard.press('End');
    await on.keyboard.press('ArrowLeft');
    await expect.poll(() => title(on).innerText()).toContain('step 30');
    expect(await on.locator('.panel figcaption .number').allInnerTexts()).toContain('step 10');
  });

  it('are drawn from another file when a person names one, and say it when no run has it', async () => {
    const on = await open('kind=confusion&case=grid');
    await expect.poll(() => title(on).innerText()).toContain('7 runs');
    const field = on.locator('.path-field input');
    await field.fill('elsewhere.json');
    await field.press('Enter');
    const empty = on.locator('.plot-empty');
    await expect.poll(() => empty.innerText()).toContain('No run that is on has elsewhere.json');
    await field.fill('confusion_matrix.json');
    await field.press('Enter');
    await expect.poll(() => title(on).innerText()).toContain('7 runs');
  });

  it('offer the files that runs have', async () => {
    const on = await open('kind=images&case=grid');
    await on.locator('.path-field input').focus();
    const offered = () =>
      on.locator('datalist option').evaluateAll((all) => all.map((one) => one.getAttribute('value')));
    await expect.poll(offered).toEqual(['images', 'samples/grid']);
  });

  it('turn from ROC to precision and recall, with the file that goes with it', async () => {
    const on = await open('kind=curve&case=grid');
    await expect.poll(() => title(on).innerText()).toContain('best AUC');
    await on.locator('select').selectOption('pr');
    await expect.poll(() => title(on).innerText()).toContain('best average precision');
  });

  it.each(['dark', 'light', 'contrast'])('have nothing that axe finds serious in %s', async (theme) => {
    const on = await open(`kind=images,curve,confusion,histograms&case=grid&theme=${theme}`);
    await expect.poll(() => on.locator('.panel').count()).toBe(21);
    expect(await axeFindings(on)).toEqual([]);
  });
});
