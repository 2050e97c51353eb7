import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/project.mjs';
import { seriousIn } from './harness/axe';
import { pictureFailures, setUpDesk } from './harness/desk';
import type { Desk } from './harness/desk';
import type { Workbench } from './pages/workbench';

const RUNS_MS = 120_000;

/** Trains small networks on the digits as they are: six configurations with three seeds each, a few seconds in all. */
const GRID = `
import itertools
import sys

import mlflow
import numpy as np
from sklearn.metrics import accuracy_score, log_loss

from digits import build, load

x, y = load("data/train.csv")
x_val, y_val = load("data/validation.csv")
mlflow.set_experiment("digits")
for hidden, lr, seed in itertools.product((16, 32, 64), (0.003, 0.01), range(3)):
    model = build(lr, hidden, 32, seed)
    rng = np.random.default_rng(seed)
    with mlflow.start_run(run_name=f"h{hidden}-lr{lr}-s{seed}"):
        mlflow.log_params({"hidden": hidden, "lr": lr, "epochs": 8, "batch_size": 32, "seed": seed})
        for epoch in range(1, 9):
            order = rng.permutation(len(x))
            model.partial_fit(x[order], y[order], classes=range(10))
            proba = model.predict_proba(x_val)
            mlflow.log_metrics(
                {"val_loss": log_loss(y_val, proba), "val_accuracy": accuracy_score(y_val, proba.argmax(1))},
                step=epoch,
            )
`;

/** Each test goes on where the one before it stopped. */
describe('The page of an experiment', () => {
  let desk: Desk;
  let window: Workbench;
  let champion = '';

  const winnow = async (...args: string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)(
      path.join(root, 'node_modules/.bin/node'),
      [path.join(root, 'dist/cli.js'), ...args],
      { cwd: desk.folder, env: { ...process.env, WINNOW_STATE_HOME: desk.stateHome } },
    );
    return stdout;
  };
  const python = () => path.join(desk.folder, '.venv/bin/python');

  const page = () => window.experiment;

  beforeAll(async () => {
    desk = await setUpDesk();
    writeFileSync(path.join(desk.folder, 'grid.py'), GRID);
    await winnow('run', '--python', python(), '--', 'train.py', '--hidden', '16', '--epochs', '1');
    const { runs } = JSON.parse(await winnow('runs', '--json')) as {
      runs: { runId: string; name: string }[];
    };
    champion = runs[0]?.name ?? '';
    await winnow('promote', runs[0]?.runId ?? '');
    await winnow('run', '--python', python(), '--', 'grid.py');
    window = await desk.openWindow();
  }, RUNS_MS);

  afterAll(async () => {
    await desk?.clear();
  });
  pictureFailures(() => window);

  it('opens with Enter on its row: all runs, best and champion, some of them in charts', async () => {
    const view = await window.openWinnow();
    await view.select('digits');
    await window.page.keyboard.press('Enter');
    await expect.poll(() => window.openTabs()).toEqual(['digits']);
    await expect.poll(() => page().status()).toContain('19 of 19 runs');
    await expect.poll(() => page().status()).toContain('7 on in charts');
    expect(await page().fact('Champion')).toContain(champion);
    expect(await page().fact('Best run')).toMatch(/0\.9\d+\s*h\d+-lr0\.\d+-s\d/);
    expect(await page().fact('Best configuration')).toContain('too few seeds to tell');
    await expect.poll(() => page().charts.locator('canvas').count()).toBeGreaterThanOrEqual(2);
    await window.page.keyboard.press('Escape');
    await view.pressAction('digits', 'Open Experiment');
    expect(await window.openTabs()).toEqual(['digits']);
  });

  it('filters by what is typed, with names and values completed', async () => {
    await page().filter.click();
    await page().filter.pressSequentially('hidd');
    await expect.poll(() => page().options()).toContain('params.hidden');
    await window.page.keyboard.press('Enter');
    await page().filter.pressSequentially(' = 64');
    await expect.poll(() => page().status()).toContain('6 of 19 runs');
    await window.page.keyboard.press('Escape');
    await page().filter.fill('');
    await expect.poll(() => page().status()).toContain('19 of 19 runs');
  });

  it('groups by a param and sorts, and is kept as a view that is shared in winnow.yaml', async () => {
    await page().press(/^Group by/);
    await page().choose('hidden');
    await expect.poll(() => page().names()).toContain('hidden = 64');
    await page().column('val_accuracy').click();
    await expect
      .poll(() =>
        page()
          .names()
          .then(([first]) => first),
      )
      .toBe('hidden = 64');
    await page().press('Save as View…');
    await window.quickInput.answer('By width');
    await expect.poll(() => page().views()).toEqual(['All runs', 'By width']);
    await page().press('More Actions…');
    await page().item('Write Views to winnow.yaml…').click();
    await expect.poll(() => window.openTabs()).toContain('winnow.yaml');
    await expect
      .poll(() =>
        window.editor.lines.allInnerTexts().then((lines) => lines.join('\n').replaceAll('\u00a0', ' ')),
      )
      .toContain('- name: By width');
    await window.page.keyboard.press('Control+S');
    await expect
      .poll(() => readFileSync(path.join(desk.folder, 'winnow.yaml'), 'utf8'))
      .toMatch(/^views:\n {2}- name: By width\n {4}experiment: digits$/m);
    await window.runCommand('View: Close Editor');
  });

  it('turns a run on for charts, and tells its values under the pointer', async () => {
    const off = await page().firstOff();
    await page().eye(off).click();
    await expect.poll(() => page().status()).toContain('8 on in charts');
    await expect.poll(() => page().charts.locator('.legend-name').allInnerTexts()).toContain(off);
    await page().charts.locator('.line-chart canvas').first().hover();
    await expect.poll(() => page().charts.locator('.tooltip').count()).toBeGreaterThan(0);
    await window.picture('experiment-open');
  });

  it('looks well in high contrast, and axe finds nothing serious in any theme', async () => {
    await window.inThemes(async () => expect(await seriousIn(page().content)).toEqual([]));
    await window.runCommand('Preferences: Color Theme');
    await window.quickInput.answer('Dark High Contrast');
    await window.page.locator('.monaco-workbench.hc-black').waitFor();
    await page().content.locator('body.vscode-high-contrast').waitFor();
    expect(await seriousIn(page().content)).toEqual([]);
    await window.snapshot('experiment-contrast');
    await window.runCommand('Preferences: Color Theme');
    await window.quickInput.answer('Dark Modern');
    await window.page.locator('.monaco-workbench.vs-dark').waitFor();
  });

  it('writes its runs as a file', async () => {
    await page().press('More Actions…');
    await page().item('Export…').click();
    await page().item('Export as CSV…').click();
    await window.quickInput.answerFile(path.join(desk.folder, 'runs.csv'));
    await expect.poll(() => existsSync(path.join(desk.folder, 'runs.csv'))).toBe(true);
    const lines = readFileSync(path.join(desk.folder, 'runs.csv'), 'utf8').trim().split('\r\n');
    expect(lines).toHaveLength(20);
    expect(lines[0]).toMatch(/^name,run id,/);
    expect(lines.join('\n')).toContain(champion);
  });

  it('shows chosen runs side by side', async () => {
    await page().row('h64-lr0.01-s0').click();
    await page()
      .row('h64-lr0.01-s1')
      .click({ modifiers: ['Control'] });
    await window.page.keyboard.press('c');
    await expect.poll(() => window.openTabs()).toHaveLength(2);
    await window.runCommand('View: Close Editor');
    await expect.poll(() => window.openTabs()).toEqual(['digits']);
  });

  it('follows a run while it trains, also over the death of the server', async () => {
    const training = winnow(
      'run',
      '--python',
      python(),
      '--',
      'train.py',
      '--epochs',
      '6',
      '--batch-size',
      '64',
    );
    await expect.poll(() => page().head.innerText()).toContain('1 running');
    await expect.poll(() => page().status()).toContain('20 of 20 runs');
    await desk.killTrackingServers();
    expect(await page().names()).toContain('h64-lr0.01-s0');
    await training;
    await expect.poll(() => page().head.innerText()).not.toContain('running');
    await expect.poll(() => page().status()).toContain('20 of 20 runs');
    await expect.poll(() => page().content.locator('.banner > p').count()).toBe(0);
  });

  it('comes back as it was when the window is loaded again', async () => {
    await window.reload();
    await expect.poll(() => window.openTabs()).toEqual(['digits']);
    await expect.poll(() => page().status()).toContain('20 of 20 runs');
    expect(await page().selectedView()).toBe('By width');
    await expect.poll(() => page().names()).toContain('hidden = 64');
  });
});
