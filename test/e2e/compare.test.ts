import { execFile } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/project.mjs';
import { seriousIn } from './harness/axe';
import { pictureFailures, setUpDesk } from './harness/desk';
import type { Desk } from './harness/desk';
import { ComparePage } from './pages/comparePage';
import type { Workbench } from './pages/workbench';

const RUNS_MS = 240_000; // Four short trainings, each importing scikit-learn and mlflow.
const WAIT = { timeout: 30_000 };

/** Each test goes on where the one before it stopped. */
describe('Runs side by side', () => {
  let desk: Desk;
  let window: Workbench;
  let compare: ComparePage;
  const names: string[] = [];

  const winnow = async (...args: string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)(
      path.join(root, 'node_modules/.bin/node'),
      [path.join(root, 'dist/cli.js'), ...args],
      { cwd: desk.folder, env: { ...process.env, WINNOW_STATE_HOME: desk.stateHome } },
    );
    return stdout;
  };
  const runs = async () =>
    (JSON.parse(await winnow('runs', '--json')) as { runs: { name: string; state: string }[] }).runs;
  const train = (...args: string[]) =>
    winnow('run', '--python', path.join(desk.folder, '.venv/bin/python'), '--', 'train.py', ...args);

  beforeAll(async () => {
    desk = await setUpDesk();
    const trainings = [
      ['--hidden', '16', '--seed', '0'],
      ['--hidden', '16', '--seed', '1'],
      ['--hidden', '64', '--lr', '0.003', '--seed', '0'],
      ['--hidden', '64', '--lr', '0.003', '--seed', '1'],
    ];
    for (const [index, args] of trainings.entries()) {
      if (index === 2) appendFileSync(path.join(desk.folder, 'train.py'), '\n# wider layers\n');
      await train('--epochs', '8', ...args);
      names.push((await runs())[0]!.name);
    }
    window = await desk.openWindow();
    compare = new ComparePage(window.page);
  }, RUNS_MS);

  afterAll(() => desk?.clear());
  pictureFailures(() => window);

  it('opens from the selection of the tree', async () => {
    const view = await window.openWinnow();
    await view.select(names[0]!);
    await view.row(names[2]!).click({ modifiers: ['ControlOrMeta'] });
    await view.chooseFromMenu(names[2]!, 'Compare Runs');
    await expect.poll(() => compare.heading(), WAIT).toBe('Compare 2 Runs');
    expect((await compare.columns()).toSorted()).toEqual([names[0]!, names[2]!].toSorted());
  });

  it('shows what differs, against the run that is made the base', async () => {
    if ((await compare.columns())[0] !== names[0]) {
      await compare.content.locator('.head').nth(2).hover();
      await compare.press('Make Base');
    }
    await expect.poll(() => compare.columns()).toEqual([names[0], names[2]]);
    await expect.poll(() => compare.row('hidden')).toEqual(['16', '64']);
    expect(await compare.row('epochs')).toBeNull();
    const [base = '', other = ''] = (await compare.row('val_accuracy')) ?? [];
    expect(base).toMatch(/^\d\.\d+$/);
    expect(other).toMatch(/^(=|\d\.\d+( [+−]\d\.\d+ (↑|↓|≈)( ahead| behind)?)?)$/);
    expect(await compare.section('metrics')).toContain('beyond the spread over seeds (4 runs)');
    await expect.poll(() => compare.row('train.py'), WAIT).toEqual(['open', '+2']);
    await window.picture('compare-1');
    await window.inThemes(async () => expect(await seriousIn(compare.content)).toEqual([]));
    await highContrast('compare-1');
  });

  it('opens the difference of a file in the diff editor', async () => {
    await compare.line('train.py').locator('.cell').nth(1).click();
    await expect.poll(() => window.openTabs()).toContainEqual(`train.py (${names[0]} ↔ ${names[2]})`);
    await window.picture('compare-2-diff');
    await window.runCommand('View: Close Editor');
    await expect.poll(() => compare.heading()).toBe('Compare 2 Runs');
  });

  it('takes more runs in, moves columns by keys and takes them out', async () => {
    await compare.press('Add Runs…');
    const offered = window.page.locator('.quick-input-widget .monaco-list-row', { hasText: names[3]! });
    await offered.click(WAIT);
    await window.page.keyboard.press('Enter');
    await expect.poll(async () => (await compare.columns()).length, WAIT).toBe(3);
    await compare.content.locator('.head').nth(3).click();
    await compare.grid.press('Alt+ArrowLeft');
    await expect.poll(() => compare.columns()).toEqual([names[0], names[3], names[2]]);
    await compare.grid.press('Delete');
    await expect.poll(() => compare.columns()).toEqual([names[0], names[2]]);
  });

  it('comes back after a reload', async () => {
    await window.reload();
    await window.page.locator('.tabs-container .tab').first().click({ timeout: 60_000 });
    await expect.poll(() => compare.columns(), { timeout: 60_000 }).toContain(names[2]);
    await expect.poll(() => compare.row('hidden')).not.toBeNull();
  });

  it('lives while a run runs', { timeout: RUNS_MS }, async () => {
    const running = train('--epochs', '400', '--hidden', '8').catch(() => '');
    let live = '';
    await expect
      .poll(async () => {
        live = (await runs()).find(({ state }) => state === 'running')?.name ?? '';
        return live;
      }, WAIT)
      .not.toBe('');
    const view = await window.openWinnow();
    await view.select(names[0]!);
    await view.row(live).click({ modifiers: ['ControlOrMeta'] });
    await view.chooseFromMenu(live, 'Compare Runs');
    await expect.poll(() => compare.columns(), WAIT).toContain(live);
    const column = (await compare.columns()).indexOf(live);
    const loss = async () => (await compare.row('val_loss'))?.[column] ?? '';
    await expect.poll(loss, WAIT).toMatch(/\d/);
    const before = await loss();
    await expect.poll(loss, WAIT).not.toBe(before);
    await window.picture('compare-3-live');
    await winnow('stop', live);
    await running;
    await expect.poll(async () => (await compare.row('State'))?.[column], WAIT).toBe('stopped');
  });

  /** A picture in high contrast: the workspace's own settings choose the theme for a while. */
  async function highContrast(name: string): Promise<void> {
    const folder = path.join(desk.folder, '.vscode');
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      path.join(folder, 'settings.json'),
      JSON.stringify({ 'workbench.preferredDarkColorTheme': 'Default High Contrast' }),
    );
    await window.page.emulateMedia({ colorScheme: 'dark' });
    await window.page.locator('.monaco-workbench.hc-black').waitFor(WAIT);
    await compare.content.locator('body.vscode-high-contrast').waitFor();
    await window.page.screenshot({ path: path.join(root, 'test-results', `${name}-contrast.png`) });
    rmSync(folder, { recursive: true });
    await window.page.locator('.monaco-workbench.vs-dark').waitFor(WAIT);
  }
});
