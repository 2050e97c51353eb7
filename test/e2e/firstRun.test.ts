import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seriousIn } from './harness/axe';
import { pictureFailures, setUpDesk } from './harness/desk';
import { KeptRuns } from './harness/store';
import type { Desk } from './harness/desk';
import type { KeptPoint } from './harness/store';
import type { Workbench } from './pages/workbench';

const TRAINING_MS = 180_000; // 30 epochs; half a minute on a machine that does nothing else.
const EPOCHS = Array.from({ length: 30 }, (_, index) => index + 1);
const BRANCH = 'winnow/digits-v1';

/** Each test goes on where the one before it stopped. */
describe('The first run of a person who has just installed Winnow', () => {
  let desk: Desk;
  let window: Workbench;
  let kept: KeptRuns;
  let before: string;
  let runName = '';
  let accuracy: KeptPoint[] = [];

  beforeAll(async () => {
    desk = await setUpDesk();
    kept = new KeptRuns(desk.stateHome);
    before = repositoryState(desk.folder);
    window = await desk.openWindow();
  });

  afterAll(() => desk?.clear());
  pictureFailures(() => window);

  it('begins in the activity bar, with one thing to do next', async () => {
    const view = await window.openWinnow();
    await expect.poll(() => view.welcome()).toContain('Run train.py');
    await window.picture('1-empty');
  });

  it('starts with one click, and its points arrive while it runs', { timeout: TRAINING_MS }, async () => {
    await window.openFile('train.py');
    const view = await window.openWinnow();
    await view.pressWelcome('Run train.py');
    await expect.poll(() => view.runs(), { timeout: 60_000 }).toHaveLength(1);
    runName = (await view.runs())[0]?.label ?? '';
    await expect.poll(() => describedAs(view), { timeout: TRAINING_MS }).toMatch(/^0\.\d+ · [3-9]\/30/);
    await expect.poll(() => window.statusItem(runName).isVisible()).toBe(true);
    await expect.poll(() => window.terminalText()).toContain('epoch 1/30');
  });

  it('draws its curves in the charts', { timeout: TRAINING_MS }, async () => {
    await window.runCommand('Winnow: Show Charts');
    await expect.poll(() => window.charts.text()).toContain('val_accuracy');
    await expect.poll(() => window.charts.canvases().count()).toBeGreaterThanOrEqual(4);
    await window.picture('2-running');
  });

  it('goes on when the page is closed and the tracking server killed', { timeout: TRAINING_MS }, async () => {
    await window.close();
    expect(await desk.killTrackingServers('SIGKILL')).toHaveLength(1);

    window = await desk.openWindow();
    const view = await window.openWinnow();
    await expect.poll(() => view.row(runName).isVisible(), { timeout: 60_000 }).toBe(true);
    await expect
      .poll(async () => (await view.runs())[0]?.icon, { timeout: TRAINING_MS, message: 'the run finishes' })
      .toBe('pass');
    const [runId = ''] = await kept.runIds('digits');
    for (const metric of ['loss', 'accuracy', 'val_loss', 'val_accuracy']) {
      const points = await kept.history(runId, metric);
      expect(
        points.map(({ step }) => step),
        metric,
      ).toEqual(EPOCHS);
      if (metric === 'val_accuracy') accuracy = points;
    }
    await view.chooseFromMenu(runName, 'Show Charts');
    await expect.poll(() => window.charts.text()).toContain('val_accuracy');
    await window.picture('3-finished');
    await window.inThemes(async () => expect(await seriousIn(window.charts.content)).toEqual([]));
  });

  it('shows in a hover on the code', async () => {
    await window.openFile('train.py');
    const source = readFileSync(path.join(desk.folder, 'train.py'), 'utf8');
    const metric = await window.editor.hoverOn(source, '"val_accuracy"');
    await expect.poll(() => metric.innerText()).toContain(runName);
    await window.picture('4-metric-hover');
    const param = await window.editor.hoverOn(source, '"--lr"');
    await expect.poll(() => param.innerText()).toContain('0.001');
    await window.picture('5-param-hover');
  });

  it('becomes a commit that nothing else of the repository feels', async () => {
    const view = await window.openWinnow();
    await view.chooseFromMenu(runName, 'Promote Run to Repository');
    await expect.poll(() => window.quickInput.labels()).toContainEqual(expect.stringContaining(BRANCH));
    await window.picture('6-promotion-plan');
    await window.quickInput.pick('Promote to');
    await window.notifications.toast('Promoted').waitFor();
    await window.picture('7-promoted');
    expect(repositoryState(desk.folder)).toBe(before);
    expect(git(desk.folder, 'cat-file', '-t', 'digits/v1')).toBe('tag');
    expect(git(desk.folder, 'rev-parse', 'digits/v1^{commit}')).toBe(git(desk.folder, 'rev-parse', BRANCH));
    expect(git(desk.folder, 'rev-parse', `${BRANCH}^`)).toBe(git(desk.folder, 'rev-parse', 'HEAD'));
  });

  it('comes out the same from a clean clone of that commit', { timeout: TRAINING_MS }, () => {
    const clone = mkdtempSync(path.join(tmpdir(), 'winnow-clone-'));
    try {
      git(clone, 'clone', '--quiet', '--branch', BRANCH, desk.folder, '.');
      symlinkSync(path.join(desk.folder, '.venv'), path.join(clone, '.venv'));
      execFileSync('.venv/bin/python', ['train.py', '--seed', '0'], {
        cwd: clone,
        // MLflow's own files: the clone owes nothing to Winnow.
        env: {
          ...process.env,
          MLFLOW_TRACKING_URI: `file://${clone}/mlruns`,
          MLFLOW_ALLOW_FILE_STORE: 'true',
        },
        stdio: 'ignore',
      });
      expect(accuracyInFiles(path.join(clone, 'mlruns'))).toEqual(accuracy);
    } finally {
      rmSync(clone, { recursive: true, force: true });
    }
  });

  it('can be taken back as if it had never been promoted', async () => {
    await window.notifications.press('Promoted', 'Undo');
    await window.notifications.toast('Undone').waitFor();
    expect(git(desk.folder, 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
    expect(repositoryState(desk.folder)).toBe(before);
  });

  it('is deleted, and then purged for good once that was confirmed', async () => {
    const view = await window.openWinnow();
    await view.chooseFromMenu(runName, 'Delete Run');
    await window.notifications.toast('Deleted').waitFor();
    await window.runCommand('Winnow: Purge Deleted Runs');
    await expect.poll(() => window.dialog.text()).toContain('Remove 1 deleted run');
    await window.picture('9-purge');
    await window.dialog.press('Purge');
    await window.notifications.toast('are free again').waitFor();
    expect(await kept.runIds('digits', 'ALL')).toEqual([]);
    expect(readdirSync(path.join(desk.folder, '.winnow/runs'))).toEqual([]);
  });
});

/** What the first run's row says behind its name. */
async function describedAs(view: { runs(): Promise<{ description: string }[]> }): Promise<string> {
  return (await view.runs())[0]?.description ?? '';
}

/** HEAD, index and working tree in a few lines. */
function repositoryState(folder: string): string {
  return [
    git(folder, 'symbolic-ref', 'HEAD'),
    git(folder, 'rev-parse', 'HEAD'),
    git(folder, 'ls-files', '--stage'),
    git(folder, 'status', '--porcelain'),
  ].join('\n');
}

function git(folder: string, ...args: string[]): string {
  return execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' }).trim();
}

/** MLflow's file store keeps a metric as lines of "timestamp value step". */
function accuracyInFiles(mlruns: string): KeptPoint[] {
  for (const experiment of readdirSync(mlruns)) {
    for (const run of readdirSync(path.join(mlruns, experiment), { withFileTypes: true })) {
      const file = path.join(mlruns, experiment, run.name, 'metrics/val_accuracy');
      if (!existsSync(file)) continue;
      const lines = readFileSync(file, 'utf8').trim().split('\n');
      return lines.map((line) => {
        const [, value, step] = line.split(' ').map(Number);
        return { step: step ?? Number.NaN, value: value ?? Number.NaN };
      });
    }
  }
  return [];
}
