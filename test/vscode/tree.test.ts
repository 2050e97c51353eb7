import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import type { ShownRow, TestApi } from '../../src/extension/testApi';
import { waitFor } from './harness/waitFor';
import { runOf, workspaceFolder, writeScript } from './harness/workspace';

/** How a person arranges the tree, in a real editor with real runs. */
describe('The tree', function () {
  this.timeout(180_000);
  let api: TestApi;

  before(async () => {
    const extension = vscode.extensions.getExtension<TestApi>('winnow-ml.winnow');
    assert.ok(extension);
    api = await extension.activate();
    for (const value of [0.8, 0.9, 0.7]) {
      const script = writeScript('train_tree.py', [`print("val_accuracy: ${value}")`]);
      await runOf(() => vscode.commands.executeCommand('winnow.runExperiment', script));
    }
    await waitFor('three runs with their values', async () => {
      const rows = await runs();
      return (
        rows.length === 3 &&
        rows.every(({ icon, description }) => icon === 'pass' && /^0\.\d+/.test(description))
      );
    });
  });

  it('sorts runs: newest first, or the best', async () => {
    assert.deepEqual(await values(), ['0.7000', '0.9000', '0.8000']);
    await vscode.commands.executeCommand('winnow.sortRuns', 'best');
    await waitFor('the best first', async () => (await values()).join() === '0.9000,0.8000,0.7000');
    await vscode.commands.executeCommand('winnow.sortRuns', 'newest');
    await waitFor('the newest first', async () => (await values())[0] === '0.7000');
  });

  it('groups runs, each group with the mean of the goal and how many it has', async () => {
    await vscode.commands.executeCommand('winnow.groupRuns', { kind: 'state' });
    const group = await waitFor('the group', async () => (await groups())[0]);
    assert.equal(group.label, 'finished');
    assert.match(group.description, /^0\.800? ± 0\.100? · 3 runs$/);
    assert.equal((await api.rows(group.row)).length, 3);
    await vscode.commands.executeCommand('winnow.groupRuns', { kind: 'day' });
    await waitFor('today', async () => (await groups())[0]?.label === 'Today');
    await vscode.commands.executeCommand('winnow.groupRuns', { kind: 'parent' });
    await waitFor('no groups', async () => (await groups()).length === 0);
  });

  it('filters runs, says so above them, and shows all again', async () => {
    await vscode.commands.executeCommand('winnow.filterRuns', 'best.val_accuracy > 0.75');
    await waitFor('two runs', async () => (await runs()).length === 2);
    assert.equal(api.message(), 'Filter: best.val_accuracy > 0.75');
    assert.match((await experiment()).description, /^2 of 3 runs/);
    await vscode.commands.executeCommand('winnow.filterRuns', 'state = failed');
    await waitFor('a row that says so', async () => {
      const rows = await api.rows((await experiment()).row);
      return rows[0]?.label === 'No run matches the filter';
    });
    await vscode.commands.executeCommand('winnow.clearFilter');
    await waitFor('all runs', async () => (await runs()).length === 3);
    assert.equal(api.message(), undefined);
  });

  it('marks a run with a star, and takes it off again', async () => {
    const [first] = await runs();
    assert.ok(first);
    await vscode.commands.executeCommand('winnow.starRun', first.row);
    const starred = await waitFor('a star', async () =>
      (await runs()).find(({ contextValue }) => contextValue.endsWith('.starred')),
    );
    assert.equal(starred.label, first.label);
    assert.match(starred.spoken, /starred/);
    await vscode.commands.executeCommand('winnow.unstarRun', starred.row);
    await waitFor('no star', async () =>
      (await runs()).every(({ contextValue }) => !contextValue.endsWith('.starred')),
    );
  });

  it('puts a run aside, shows it when it is asked for, and takes it back', async () => {
    const [first] = await runs();
    assert.ok(first);
    await vscode.commands.executeCommand('winnow.archiveRun', first.row);
    await waitFor('two runs', async () => (await runs()).length === 2);
    await vscode.commands.executeCommand('winnow.showArchived');
    const archived = await waitFor('the archived one', async () =>
      (await runs()).find(({ label }) => label === first.label),
    );
    assert.match(archived.description, /archived/);
    await vscode.commands.executeCommand('winnow.unarchiveRun', archived.row);
    await vscode.commands.executeCommand('winnow.hideArchived');
    await waitFor('three runs', async () => (await runs()).length === 3);
  });

  it('compares runs, and brings the same comparison up again', async () => {
    const runIds = (await runs()).map(({ row }) => (row.kind === 'run' ? row.runId : ''));
    const argument = { folder: workspaceFolder(), runIds };
    await vscode.commands.executeCommand('winnow.compareRuns', argument);
    await waitFor('the page', () => comparisons().length === 1);
    await waitFor('its title', () => comparisons()[0]?.label === 'Compare 3 Runs');
    await vscode.commands.executeCommand('winnow.compareRuns', {
      ...argument,
      runIds: runIds.toReversed(),
    });
    assert.equal(comparisons().length, 1);
  });

  function comparisons(): readonly vscode.Tab[] {
    return vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .filter(
        ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('winnow.compare'),
      );
  }

  async function experiment(): Promise<ShownRow> {
    return waitFor('the experiment', async () =>
      (await api.rows()).find(({ row }) => row.kind === 'experiment'),
    );
  }

  async function below(): Promise<readonly ShownRow[]> {
    return api.rows((await experiment()).row);
  }

  async function runs(): Promise<readonly ShownRow[]> {
    return (await below()).filter(({ row }) => row.kind === 'run');
  }

  async function groups(): Promise<readonly ShownRow[]> {
    return (await below()).filter(({ row }) => row.kind === 'group');
  }

  async function values(): Promise<readonly string[]> {
    return (await runs()).map(({ description }) => description.split(' ')[0] ?? '');
  }
});
