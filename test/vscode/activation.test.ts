import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';

describe('The extension', () => {
  it('is there under its id and activates', async () => {
    const extension = vscode.extensions.getExtension('winnow-ml.winnow');
    assert.ok(extension, 'winnow-ml.winnow is not installed');
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it('offers every command that its package.json names', async () => {
    const extension = vscode.extensions.getExtension('winnow-ml.winnow');
    await extension?.activate();
    const registered = new Set(await vscode.commands.getCommands(true));
    const contributed: readonly { command: string }[] = extension?.packageJSON.contributes.commands;
    const missing = contributed.map(({ command }) => command).filter((command) => !registered.has(command));
    assert.deepEqual(missing, []);
  });
});
