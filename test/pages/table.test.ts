import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { type Pages, axeFindings, openPages } from './harness/pages';

let pages: Pages;
const opened: Page[] = [];

beforeAll(async () => {
  pages = await openPages('table');
});
afterEach(async () => {
  for (const page of opened.splice(0)) await page.close();
  expect(pages.problems.splice(0)).toEqual([]);
});
afterAll(() => pages.close());

async function open(query = '', size?: { width: number; height: number }): Promise<Page> {
  const page = await pages.open(query, size);
  opened.push(page);
  // Until the rows have their values, or it is said why there are none.
  await page.waitForSelector('.grid-row:not([hidden]) .cell.number:text-matches("."), .empty', {
    state: 'attached',
  });
  return page;
}

/** The names of the rows from the top, as they stand on the screen. */
const names = (page: Page): Promise<string[]> =>
  page.$$eval('.grid-row:not([hidden])', (rows) =>
    rows
      .map((row) => ({
        top: row.getBoundingClientRect().top,
        text: row.querySelector('.name-text')?.textContent ?? '',
      }))
      .sort((a, b) => a.top - b.top)
      .map(({ text }) => text),
  );
const status = (page: Page) => page.textContent('.table-status');
const row = (name: string) => `.grid-row:has-text("${name}")`;
const calls = (page: Page, method: string): Promise<unknown[]> =>
  page.evaluate((wanted) => {
    const { page: state } = globalThis as unknown as {
      page: { fake: { calls: { method: string; request: unknown }[] } };
    };
    return state.fake.calls.filter((call) => call.method === wanted).map(({ request }) => request);
  }, method);
const definition = (page: Page): Promise<Record<string, unknown>> =>
  page.evaluate(() =>
    (globalThis as unknown as { page: { definition(): Record<string, unknown> } }).page.definition(),
  );
const selected = (page: Page): Promise<number> =>
  page.evaluate(
    () => (globalThis as unknown as { page: { told: { selected: unknown[] } } }).page.told.selected.length,
  );
const run = <T>(page: Page, script: string): Promise<T> => page.evaluate(script);

describe('the rows', () => {
  it('stand in groups with the best first, and say by words what they show by marks', async () => {
    const page = await open();
    expect((await names(page)).slice(0, 2)).toEqual(['hidden = 64', 'brisk-otter']);
    const label = await page.getAttribute(`${row('brisk-otter')} [role=rowheader]`, 'aria-label');
    expect(label).toBe('brisk-otter, finished, best, starred, on in charts');
    expect(await page.textContent(row('amber-lynx'))).toContain('exit 1 at epoch 7');
    expect(await page.getAttribute('.runs-grid', 'aria-rowcount')).toBe('28');
    expect(await page.getAttribute('[data-head="0"]', 'aria-sort')).toBe('descending');
  });

  it('of a hundred thousand are few elements, and the last one is reached by End', async () => {
    const page = await open('runs=100000&columns=500&wide');
    expect(await page.$$eval('.grid-row', (rows) => rows.length)).toBeLessThan(80);
    expect(await page.$$eval('.grid-row .cell', (cells) => cells.length)).toBeLessThan(1500);
    await page.focus('.runs-grid');
    await page.keyboard.press('End');
    await expect.poll(() => page.textContent('.grid-row.active')).toContain('-4166');
    await expect.poll(() => page.getAttribute('.grid-row.active', 'aria-rowindex')).toBe('100001');
  });

  it('show columns as they are scrolled to, with their values', async () => {
    const page = await open('runs=1000&columns=500&wide');
    await run(page, 'document.querySelector(".runs-grid").scrollLeft = 30000');
    const last = '.grid-row[data-index="3"] > .cell.number';
    await expect
      .poll(() => page.$$eval(last, (cells) => cells.every((cell) => cell.textContent !== '')))
      .toBe(true);
    await expect
      .poll(async () => Number(await page.getAttribute(last, 'aria-colindex')))
      .toBeGreaterThan(200);
  });

  it('of names that are code, emoji or five hundred letters are drawn as text', async () => {
    const page = await open('case=hostile&plain&wide');
    await page.waitForSelector(row('emoji'));
    expect(await run(page, 'document.body.dataset.hacked ?? null')).toBe(null);
    expect(await page.$$('.runs-table img, .runs-table script')).toEqual([]);
    await run(page, 'document.querySelector(".runs-grid").scrollLeft = 400');
    const texts = () => page.$$eval('.grid-row .cell', (cells) => cells.map((cell) => cell.textContent));
    await expect.poll(texts).toEqual(expect.arrayContaining(['NaN', '∞', '−∞', '–']));
  });

  it('of ten thousand metrics are found by the picker', async () => {
    const page = await open('case=many&plain');
    await page.click('[aria-label="Choose Columns…"]');
    await page.keyboard.type('layer.9876');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.head-cell:has-text("layer.9876.gradient_norm")');
  });

  it('stay while the server is away, and it is said', async () => {
    const page = await open();
    await run(
      page,
      'page.fake.state.away = true; page.table.changed({ runs: [], metrics: [], everything: true })',
    );
    await expect.poll(() => page.textContent('.table-banner')).toContain('does not answer');
    expect(await names(page)).toContain('brisk-otter');
    await run(page, 'page.fake.state.away = false');
    await expect
      .poll(() => page.textContent('.table-banner'), { timeout: 10_000 })
      .not.toContain('does not answer');
  });

  it('do not move under the pointer when they change', async () => {
    const page = await open('plain&sort');
    const before = await names(page);
    await page.hover(row('calm-finch'));
    await run(
      page,
      `const value = page.runs.value; page.runs.value = (i, c) => c.kind === 'metric' && c.of === 'best' && i === 1 ? 0.999 : value(i, c);
       page.runs.run = ((run) => (i, columns) => ({ ...run(i, columns), cells: columns.map((c) => page.runs.value(i, c)) }))(page.runs.run);
       page.fake.forgetAll(); page.table.changed({ runs: [], metrics: [], everything: true })`,
    );
    await expect.poll(() => page.textContent(row('calm-finch'))).toContain('0.9990');
    expect(await names(page)).toEqual(before);
    await page.mouse.move(5, 5);
    await expect.poll(async () => (await names(page))[0]).toBe('calm-finch');
  });
});

describe('columns', () => {
  it('are sorted by a click, by several with Shift, and no more after the third', async () => {
    const page = await open('plain');
    const head = (title: string) => `.head-cell:has-text("${title}")`;
    await page.click(head('val_loss'));
    await expect.poll(() => page.getAttribute(head('val_loss'), 'aria-sort')).toBe('ascending');
    await page.click(head('seed'), { modifiers: ['Shift'] });
    await expect
      .poll(async () => (await definition(page)).sort)
      .toMatchObject([
        { column: { name: 'val_loss' }, descending: false },
        { column: { name: 'seed' }, descending: false },
      ]);
    await page.click(head('val_loss'));
    await page.click(head('val_loss'));
    await expect.poll(() => page.getAttribute(head('val_loss'), 'aria-sort')).toBe('none');
  });

  it('are resized, moved and fitted by mouse and by keyboard', async () => {
    const page = await open('plain');
    const head = () => page.locator('[data-head="1"]');
    const box = await head().boundingBox();
    await page.mouse.move(box!.x + box!.width - 2, box!.y + 10);
    await page.mouse.down();
    await page.mouse.move(box!.x + box!.width + 48, box!.y + 10, { steps: 3 });
    await page.mouse.up();
    await expect
      .poll(async () => Math.round((await head().boundingBox())!.width))
      .toBe(Math.round(box!.width) + 50);
    expect((await definition(page)).sort).toEqual([]);
    await page.locator('[data-resize="1"]').dblclick();
    await expect.poll(async () => (await head().boundingBox())!.width).toBeLessThan(box!.width + 20);

    const first = await page.textContent('[data-head="1"] .head-text');
    const to = await page.locator('[data-head="3"]').boundingBox();
    const from = await head().boundingBox();
    await page.mouse.move(from!.x + 10, from!.y + 10);
    await page.mouse.down();
    await page.mouse.move(to!.x + to!.width - 2, to!.y + 10, { steps: 5 });
    await page.mouse.up();
    await expect.poll(() => page.textContent('[data-head="3"] .head-text')).toBe(first);

    await page.focus('.runs-grid');
    await page.keyboard.press('ArrowUp');
    for (let n = 0; n < 4; n += 1) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Alt+ArrowLeft');
    await expect.poll(() => page.textContent('[data-head="2"] .head-text')).toBe(first);
    const width = (await page.locator('[data-head="2"]').boundingBox())!.width;
    await page.keyboard.press('Alt+Shift+ArrowRight');
    await expect
      .poll(async () => (await page.locator('[data-head="2"]').boundingBox())!.width)
      .toBeCloseTo(width + 10, 0);
  });

  it('are hidden when all runs are equal in them, pinned, and drawn as bars or colours', async () => {
    const page = await open('plain');
    expect(await status(page)).toContain('3 columns hidden: equal in all runs');
    await page.click('[aria-label="Only Columns That Differ"]');
    await page.waitForSelector('.head-cell:has-text("optimizer")');
    await page.click('.head-cell:has-text("val_loss")', { button: 'right' });
    await page.click('text=Colours in Cells');
    await page.waitForSelector('.cell.heat');
    await page.click('.head-cell:has-text("val_loss")', { button: 'right' });
    await page.click('text=Pin beside the Name');
    await page.waitForSelector('.frozen .head-cell:has-text("val_loss")');
    await page.click('.head-cell:has-text("optimizer")', { button: 'right' });
    await page.click('text=Hide Column');
    await expect.poll(() => page.$$('.head-cell:has-text("optimizer")')).toEqual([]);
  });
});

describe('the filter', () => {
  it('is completed, applied while it is typed, and cleared by Escape', async () => {
    const page = await open();
    await page.focus('.runs-grid');
    await page.keyboard.press('/');
    await page.keyboard.type('params.lr <= 0.003 and metrics.val_a');
    await expect.poll(() => page.textContent('.completion.here')).toContain('metrics.val_accuracy');
    await page.keyboard.press('Enter');
    await page.keyboard.type('> 0.97');
    await expect.poll(() => status(page)).toContain('hidden by the filter');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await expect.poll(() => status(page)).toContain('24 of 24 runs');
  });

  it('that is wrong says where, and the last one that worked stays', async () => {
    const page = await open('plain');
    await page.click('.filter-input');
    await page.keyboard.type('params.seed = 1');
    await expect.poll(() => status(page)).toContain('5 of 24 runs');
    await page.keyboard.type(' and params.lr => 3');
    await expect.poll(() => page.textContent('.filter-note')).toContain('Column 32:');
    expect(await page.$('.filter-box.wrong')).not.toBe(null);
    expect((await definition(page)).filter).toBe('params.seed = 1');
    expect(await status(page)).toContain('5 of 24 runs');
  });

  it('is written by clicks on cells', async () => {
    const page = await open('plain');
    await page.click(`${row('bold-puffin')} [data-column="3"]`, { button: 'right' });
    await page.click('text=Exclude This Value');
    await expect.poll(async () => (await definition(page)).filter).toMatch(/^params\.\w+ != /);
    await page.click(`${row('rapid-tern')} [data-column="0"]`, { button: 'right' });
    await page.click('text=At Least This Value');
    await expect
      .poll(async () => (await definition(page)).filter)
      .toMatch(/ and metrics\.val_accuracy\.best >= 0\.98/);
  });

  it('that no run fulfils offers the way back', async () => {
    const page = await open('filter=metrics.val_accuracy > 0.9999');
    await page.waitForSelector('text=No run matches');
    await page.click('text=Clear Filter >> visible=true');
    await expect.poll(() => status(page)).toContain('24 of 24 runs');
  });

  it('comes back by the arrow up', async () => {
    const page = await open('plain');
    await page.click('.filter-input');
    await page.keyboard.type('state = failed');
    await page.keyboard.press('Enter');
    await expect.poll(() => status(page)).toContain('1 of 24 runs');
    await page.click('.filter-input');
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Delete');
    await expect.poll(() => status(page)).toContain('24 of 24 runs');
    await page.keyboard.press('ArrowUp');
    expect(await page.inputValue('.filter-input')).toBe('state = failed');
  });
});

describe('keys', () => {
  it('move, turn on, open, star, compare, rename and delete', async () => {
    const page = await open('plain');
    await page.click(`${row('calm-finch')} .name`);
    await page.keyboard.press('Space');
    await expect.poll(() => status(page)).toContain('8 on in charts');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Alt+Enter');
    await page.keyboard.press('s');
    await page.keyboard.press('F2');
    await page.keyboard.press('Delete');
    await page.keyboard.press('c');
    const runId = (3).toString(16).padStart(32, '0');
    expect(await calls(page, 'openRun')).toEqual([
      { runId, beside: false },
      { runId, beside: true },
    ]);
    expect(await calls(page, 'setStar')).toEqual([{ runIds: [runId], starred: true }]);
    expect(await calls(page, 'act')).toEqual([
      { action: 'rename', runIds: [runId] },
      { action: 'delete', runIds: [runId] },
      { action: 'compare', runIds: [runId] },
    ]);
    await page.keyboard.press('Home');
    await expect.poll(() => page.textContent('.grid-row.active')).toContain('brisk-otter');
  });

  it('select several, with a bar for what can be done with them', async () => {
    const page = await open('plain');
    await page.click(`${row('calm-finch')} .name`);
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await expect.poll(() => selected(page)).toBe(3);
    await page.click('.bulk-action:has-text("Star")');
    expect(await calls(page, 'setStar')).toMatchObject([{ starred: true, runIds: { length: 3 } }]);
    await page.click(`${row('swift-newt')} .name`, { modifiers: ['Shift'] });
    await expect.poll(() => selected(page)).toBeGreaterThan(3);
    await page.focus('.runs-grid');
    await page.keyboard.press('Control+a');
    await expect.poll(() => selected(page)).toBe(24);
    await page.keyboard.press('Control+c');
    await expect
      .poll(() => calls(page, 'exportRuns'))
      .toMatchObject([{ format: 'markdown', to: 'clipboard' }]);
    await page.keyboard.press('Escape');
    expect(await selected(page)).toBe(0);
  });

  it('fold and unfold groups', async () => {
    const page = await open();
    await page.focus('.runs-grid');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => page.textContent('.grid-row.active')).toContain('hidden = 64');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => page.getAttribute('.grid-row.active', 'aria-expanded')).toBe('false');
    await expect.poll(() => names(page)).not.toContain('brisk-otter');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => names(page)).toContain('brisk-otter');
    await page.click('[aria-label="Fold All"]');
    await expect.poll(() => names(page)).toEqual(['hidden = 64', 'hidden = 32', 'hidden = 16']);
  });
});

describe('views', () => {
  it('are opened, changed, saved, renamed and deleted', async () => {
    const page = await open();
    await page.click('[role=tab]:has-text("Failed")');
    await expect.poll(() => status(page)).toContain('1 of 24 runs');
    await page.click('.head-cell:has-text("val_loss")');
    await page.waitForSelector('[role=tab][aria-label="Failed, changed since it was saved"]');
    await page.click('button.link:has-text("Save")');
    await page.waitForSelector('[role=tab][aria-label="Failed"]');
    await page.click('[aria-label="Save as View…"]');
    await page.waitForSelector('[role=tab][aria-selected=true]:has-text("Mine")');
    await page.click('[role=tab]:has-text("Mine")', { button: 'right' });
    await page.click('text=Delete View');
    await expect.poll(() => page.$$('[role=tab]:has-text("Mine")')).toEqual([]);
    await page.click('[aria-label="More Actions…"]');
    await page.click('text=Write Views to winnow.yaml…');
    expect(await calls(page, 'shareViews')).toHaveLength(1);
  });
});

describe('access', () => {
  for (const theme of ['dark', 'light', 'contrast']) {
    it(`finds nothing wrong in the ${theme} theme`, async () => {
      const page = await open(`theme=${theme}`);
      expect(await axeFindings(page)).toEqual([]);
      await page.click(`${row('calm-finch')} [data-column="1"]`, { button: 'right' });
      await page.waitForSelector('[role=menu]');
      expect(await axeFindings(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.click('[aria-label="Choose Columns…"]');
      expect(await axeFindings(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.click('.filter-input');
      await page.keyboard.type('metrics.val');
      expect(await axeFindings(page)).toEqual([]);
    });
  }

  it('is one tab stop for all rows, and reads them in the order in which they stand', async () => {
    const page = await open('runs=5000');
    expect(await page.$$eval('.runs-grid [tabindex="0"], .runs-grid button', (found) => found.length)).toBe(
      0,
    );
    await run(page, 'document.querySelector(".runs-grid").scrollTop = 5000');
    const order = () =>
      page.$$eval('.grid-row:not([hidden])', (rows) =>
        rows.map((one) => Number(one.getAttribute('aria-rowindex'))),
      );
    await expect.poll(async () => (await order())[0]).toBeGreaterThan(200);
    await expect
      .poll(async () => {
        const found = await order();
        return found.every((index, n) => n === 0 || index > (found[n - 1] ?? 0));
      })
      .toBe(true);
  });

  it('fits a small window at twice the size', async () => {
    const page = await open('', { width: 380, height: 360 });
    expect(await run(page, 'document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(await page.$$eval('.grid-row:not([hidden])', (rows) => rows.length)).toBeGreaterThan(4);
  });
});
