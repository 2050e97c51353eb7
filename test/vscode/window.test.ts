import { strict as assert } from 'node:assert';
import path from 'node:path';
import * as vscode from 'vscode';
import { waitFor } from './harness/waitFor';
import type { ShownRow, TestApi } from '../../src/extension/testApi';

/** The window of a real editor on a working copy of the example: tree, commands, documents, hovers. */
describe('The window', function () {
  this.timeout(120_000);
  let api: TestApi;
  let folder: string;
  let runId: unknown;
  let colour: string;

  before(async () => {
    const extension = vscode.extensions.getExtension<TestApi>('winnow-ml.winnow');
    assert.ok(extension);
    api = await extension.activate();
    const [first] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(first);
    folder = first.uri.fsPath;
  });

  it('runs a script and shows it live, in the colour that it has in charts', async () => {
    const script = vscode.Uri.file(path.join(folder, 'train_plain.py'));
    await vscode.window.showTextDocument(script);
    runId = await vscode.commands.executeCommand('winnow.runExperiment', script);
    assert.match(String(runId), /^[0-9a-f]{32}$/);
    const row = await ownRow(({ icon }) => icon === 'play-circle');
    assert.equal(row.contextValue, 'run.live.on.runner');
    colour = row.colour;
    assert.match(colour, /^winnow\.run[1-8]$/);
    await waitFor('a badge', () => api.badge() > 0);
  });

  it('opens a terminal with the output under the name of the run', async () => {
    const row = await ownRow();
    await waitFor('a terminal', () => vscode.window.terminals.some(({ name }) => name === row.label));
  });

  it('stops a run politely, and says that a person did', async () => {
    await vscode.commands.executeCommand('winnow.stopRun', runId);
    const row = await ownRow(({ contextValue }) => contextValue === 'run.over.on.runner.resumable');
    assert.equal(row.icon, 'stop-circle');
    assert.match(row.description, /stopped/);
    assert.match(row.spoken, /stopped.*on in charts/);
  });

  it('turns a run off and on in charts, and the row follows', async () => {
    const { row } = await ownRow();
    await vscode.commands.executeCommand('winnow.hideFromCharts', row);
    assert.equal((await ownRow()).colour, 'descriptionForeground');
    await vscode.commands.executeCommand('winnow.showInCharts', row);
    assert.equal((await ownRow()).colour, colour);
  });

  it('selects a run that a link names', async () => {
    await vscode.commands.executeCommand('winnow.openRun', { folder, runId });
    await waitFor('a selection', () =>
      api.selection().some((row) => row.kind === 'run' && row.runId === runId),
    );
  });

  it('copies a command that a terminal understands', async () => {
    await vscode.commands.executeCommand('winnow.copyRunCommand', runId);
    const line = await vscode.env.clipboard.readText();
    assert.match(line, /^cd .* && .*python\S* train_plain\.py$/);
  });

  it('shows the code as the run saw it, also after the file has changed', async () => {
    const script = path.join(folder, 'train_plain.py');
    const before = Buffer.from(await vscode.workspace.fs.readFile(vscode.Uri.file(script)));
    const snapshot = vscode.Uri.from({
      scheme: 'winnow-snapshot',
      path: '/run/train_plain.py',
      query: new URLSearchParams({ folder, runId: String(runId) }).toString(),
    });
    await vscode.workspace.fs.writeFile(
      vscode.Uri.file(script),
      Buffer.concat([before, Buffer.from('\n# new\n')]),
    );
    try {
      const seen = Buffer.from(await vscode.workspace.fs.readFile(snapshot));
      assert.equal(seen.toString('utf8'), before.toString('utf8'));
      await assert.rejects(async () => vscode.workspace.fs.writeFile(snapshot, before));
    } finally {
      await vscode.workspace.fs.writeFile(vscode.Uri.file(script), before);
    }
  });

  it('deletes a run from the tree', async () => {
    const { row } = await ownRow();
    await vscode.commands.executeCommand('winnow.deleteRun', row);
    await waitFor('one run less', async () => (await runs()).every((shown) => !isOwn(shown)));
  });

  it('opens nothing and throws nothing for arguments that are not what they should be', async () => {
    for (const argument of ['not a run', 42, { runId: '../..' }, [], { folder: '/', runIds: [] }]) {
      await vscode.commands.executeCommand('winnow.openRun', argument);
    }
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  async function runs(): Promise<readonly ShownRow[]> {
    const experiments = await api.rows();
    const lists = await Promise.all(experiments.map(({ row }) => api.rows(row)));
    return lists.flat().filter(({ row }) => row.kind === 'run');
  }

  /** The row of the run that these tests started; other tests have theirs in the same folder. */
  async function ownRow(is: (row: ShownRow) => boolean = () => true): Promise<ShownRow> {
    return waitFor('such a row', async () => (await runs()).find((shown) => isOwn(shown) && is(shown)));
  }

  function isOwn({ row }: ShownRow): boolean {
    return row.kind === 'run' && row.runId === runId;
  }
});
