import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/project.mjs';
import { seriousIn } from './harness/axe';
import { pictureFailures, setUpDesk } from './harness/desk';
import type { Desk } from './harness/desk';
import type { Workbench } from './pages/workbench';

const RUNS_MS = 240_000; // Four short trainings, each importing scikit-learn and mlflow.

/** What the changed script writes besides: a picture, a table, a page that tries to run a script, and a model's folder. */
const report = (spy: string) => `
import struct, zlib
from pathlib import Path

import mlflow


def picture(path, size=96):
    rows = b"".join(
        b"\\0" + b"".join(bytes((20 + 2 * x, 60 + y, 200 if x // 12 == y // 12 else 90)) for x in range(size)) for y in range(size)
    )
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    head = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    Path(path).write_bytes(b"\\x89PNG\\r\\n\\x1a\\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def write(folder):
    picture(Path(folder) / "confusion.png")
    mlflow.log_artifact(Path(folder) / "confusion.png")
    mlflow.log_text("label,precision,recall\\n0,0.99,1.0\\n1,0.97,0.98\\n", "report.csv")
    mlflow.log_text("""<h1>Report</h1><a href="${spy}/link">a link</a><script>document.title='hacked'; fetch('${spy}/fetch')</script>
<img src="${spy}/img" onerror="document.title='hacked'"><link rel="stylesheet" href="${spy}/css"><iframe src="${spy}/frame"></iframe>
<meta http-equiv="refresh" content="0;url=${spy}/refresh"><form action="${spy}/form"><button>Send</button></form>""", "report.html")
    mlflow.log_text("flavors:\\n  python_function:\\n    env: x\\n  sklearn:\\n    code: null\\n", "model/MLmodel")
    mlflow.log_text("scikit-learn\\n", "model/requirements.txt")
    print("\\x1b[33mConvergenceWarning: not converged yet\\x1b[0m")
    print("\\x1b[32mdone\\x1b[0m: report written")
`;

/** Each test goes on where the one before it stopped. */
describe('The page of a run', () => {
  let desk: Desk;
  let window: Workbench;
  let best = '';
  let champion = '';
  /** Hears of whatever the run's page asks a network for. */
  const heard: string[] = [];
  const spy = http.createServer((request, response) => {
    heard.push(request.url ?? '');
    response.end('heard');
  });

  const winnow = async (...args: string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)(
      path.join(root, 'node_modules/.bin/node'),
      [path.join(root, 'dist/cli.js'), ...args],
      { cwd: desk.folder, env: { ...process.env, WINNOW_STATE_HOME: desk.stateHome } },
    );
    return stdout;
  };
  const train = (...args: string[]) =>
    winnow(
      'run',
      '--python',
      path.join(desk.folder, '.venv/bin/python'),
      '--',
      'train.py',
      '--epochs',
      '8',
      ...args,
    );
  const newest = async () => {
    const { runs } = JSON.parse(await winnow('runs', '--json')) as {
      runs: { name: string; runId: string }[];
    };
    return runs[0]!;
  };

  beforeAll(async () => {
    desk = await setUpDesk();
    spy.listen(0, '127.0.0.1');
    await once(spy, 'listening');
    await train('--hidden', '16', '--seed', '0');
    champion = (await newest()).name;
    await winnow('promote', (await newest()).runId);
    await train('--hidden', '16', '--seed', '1');
    const script = path.join(desk.folder, 'train.py');
    writeFileSync(
      path.join(desk.folder, 'report.py'),
      report(`http://127.0.0.1:${(spy.address() as AddressInfo).port}`),
    );
    writeFileSync(
      script,
      readFileSync(script, 'utf8')
        .replace('import numpy as np', 'import numpy as np\nimport report')
        .replace(
          '        mlflow.log_artifact(path)',
          '        mlflow.log_artifact(path)\n        report.write(folder)',
        ),
    );
    await train('--hidden', '64', '--lr', '0.003', '--seed', '0');
    await train('--hidden', '64', '--lr', '0.003', '--seed', '1');
    best = (await newest()).name;
    window = await desk.openWindow();
  }, RUNS_MS);

  afterAll(async () => {
    spy.close();
    spy.closeAllConnections();
    await desk?.clear();
  });
  pictureFailures(() => window);

  it('opens with Enter on its row, while a click only selects it', async () => {
    const view = await window.openWinnow();
    await view.select(best);
    await expect.poll(() => window.openTabs()).toEqual([]);
    await window.page.keyboard.press('Enter');
    await expect.poll(() => window.run.heading()).toBe(best);
    await expect.poll(() => window.openTabs()).toEqual([best]);
  });

  it('tells how it stands beside the champion', async () => {
    await expect.poll(() => window.run.area('metrics').innerText()).toContain('champion');
    await expect
      .poll(() => window.run.area('metrics').innerText())
      .toContain('beyond the spread over seeds (4 runs)');
    await expect.poll(() => window.run.area('params').innerText()).toMatch(/3 differ from the champion/);
    await expect.poll(() => window.run.content.locator('canvas').count()).toBeGreaterThanOrEqual(2);
    await expect.poll(() => window.run.area('output').innerText()).toContain('report written');
    expect(await window.run.area('metrics').innerText()).toContain(champion);
    await window.run.press('Star Run');
    await expect.poll(() => window.run.content.getByRole('button', { name: 'Remove Star' }).count()).toBe(1);
  });

  it('shows its files: pictures, tables and models', async () => {
    const artifacts = window.run.area('artifacts');
    await expect.poll(() => artifacts.locator('img').count()).toBe(1);
    await artifacts.getByRole('button', { name: 'model', exact: true }).click();
    await expect.poll(() => artifacts.innerText()).toContain('scikit-learn model');
    await artifacts.locator('.row', { hasText: 'report.csv' }).hover();
    await artifacts.getByRole('button', { name: 'Preview report.csv' }).click();
    await expect.poll(() => artifacts.locator('.table-preview').innerText()).toContain('precision');
    await window.picture('run-1');
    await window.inThemes(async () => expect(await seriousIn(window.run.content)).toEqual([]));
  });

  it('keeps a note in Markdown', async () => {
    await window.run.press('Add Note');
    await window.run.content
      .getByRole('textbox', { name: 'Note in Markdown' })
      .fill(
        'Wider layer, **higher rate**. <img src=x onerror="document.title=1"> [bad](command:winnow.purge)\n\n![matrix](confusion.png)',
      );
    await window.page.keyboard.press('Control+Enter');
    await expect.poll(() => window.run.area('notes').locator('strong').innerText()).toBe('higher rate');
    expect(await window.run.area('notes').locator('img:not([data-artifact]), a').count()).toBe(0);
    await expect
      .poll(() =>
        window.run
          .area('notes')
          .locator('img')
          .evaluate((image) => image instanceof HTMLImageElement && image.naturalWidth > 0),
      )
      .toBe(true);
    await window.picture('run-2-note');
  });

  it('opens the difference of a file in the diff editor', async () => {
    await expect.poll(() => window.run.area('code').innerText()).toContain('report.py');
    await window.run.area('code').getByRole('button', { name: 'train.py' }).click();
    await expect.poll(() => window.openTabs()).toContainEqual(`train.py (${champion} ↔ ${best})`);
    await window.picture('run-3-diff');
    await window.page.keyboard.press('Control+F4');
    await window.runCommand('View: Close Editor');
  });

  it('shows a page that the run wrote, and runs nothing of it', async () => {
    await expect.poll(() => window.run.heading()).toBe(best);
    await window.run.area('artifacts').getByRole('button', { name: 'report.html', exact: true }).click();
    const frame = window.run.content.frameLocator('iframe');
    await expect.poll(() => frame.locator('h1').innerText()).toBe('Report');
    await window.picture('run-4-html');
    expect(await frame.locator('html').evaluate(() => document.title)).not.toBe('hacked');
    await frame.locator('a').click();
    await expect.poll(() => frame.locator('h1').innerText()).toBe('Report');
    expect(heard).toEqual([]);
    // Keys that are pressed in a frame without scripts stay in it: it is closed by the mouse.
    const tab = window.page.locator('.tabs-container .tab', { hasText: 'report.html' });
    await tab.click({ button: 'middle' });
    await tab.waitFor({ state: 'hidden' });
  });

  it('opens a picture in the viewer of the editor', async () => {
    await expect.poll(() => window.run.heading()).toBe(best);
    await window.run.area('artifacts').locator('.file-open', { hasText: 'confusion.png' }).click();
    await expect.poll(() => window.openTabs()).toContainEqual('confusion.png');
    await window.runCommand('View: Close Editor');
  });

  it('is renamed with F2, deleted, and brought back', async () => {
    await expect.poll(() => window.run.heading()).toBe(best);
    await window.run.content.locator('#head-metrics').focus();
    await window.page.keyboard.press('F2');
    await window.quickInput.answer('the wide one');
    await expect.poll(() => window.run.heading()).toBe('the wide one');
    await expect.poll(() => window.openTabs()).toEqual(['the wide one']);
    best = 'the wide one';
    await window.run.press('Delete Run');
    await expect
      .poll(() => window.run.content.locator('.banner').innerText())
      .toContain('This run was deleted');
    await window.notifications.press('Deleted', 'Undo');
    await expect.poll(() => window.run.content.locator('.banner').isHidden()).toBe(true);
  });

  it('stands beside whichever run is chosen, also when it was hidden meanwhile', async () => {
    await window.run.press('Compare with…');
    await window.quickInput.pick('No Run');
    await expect.poll(() => window.run.area('params').innerText()).not.toContain('champion');
    // A hidden page is destroyed, and made anew when it is shown.
    await window.openFile('train.py');
    await window.runCommand('View: Close Editor');
    await expect.poll(() => window.run.heading()).toBe(best);
    expect(await window.run.area('params').innerText()).not.toContain('champion');
    await window.run.press('Compare with Champion');
    await expect.poll(() => window.run.area('params').innerText()).toContain('3 differ from the champion');
  });

  it('comes back after a reload, with the run that it was compared with', async () => {
    await expect.poll(() => window.run.heading()).toBe(best);
    await window.reload();
    // Which editor is in front is VS Code's to remember, and it is late with it.
    await window.page.getByRole('tab', { name: best }).click({ timeout: 60_000 });
    await expect.poll(() => window.run.heading(), { timeout: 60_000 }).toBe(best);
    await expect.poll(() => window.run.area('params').innerText()).toContain('3 differ from the champion');
  });

  it(
    'lives while it runs, survives the death of the server, and stops from the page',
    { timeout: RUNS_MS },
    async () => {
      appendFileSync(path.join(desk.folder, 'train.py'), '\n# once more\n');
      const running = train('--epochs', '400', '--hidden', '8').catch(() => '');
      let live = '';
      await expect
        .poll(async () => {
          const { runs } = JSON.parse(await winnow('runs', '--json')) as {
            runs: { name: string; state: string }[];
          };
          live = runs.find(({ state }) => state === 'running')?.name ?? '';
          return live;
        })
        .not.toBe('');
      const view = await window.openWinnow();
      await view.select(live);
      await window.page.keyboard.press('Enter');
      await expect.poll(() => window.run.heading()).toBe(live);
      const lastStep = async () =>
        Number((await window.run.area('output').innerText()).match(/epoch (\d+)\/400[^\n]*\s*$/)?.[1] ?? 0);
      await expect.poll(lastStep, { timeout: 60_000 }).toBeGreaterThan(3);
      await window.picture('run-5-live');
      await desk.killTrackingServers('SIGKILL');
      const before = await lastStep();
      await expect.poll(lastStep, { timeout: 60_000 }).toBeGreaterThan(before);
      await expect
        .poll(() => window.run.content.locator('.banner').isHidden(), { timeout: 60_000 })
        .toBe(true);
      await window.run.press('Stop');
      await expect.poll(() => window.run.content.locator('.badge').first().innerText()).toContain('stopped');
      await running;
      await window.picture('run-6-stopped');
    },
  );

  it('changes no file of the repository', () => {
    const status = execFileSync('git', ['-C', desk.folder, 'status', '--porcelain'], { encoding: 'utf8' });
    expect(
      status
        .trim()
        .split('\n')
        .map((line) => line.trim())
        .sort(),
    ).toEqual(['?? report.py', 'M train.py'].sort());
  });
});
