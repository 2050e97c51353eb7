import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type Page, chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { root } from '../../scripts/project.mjs';
import { CHROMIUM_ARGS } from '../../scripts/setup.mjs';

/** The page without an editor, with a window that is made up: states that are hard to bring about, and hostile runs. */
describe("A run's page", () => {
  let browser: Browser;
  let page: Page;
  let errors: string[] = [];
  let asked: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: inject('setup').chromium, args: [...CHROMIUM_ARGS] });
  });
  afterAll(() => browser?.close());
  afterEach(() => page?.close());

  async function open(kind: string, width = 1100): Promise<void> {
    errors = [];
    asked = [];
    page = await browser.newPage({ viewport: { width, height: 900 } });
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(`${pathToFileURL(path.join(root, 'test/pages/run.html')).href}?case=${kind}`);
    await page.locator('h1').waitFor();
  }
  const text = (id: string) => page.locator(`#part-${id}`).innerText();

  it('carries nothing out that a run brings along, and asks no one for anything', async () => {
    await open('hostile');
    await expect.poll(() => page.locator('h1').innerText()).toContain('<script>');
    await expect.poll(() => page.locator('canvas').count()).toBeGreaterThan(1);
    await page.locator('#part-artifacts .row', { hasText: 'report.json' }).hover();
    await page.getByRole('button', { name: 'Preview report.json' }).click();
    await expect.poll(() => page.locator('.table-preview').innerText()).toContain('<script>');
    expect(await page.evaluate(() => document.body.dataset['hacked'])).toBeUndefined();
    expect(await page.locator('#part-notes img, #part-notes script, #part-notes iframe').count()).toBe(0);
    const links = await page
      .locator('#part-notes a')
      .evaluateAll((all) => all.map((a) => a.getAttribute('href')));
    expect(links.filter((link) => !/^https?:/.test(link ?? ''))).toEqual([]);
    expect(asked.filter((url) => !url.startsWith('file:') && !url.startsWith('data:'))).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('writes NaN and the infinities, and names of 500 characters take no room from others', async () => {
    await open('hostile');
    await expect.poll(() => text('metrics')).toContain('−∞');
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  });

  it('draws of ten thousand metrics those on the screen, filters them, and goes by keys', async () => {
    await open('many');
    await expect.poll(() => text('metrics')).toContain('10,006 metrics');
    expect(await page.locator('.metric-body .metric-row').count()).toBeLessThan(40);
    expect(await page.locator('.metrics').getAttribute('aria-rowcount')).toBe('10007');
    await page.locator('.metrics').focus();
    await page.keyboard.press('End');
    await expect.poll(() => page.locator('.metric-row.active').innerText()).toContain('train_loss');
    await page.keyboard.press('/');
    await page.keyboard.type('layer.777.');
    await expect.poll(() => text('metrics')).toContain('1 of 10,006 metrics');
    await page.keyboard.press('Escape');
    await expect.poll(() => text('metrics')).toContain('10,006 metrics');
    expect(await page.evaluate(() => (window as unknown as { asked: number }).asked)).toBeLessThan(150);
    expect(errors).toEqual([]);
  });

  it('says of a run that only MLflow knows what is not known of it', async () => {
    await open('foreign');
    await expect.poll(() => text('output')).toContain('Winnow did not start this run');
    expect(await text('code')).toContain('Not known');
    expect(await text('environment')).toContain('Not known');
    expect(await page.getByRole('button', { name: /Run Again|Promote|^Stop/ }).count()).toBe(0);
  });

  it('says of a run without a metric, an output, a file or a dataset just that', async () => {
    await open('empty');
    await expect.poll(() => text('metrics')).toContain('It ended without a metric.');
    await expect.poll(() => text('output')).toContain('It printed nothing.');
    await expect.poll(() => text('artifacts')).toContain('No files');
    expect(await text('data')).toContain('No dataset');
    expect(await page.locator('.run-facts').innerText()).toContain('exit 1');
  });

  it('tells the attempts of a run that was resumed', async () => {
    await open('resumed');
    await expect.poll(() => text('attempts')).toMatch(/attempt 2[^]*epoch-12\.pt[^]*attempt 1[^]*stopped/);
    expect(await page.locator('.run-facts').innerText()).toContain('attempt 2');
  });

  it('gives the reason of a lost run, and offers to restore a deleted one', async () => {
    await open('lost');
    await expect
      .poll(() => page.locator('.run-head').innerText())
      .toContain('nobody saw how the process ended');
    await page.getByRole('button', { name: 'Resume…' }).click();
    expect(await page.evaluate(() => (window as unknown as { acted: string[] }).acted)).toEqual(['resume']);
    await page.close();
    await open('deleted');
    await expect.poll(() => page.locator('.banner').innerText()).toContain('This run was deleted.');
    await page.getByRole('button', { name: 'Restore Run…' }).click();
    expect(await page.evaluate(() => (window as unknown as { acted: string[] }).acted)).toEqual(['restore']);
  });

  it('tries again when nothing could be read, and keeps what it had when the server goes away', async () => {
    await open('error');
    await expect.poll(() => page.locator('.banner').innerText()).toContain('does not answer');
    await page.getByRole('button', { name: 'Try Again' }).click();
    await expect.poll(() => page.locator('h1').innerText()).toBe('brisk-otter');
    await page.evaluate(() => (window as unknown as { sayTrouble(text: string): void }).sayTrouble('Away.'));
    await expect.poll(() => page.locator('.banner').innerText()).toContain('Away.');
    expect(await text('metrics')).toContain('val_accuracy');
    await page.evaluate(() => (window as unknown as { logStep(): void }).logStep());
    await expect.poll(() => page.locator('.banner').isHidden()).toBe(true);
  });

  it('follows a run that lives', async () => {
    await open('running');
    const points = () =>
      page.evaluate(
        () => (JSON.parse(document.body.dataset['drawn'] ?? '{}') as Record<string, number>)['val_accuracy'],
      );
    await expect.poll(points).toBe(48); // 18 of its own, 30 of the champion.
    await page.evaluate(() => (window as unknown as { logStep(): void }).logStep());
    await expect.poll(points).toBe(49);
    await page.getByRole('button', { name: 'Stop' }).click();
    expect(await page.evaluate(() => (window as unknown as { acted: string[] }).acted)).toEqual(['stop']);
  });

  it('goes from area to area with F6, renames with F2, folds, and keeps an unsaved note', async () => {
    await open('');
    const area = () => page.evaluate(() => document.activeElement?.closest('[data-area]')?.id);
    await page.keyboard.press('F6');
    await page.keyboard.press('F6');
    expect(await area()).toBe('part-metrics');
    await page.keyboard.press('F6');
    expect(await area()).toBe('part-system');
    await page.keyboard.press('Shift+F6');
    expect(await area()).toBe('part-metrics');
    await page.keyboard.press('Enter');
    expect(await page.locator('.metrics').count()).toBe(0);
    await page.keyboard.press('F2');
    expect(await page.evaluate(() => (window as unknown as { acted: string[] }).acted)).toEqual(['rename']);
    await page.getByRole('button', { name: 'Edit Note' }).click();
    await page.getByRole('textbox', { name: 'Note in Markdown' }).fill('half a thought');
    await page.reload();
    await expect
      .poll(() => page.getByRole('textbox', { name: 'Note in Markdown' }).inputValue())
      .toBe('half a thought');
    await page.keyboard.press('F6');
    await page.getByRole('textbox', { name: 'Note in Markdown' }).press('Escape');
    await expect.poll(() => text('notes')).toContain('Wider layer');
    expect(errors).toEqual([]);
  });

  it('puts the right column under the left where there is no room for both', async () => {
    await open('', 700);
    const box = async (selector: string) => (await page.locator(selector).boundingBox())!;
    expect((await box('.right')).y).toBeGreaterThan((await box('.left')).y + 100);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  });
});
