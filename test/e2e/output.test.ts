import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/project.mjs';
import { pictureFailures, setUpDesk } from './harness/desk';
import type { Desk } from './harness/desk';
import type { Workbench } from './pages/workbench';

/** Prints colours, a bar that draws itself again and again, and in between more than a terminal keeps. */
const SCRIPT = `
import sys

print("\\x1b[1mlr:\\x1b[0m 0.1")
for i in range(40_000):
    print(f"record {i} of shard 12 was read by worker {i % 4}")
for epoch in range(1, 4):
    print(f"\\x1b[36mEpoch {epoch}/3\\x1b[0m")
    for done in range(0, 101, 10):
        print(f"\\r{done:3}%|{'█' * (done // 10):10}| {done}/100 [00:01<00:00, 90.1it/s, loss={1 / (epoch + done / 100):.3f}]", end="", file=sys.stderr)
    print(file=sys.stderr)
    print(f"\\x1b[32mval_loss: {0.9 / epoch:.4f}\\x1b[0m, backlog: {epoch}")
print("needle in the last line")
`;

describe('The output of a run', () => {
  let desk: Desk;
  let window: Workbench;

  beforeAll(async () => {
    desk = await setUpDesk();
    writeFileSync(path.join(desk.folder, 'chatty.py'), SCRIPT);
    const command = [path.join(root, 'dist/cli.js'), 'run', '--name', 'chatty', '--', 'chatty.py'];
    await promisify(execFile)(path.join(root, 'node_modules/.bin/node'), command, {
      cwd: desk.folder,
      env: { ...process.env, WINNOW_STATE_HOME: desk.stateHome },
      maxBuffer: 1 << 26,
    });
    window = await desk.openWindow();
    const view = await window.openWinnow();
    await view.select('chatty');
  }, 180_000);

  afterAll(() => desk?.clear());
  pictureFailures(() => window);

  it('is shown from its end, as the script drew it', async () => {
    await window.runCommand('Winnow: Show Output');
    await expect.poll(() => window.terminalText()).toContain('needle in the last line');
    const text = await window.terminalText();
    expect(text).toContain('100%|██████████| 100/100');
    expect(text).toContain('Show From the Start');
    expect(text).not.toContain('record 0 of');
    await window.picture('output-terminal');
  });

  it('shows its start when the link in the terminal is followed', async () => {
    await expect
      .poll(async () => {
        const text = await window.terminalText();
        if (text.includes('Show From the Start')) await window.followTerminalLink('Show From the Start');
        return text;
      })
      .toContain('record 0 of');
    await window.picture('output-from-start');
  });

  it('is searched as a whole, and opens as text at the hit', async () => {
    await window.runCommand('Winnow: Search Output…');
    await window.quickInput.answer('/record 12\\d\\d\\d of/');
    await expect.poll(async () => (await window.quickInput.labels()).length).toBeGreaterThan(5);
    await window.picture('output-search');
    await window.quickInput.pick('record 12003 of');
    await expect
      .poll(() => window.editor.lines.allInnerTexts())
      .toContainEqual(expect.stringContaining('12003'));
    await window.picture('output-text');
  });

  it('shows which line gave which metric, and mutes one', async () => {
    await window.runCommand('Winnow: Show Printed Metrics');
    await expect
      .poll(() => window.quickInput.labels())
      .toEqual(expect.arrayContaining(['loss', 'backlog', 'val_loss']));
    await window.picture('printed-metrics');
    const row = window.page.locator('.quick-input-widget .monaco-list-row', { hasText: 'backlog' }).first();
    await row.hover();
    await row.locator('[aria-label="Mute"]').click();
    await window.quickInput.pick('Mute backlog in This Experiment');
    await expect.poll(() => window.quickInput.labels()).toContain('backlog is muted');
    await window.picture('printed-metrics-muted');
  });
});
