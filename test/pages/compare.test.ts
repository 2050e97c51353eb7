import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Pages, axeFindings, openPages } from './harness/pages';

const SIZE = { width: 1100, height: 800 };

let pages: Pages;
const opened: Page[] = [];

beforeAll(async () => {
  pages = await openPages('compare');
});
afterEach(async () => {
  for (const page of opened.splice(0)) await page.close();
  expect(pages.problems.splice(0)).toEqual([]);
});
afterAll(() => pages.close());

async function open(query = '', size = SIZE): Promise<Page> {
  const page = await pages.open(query, size);
  opened.push(page);
  await page.waitForSelector('.value-line');
  return page;
}

const columns = (page: Page) => page.locator('.name-button').allInnerTexts();
const line = (page: Page, name: string) =>
  page.locator('.value-line', { has: page.locator('.name-text').getByText(name, { exact: true }) });
const cells = async (page: Page, name: string) =>
  line(page, name)
    .locator('.cell')
    .evaluateAll((all) =>
      all.map((cell) =>
        [...cell.querySelectorAll('.value, .beside')].map((part) => part.textContent.trim()).join(' '),
      ),
    );
const calls = (page: Page, method: string) =>
  page.evaluate(
    (wanted) =>
      (globalThis as unknown as { calls: [string, unknown][] }).calls
        .filter(([name]) => name === wanted)
        .map(([, request]) => request),
    method,
  );
const copied = (page: Page) =>
  page.evaluate(() => (globalThis as unknown as { copied?: string }).copied ?? '');

describe('the table', () => {
  it('writes values, = and –, and says what is beyond the noise', async () => {
    const page = await open();
    expect(await cells(page, 'optimizer')).toEqual(['adam', '=', '=', 'sgd']);
    expect(await cells(page, 'warmup_steps')).toEqual(['–', '–', '200', '–']);
    expect(await cells(page, 'val_accuracy')).toEqual([
      '0.9554',
      '0.9916 +0.0362 ↑ ahead',
      '0.9805 +0.0251 ↑ ahead',
      '0.9421 −0.0133 ↓ behind',
    ]);
    expect((await cells(page, 'latency_ms'))[1]).toMatch(/≈$/);
  });

  it('hides what is equal until all is asked for', async () => {
    const page = await open();
    expect(await line(page, 'epochs').count()).toBe(0);
    await page.getByRole('button', { name: 'Show All 8' }).click();
    expect(await cells(page, 'epochs')).toEqual(['30', '=', '=', '=']);
  });

  it('marks the words that differ in long values, and wraps them when asked', async () => {
    const page = await open();
    const marked = line(page, 'model').locator('.cell').nth(1).locator('mark');
    expect(await marked.allInnerTexts()).toContain('64');
    const height = async () => (await line(page, 'model').boundingBox())?.height ?? 0;
    expect(await height()).toBe(22);
    await page.getByRole('button', { name: 'Wrap Long Values' }).click();
    await expect.poll(height).toBeGreaterThan(30);
  });

  it('is filtered by name, folded or not', async () => {
    const page = await open();
    await page.locator('[data-section=params] .fold').click();
    expect(await line(page, 'lr').count()).toBe(1); // The metric of that name.
    await page.keyboard.press('/');
    await page.keyboard.type('lr');
    await expect.poll(() => line(page, 'lr').count()).toBe(2);
    expect(await line(page, 'hidden').count()).toBe(0);
    await page.keyboard.press('Escape');
    await expect.poll(() => line(page, 'lr').count()).toBe(1);
  });
});

describe('keys', () => {
  it('move, make another run the base, and take runs out', async () => {
    const page = await open();
    await page.locator('.compare').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('b');
    await expect
      .poll(() => columns(page))
      .toEqual(['brisk-otter', 'quiet-heron', 'rapid-tern', 'amber-lynx']);
    await page.keyboard.press('End');
    await page.keyboard.press('Alt+ArrowLeft');
    await expect
      .poll(() => columns(page))
      .toEqual(['brisk-otter', 'quiet-heron', 'amber-lynx', 'rapid-tern']);
    await page.keyboard.press('Delete');
    await expect.poll(() => columns(page)).toEqual(['brisk-otter', 'quiet-heron', 'rapid-tern']);
    await page.keyboard.press('Enter');
    expect(await calls(page, 'openRun')).toHaveLength(1);
  });

  it('fold sections, and open the difference of a file', async () => {
    const page = await open();
    await page.locator('.compare').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => line(page, 'State').count()).toBe(0);
    await line(page, 'train.py').locator('.cell').nth(1).click();
    expect(await calls(page, 'openCode')).toEqual([{ runId: '2'.padStart(32, '0'), path: 'train.py' }]);
  });

  it('always say where they are', async () => {
    const page = await open('case=many');
    await page.locator('.compare').focus();
    for (const key of ['Control+End', 'PageUp', 'ArrowRight', 'Control+Home', 'ArrowDown']) {
      await page.keyboard.press(key);
      await expect
        .poll(() =>
          page.evaluate(() => {
            const id = document.querySelector('.compare')?.getAttribute('aria-activedescendant');
            return id === null || id === undefined ? null : document.getElementById(id) !== null;
          }),
        )
        .toBe(true);
    }
  });
});

it('columns are dragged to another place', async () => {
  const page = await open();
  await page.locator('.head').nth(4).dragTo(page.locator('.head').nth(2));
  await expect.poll(() => columns(page)).toEqual(['quiet-heron', 'amber-lynx', 'brisk-otter', 'rapid-tern']);
});

it('what is shown is copied as Markdown and as CSV', async () => {
  const page = await open();
  await page.getByRole('button', { name: 'Copy as Markdown' }).click();
  await expect.poll(() => copied(page)).toContain('| val\\_accuracy | 0.9554 | 0.9916 +0.0362 ↑ ahead |');
  await page.getByRole('button', { name: 'Copy as CSV' }).click();
  await expect.poll(() => copied(page)).toContain('params,lr,0.001,0.003,1e-2,0.1\r\n');
});

it('of ten thousand params and metrics those on the screen exist', async () => {
  const page = await open('case=many');
  await page.locator('[data-section=params] .link').click();
  await expect.poll(() => page.locator('.compare').getAttribute('aria-rowcount')).toMatch(/^10\d{3}$/);
  expect(await page.locator('.line').count()).toBeLessThan(80);
});

it('lives while a run runs, and keeps what the person does', async () => {
  const page = await open('case=running');
  await page.locator('[data-section=params] .fold').click();
  const value = async () => (await cells(page, 'val_loss'))[1];
  const before = await value();
  await expect.poll(value).not.toBe(before);
  expect(await line(page, 'hidden').count()).toBe(0);
});

it('a failure at first is said with a way to go on', async () => {
  const page = await pages.open('case=error', SIZE);
  opened.push(page);
  await page.getByRole('button', { name: 'Try Again' }).click();
  await page.waitForSelector('.value-line');
});

it('runs that are gone are counted', async () => {
  const page = await open('case=gone');
  expect(await page.locator('.banner').innerText()).toContain('2 runs are not there any more');
});

describe('access', () => {
  it.each(['dark', 'light', 'contrast'])('axe finds nothing in %s', async (theme) => {
    for (const kind of ['', 'two', 'hostile']) {
      const page = await open(`theme=${theme}&case=${kind}`);
      expect(await axeFindings(page)).toEqual([]);
    }
  });

  it('nothing of hostile names runs, and long ones stay in their place', async () => {
    const page = await open('case=hostile');
    expect(await page.evaluate(() => document.body.dataset['hacked'])).toBeUndefined();
    expect(await page.locator('.compare img, .compare script').count()).toBe(0);
    const heads = await page.locator('.heads').boundingBox();
    expect(heads?.height).toBeLessThan(90);
  });

  it('cells say what = and – mean', async () => {
    const page = await open();
    const spoken = (name: string, column: number) =>
      line(page, name).locator('.cell').nth(column).getAttribute('aria-label');
    expect(await spoken('optimizer', 1)).toBe('equal, adam');
    expect(await spoken('warmup_steps', 0)).toBe('none');
    expect(await spoken('val_accuracy', 1)).toContain('ahead of the base, beyond the spread over seeds');
  });
});
