import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { waitFor } from './harness/waitFor';
import type { TestApi } from '../../src/extension/testApi';

describe('A run from a terminal', function () {
  this.timeout(120_000);

  it('is in the tree of a window that was open before there was a store', async () => {
    const extension = vscode.extensions.getExtension<TestApi>('winnow-ml.winnow');
    assert.ok(extension);
    const api = await extension.activate();
    const [first] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(first);
    await api.ready();
    assert.equal((await api.rows()).length, 0);

    const command = path.join(extension.extensionPath, 'dist/cli.js');
    const script = ['train_plain.py', '--epochs', '4'];
    const done = promisify(execFile)(
      process.execPath,
      [command, 'run', '--name', 'by-hand', '--', ...script],
      {
        cwd: first.uri.fsPath,
      },
    );
    // The badge comes by itself or not at all; asking for rows would connect the window.
    await waitFor('a badge', () => api.badge() === 1);
    await done;
    await waitFor('the run', async () => (await runNames(api)).includes('by-hand'));
  });
});

async function runNames(api: TestApi): Promise<string[]> {
  const experiments = await api.rows();
  const runs = await Promise.all(experiments.map((experiment) => api.rows(experiment.row)));
  return runs.flat().map(({ label }) => label);
}
