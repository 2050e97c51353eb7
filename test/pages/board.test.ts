import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { type Pages, axeFindings, openPages } from './harness/pages';

let pages: Pages;
const opened: Page[] = [];

beforeAll(async () => {
  pages = await openPages('board');
});
afterEach(async () => {
  for (const page of opened.splice(0)) await page.close();
  expect(pages.problems.splice(0)).toEqual([]);
});
afterAll(() => pages.close());

interface Chart {
  readonly id: string;
  readonly pinned: boolean;
  readonly title: string | null;
  readonly span: number;
  readonly height: number | null;
  readonly logarithmicY?: boolean;
}
interface Board {
  readonly made: {
    readonly calls: { readSeries: number; series: number };
    readonly host: {
      readonly saved: { name: string; bytes: Uint8Array }[];
      readonly notes: { runId: string; markdown: string }[];
    };
  };
  definition(): { charts: Chart[] | null; board: { smoothing: number } };
  log(index: number, by?: number): void;
}
/** What the page says of its board. */
const inPage = <T>(page: Page, ask: (board: Board) => T): Promise<T> =>
  page.evaluate<T>(`(${String(ask)})(globalThis.board)`);

async function open(query = '', size?: { width: number; height: number }): Promise<Page> {
  const page = await pages.open(query, size);
  opened.push(page);
  await page.waitForSelector('.legend-name, .board-notes p');
  return page;
}

const titles = (page: Page) => page.$$eval('.frame h3', (all) => all.map((one) => one.textContent.trim()));
const frame = (page: Page, title: string) =>
  page.locator('.frame', { has: page.locator(`h3:text-is("${title}")`) });
async function choose(page: Page, title: string, item: string): Promise<void> {
  await frame(page, title).hover();
  await frame(page, title).locator('.codicon-ellipsis').click();
  await page.locator('.menu-item', { hasText: item }).click();
}

describe('the board of charts', () => {
  it('reads for all charts on the screen at once', async () => {
    const page = await open('runs=50');
    expect(await inPage(page, (board) => board.made.calls.readSeries)).toBe(1);
  });

  it('has no serious finding of axe, in any theme', async () => {
    for (const theme of ['dark', 'light', 'contrast']) {
      const page = await open(`theme=${theme}&smoothing=0.5`);
      expect(await axeFindings(page)).toEqual([]);
    }
  });

  it('draws what is odd, and carries nothing out', async () => {
    const page = await open('case=odd');
    expect(await page.evaluate(() => document.body.dataset['hacked'])).toBeUndefined();
    expect(await titles(page)).toContain('<b onclick=alert(1)>bold</b>');
  });

  it('makes charts of ten thousand metrics only where one looks', async () => {
    const page = await open('case=many');
    await page.locator('.further summary').click();
    const before = await page.locator('.frame').count();
    expect(before).toBeLessThan(80);
    await page.getByLabel('Search metrics').fill('layer.777 norm');
    await expect.poll(() => titles(page)).toContain('layer.7770.gradient_norm');
    expect(await page.locator('.fold-search .dim').textContent()).toContain('11 of ');
  });

  it('pins, moves, names, sizes and removes a chart, and puts it back', async () => {
    const page = await open();
    await frame(page, 'val_loss').hover();
    await page.getByLabel('Pin val_loss').click();
    expect((await titles(page))[0]).toBe('val_loss');
    await page.getByLabel('Unpin val_loss').click();
    await frame(page, 'val_loss').locator('.plot').focus();
    await page.keyboard.press('Alt+ArrowRight');
    const charts = await inPage(page, (board) => board.definition().charts ?? []);
    expect(charts.map(({ id }) => id).indexOf('metric:val_loss')).toBe(2);
    await frame(page, 'val_loss').locator('h3').dblclick();
    await page.keyboard.type('What is lost');
    await page.keyboard.press('Enter');
    expect(await titles(page)).toContain('What is lost');
    await frame(page, 'What is lost').locator('.corner').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    const sized = await inPage(page, (board) =>
      board.definition().charts?.find(({ title }) => title === 'What is lost'),
    );
    expect(sized).toMatchObject({ span: 2, height: expect.any(Number) as number });
    await choose(page, 'What is lost', 'Remove');
    expect(await titles(page)).not.toContain('What is lost');
    await page.getByText('Undo').click();
    expect(await titles(page)).toContain('What is lost');
  });

  it('zooms by a rectangle and by keys, reads more points of the part, and goes back', async () => {
    const page = await open('points=20000');
    const plot = frame(page, 'val_accuracy').locator('.plot');
    const before = await inPage(page, (board) => board.made.calls.readSeries);
    const box = await plot.boundingBox();
    if (box === null) throw new Error('The chart is not on the screen.');
    await page.mouse.move(box.x + 200, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + 320, box.y + 140, { steps: 4 });
    await page.mouse.up();
    await page.getByText('Show All of It').waitFor();
    await expect.poll(() => inPage(page, (board) => board.made.calls.readSeries)).toBe(before + 1);
    await plot.focus();
    await page.keyboard.press('+');
    await page.keyboard.press('0');
    await page.getByText('Show All of It').waitFor({ state: 'hidden' });
    await page.keyboard.press('l');
    expect(
      await inPage(page, (board) =>
        board.definition().charts?.find(({ id }) => id === 'metric:val_accuracy'),
      ),
    ).toMatchObject({ logarithmicY: true });
  });

  it('shows one cross-hair in all charts and the values of all lines, smoothed and raw', async () => {
    const page = await open('smoothing=0.6');
    await frame(page, 'val_accuracy').locator('.plot').focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    expect(await page.locator('.tooltip').innerText()).toMatch(/step 29\s+smooth\s+raw/);
    expect(await page.locator('.cross-hair').count()).toBeGreaterThan(1);
  });

  it('gives a chart out as PNG, SVG, CSV, into a note and as a table', async () => {
    const page = await open('smoothing=0.6', { width: 900, height: 1000 });
    for (const item of ['Save as PNG', 'Save as SVG', 'Save as CSV'])
      await choose(page, 'val_accuracy', item);
    await choose(page, 'val_accuracy', 'Copy into Note');
    await page.locator('.menu-item').first().click();
    await expect.poll(() => inPage(page, (board) => board.made.host.notes.length)).toBe(1);
    await expect
      .poll(() => inPage(page, (board) => board.made.host.saved.map(({ name }) => name).sort()))
      .toEqual(['val_accuracy.csv', 'val_accuracy.png', 'val_accuracy.svg']);
    const texts = await inPage(page, (board) =>
      board.made.host.saved.map(({ bytes }) => new TextDecoder().decode(bytes).slice(0, 2000)),
    );
    expect(texts.some((text) => text.startsWith('step,brisk-otter,"brisk-otter, smoothed"'))).toBe(true);
    expect(texts.some((text) => text.startsWith('<svg'))).toBe(true);
    await choose(page, 'val_accuracy', 'Show as Table');
    expect(await frame(page, 'val_accuracy').locator('tbody tr').count()).toBe(30);
  });

  it('says what went wrong and tries again', async () => {
    const page = await pages.open('case=error');
    opened.push(page);
    await page.getByText('The tracking server does not answer').first().waitFor();
    await page.getByText('Try Again').first().click();
    await page.waitForSelector('.legend-name');
    await expect.poll(() => frame(page, 'val_accuracy').locator('.error').count()).toBe(0);
  });

  it('opens a chart alone and comes back by Escape', async () => {
    const page = await open();
    await frame(page, 'val_loss').hover();
    await page.getByLabel('Open val_loss Alone').click();
    expect(await titles(page)).toEqual(['val_loss']);
    await page.keyboard.press('Escape');
    expect((await titles(page)).length).toBeGreaterThan(3);
  });

  it('draws new points of a run that lives', async () => {
    const page = await open();
    const drawn = () =>
      page
        .locator('.board')
        .evaluate(
          (board: HTMLElement) =>
            (JSON.parse(board.dataset['drawn'] ?? '{}') as Record<string, number>)['loss'],
        );
    const before = await drawn();
    await inPage(page, (board) => board.log(1));
    await expect.poll(drawn).toBe((before ?? 0) + 1);
  });
});
