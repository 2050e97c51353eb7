import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { type Pages, axeFindings, openPages } from './harness/pages';

let pages: Pages;
const opened: Page[] = [];
const WIDE = { width: 1320, height: 820 };

beforeAll(async () => {
  pages = await openPages('experiment');
});
afterEach(async () => {
  for (const page of opened.splice(0)) await page.close();
  expect(pages.problems.splice(0)).toEqual([]);
});
afterAll(() => pages.close());

async function open(query = '', size = WIDE): Promise<Page> {
  const page = await pages.open(query, size);
  opened.push(page);
  return page;
}

async function openFull(query = '', size = WIDE): Promise<Page> {
  const page = await open(query, size);
  await page.waitForSelector('.experiment-charts canvas');
  await page.waitForSelector('.grid-row.run, .grid-row');
  return page;
}

const asked = (page: Page, method: string): Promise<Record<string, unknown>[]> =>
  page.evaluate((wanted) => {
    const { page: state } = globalThis as unknown as {
      page: { fake: { calls: { method: string; request: Record<string, unknown> }[] } };
    };
    return state.fake.calls.filter((call) => call.method === wanted).map(({ request }) => request);
  }, method);
const tell = (page: Page, script: string): Promise<void> => page.evaluate(script);
const head = (page: Page): Promise<string> => page.innerText('.experiment-head');
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => document.activeElement?.closest('[class]')?.className ?? '');
const area = (page: Page): Promise<string> =>
  page.evaluate(
    () =>
      ['experiment-head', 'experiment-table', 'experiment-charts'].find((name) =>
        document.activeElement?.closest(`.${name}`),
      ) ?? '',
  );

describe('the head', () => {
  it('says best, champion, target, and the difference with its interval and what it is worth', async () => {
    const page = await openFull();
    const text = await head(page);
    for (const part of ['train.py · 24 runs · 2 running', '0.9916', '0.9554', '0.98', 'reached'])
      expect(text).toContain(part);
    expect(text).toMatch(/\+0\.0288\s*\+0\.0181 to \+0\.0395\s*↑ better, 3 seeds/);
    expect(await page.getAttribute('.stat.difference', 'title')).toContain('best of 8 configurations');
  });

  it.each([
    ['worse', '↓ worse, 3 seeds'],
    ['within', '≈ within the noise, 3 seeds'],
    ['unknown', 'too few seeds to tell'],
  ])('says %s plainly', async (kind, words) => {
    expect(await head(await openFull(`case=${kind}`))).toContain(words);
  });

  it('offers to set a goal, and has one main button', async () => {
    const page = await openFull('case=new');
    await page.click('text=Set Goal…');
    expect(await asked(page, 'setGoal')).toHaveLength(1);
    expect(await page.locator('button.primary').count()).toBe(1);
    await page.click('text=Review Promotion…');
    expect(await asked(page, 'act')).toMatchObject([{ action: 'promote' }]);
  });
});

describe('the areas', () => {
  it('are gone through by F6 and back by Shift+F6', async () => {
    const page = await openFull();
    await page.keyboard.press('F6');
    expect(await area(page)).toBe('experiment-charts');
    await page.keyboard.press('F6');
    expect(await area(page)).toBe('experiment-head');
    await page.keyboard.press('Shift+F6');
    expect(await area(page)).toBe('experiment-charts');
    await page.keyboard.press('Shift+F6');
    expect(await area(page)).toBe('experiment-table');
  });

  it('are divided by keys and by dragging, which is remembered', async () => {
    const page = await openFull();
    const width = async () => (await page.locator('.experiment-table').boundingBox())?.width ?? 0;
    const before = await width();
    await page.focus('.divider');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    expect(await width()).toBeLessThan(before - 40);
    await page.mouse.move(before - 52, 500);
    const box = await page.locator('.divider').boundingBox();
    await page.mouse.move((box?.x ?? 0) + 0.5, 500);
    await page.mouse.down();
    await page.mouse.move(800, 500, { steps: 4 });
    await page.mouse.up();
    expect(Math.abs((await width()) - 800)).toBeLessThan(4);
    await expect
      .poll(async () => (await asked(page, 'remember')).at(-1)?.['split'])
      .toBeCloseTo(800 / WIDE.width, 2);
  });

  it('stand under each other where there is no room beside', async () => {
    const page = await openFull('', { width: 700, height: 900 });
    const [table, charts] = await Promise.all([
      page.locator('.experiment-table').boundingBox(),
      page.locator('.experiment-charts').boundingBox(),
    ]);
    expect(charts?.y).toBeGreaterThan((table?.y ?? 0) + (table?.height ?? 0) - 1);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });
});

describe('what changes', () => {
  it('is kept with the page: filter, view and order', async () => {
    const page = await openFull();
    await page.click('.view-tab:has-text("Failed")');
    await expect
      .poll(async () => (await asked(page, 'remember')).at(-1))
      .toMatchObject({ view: 'Failed', definition: { filter: 'state = failed' } });
    expect(await page.evaluate('window.page.remembered')).toEqual({ folder: '/digits', experimentId: '1' });
  });

  it('by a brush narrows the table, and is kept once it is made the filter', async () => {
    const page = await openFull();
    const chart = page.locator('.frame', { has: page.locator('h3:text-is("Parallel coordinates")') });
    await chart.scrollIntoViewIfNeeded();
    await chart.locator('canvas').first().waitFor();
    const before = await page.innerText('.table-status');
    await chart.locator('[tabindex="0"]').first().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => page.innerText('.table-status')).not.toBe(before);
    const narrowed = await page.innerText('.table-status');
    expect(
      (await asked(page, 'remember')).some(({ definition }) => JSON.stringify(definition).includes('>=')),
    ).toBe(false);
    await chart.locator('.codicon-ellipsis').click();
    await page.locator('.menu-item', { hasText: 'Use Brush as Filter' }).click();
    await expect
      .poll(async () => JSON.stringify((await asked(page, 'remember')).at(-1)?.['definition']))
      .toMatch(/"filter":"params\.[^"]* >= /);
    const kept = await page.innerText('.table-status');
    expect(kept.split('\n')[0]).toBe(narrowed.split('\n')[0]);
    expect(kept).not.toContain('brush');
    await chart.locator('.codicon-ellipsis').click();
    expect(await page.locator('.menu-item', { hasText: 'Use Brush as Filter' }).count()).toBe(0);
  });

  it('in the store is asked for again, and the head follows', async () => {
    const page = await openFull();
    await tell(page, "window.page.tell('show', { ...window.page.view(), runCount: 25, runningCount: 3 })");
    await expect.poll(() => head(page)).toContain('25 runs · 3 running');
    const reads = (await asked(page, 'readSeries')).length;
    await tell(
      page,
      "window.page.tell('changed', { runs: [], everything: false, metrics: [{ runId: window.page.runs.id(7), names: ['val_accuracy'] }] })",
    );
    await expect.poll(async () => (await asked(page, 'readSeries')).length).toBeGreaterThan(reads);
  });

  it('by a failure leaves the rows, and says one sentence that goes away by itself', async () => {
    const page = await openFull();
    const rows = await page.locator('.grid-row').count();
    await tell(page, "window.page.tell('trouble', { problem: 'The tracking server is away.' })");
    await expect.poll(() => page.innerText('.banner')).toContain('The tracking server is away.');
    expect(await page.locator('.grid-row').count()).toBe(rows);
    await tell(page, "window.page.tell('show', window.page.view())");
    await expect.poll(() => page.locator('.banner').isVisible()).toBe(false);
  });
});

describe('in odd cases', () => {
  it('an experiment without runs is one sentence and one button', async () => {
    const page = await open('case=empty');
    await page.waitForSelector('.empty');
    expect(await page.locator('.experiment-charts').isVisible()).toBe(false);
    expect(await page.locator('button.primary:visible').count()).toBe(1);
    await page.click('.empty button.primary');
    expect(await asked(page, 'run')).toHaveLength(1);
  });

  it('a window that cannot answer leaves a sentence and a way to try again', async () => {
    const page = await open('case=away');
    await expect.poll(() => page.innerText('body')).toContain('The tracking server does not answer.');
    expect(await page.locator('button:has-text("Try Again")').count()).toBe(1);
  });

  it('names from strangers are text', async () => {
    const page = await openFull('case=hostile');
    expect(await page.evaluate(() => document.body.dataset['hacked'])).toBeUndefined();
    expect(await page.locator('h1 b').count()).toBe(0);
    expect((await page.locator('.experiment-head').boundingBox())?.height).toBeLessThan(WIDE.height * 0.42);
  });
});

describe('for everyone', () => {
  it.each(['dark', 'light', 'contrast', 'contrast-light'])('axe finds nothing in %s', async (theme) => {
    const page = await openFull(`theme=${theme}`);
    expect(await axeFindings(page)).toEqual([]);
  });

  it('nothing moves for who wants no motion', async () => {
    const page = await openFull();
    const moving = await page.evaluate(
      () =>
        [...document.querySelectorAll('*')].filter((one) => {
          const style = getComputedStyle(one);
          return parseFloat(style.transitionDuration) > 0 || parseFloat(style.animationDuration) > 0;
        }).length,
    );
    expect(moving).toBe(0);
    expect(await focused(page)).toContain('grid');
  });
});
