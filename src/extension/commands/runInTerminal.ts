import path from 'node:path';
import * as vscode from 'vscode';
import { writeCommandFile } from '../commandFile';
import { COMMANDS } from '../ids';
import { later } from '../load';
import { targetOf } from '../scriptTarget';
import type { Services } from '../services';
import { quoted } from '../../code/shellLine';
import { relativeWithin, saveFolder } from '../startScript';

/**
 * Runs a script as a run of its own by the `winnow` command in a terminal, which shows its output and can be typed
 * in again afterwards. Ctrl+C stops the run politely.
 */
export const runInTerminal = {
  id: COMMANDS.runInTerminal,
  async run(services: Services, ...args: readonly unknown[]) {
    const target = await targetOf(services, args, vscode.l10n.t('Run in Terminal'));
    if (target === undefined) return;
    const { link, script } = target;
    await saveFolder(link);
    const { pythonFor } = await later();
    const [python, winnow] = await Promise.all([
      pythonFor(link.folder),
      writeCommandFile(services.storage, services.extensionUri),
    ]);
    const directory = target.directory ?? link.folder.uri.fsPath;
    const terminal = vscode.window.createTerminal({
      name: path.basename(script.fsPath),
      iconPath: new vscode.ThemeIcon('beaker'),
      cwd: directory,
    });
    terminal.show(true);
    const words = [winnow, 'run', '--python', python, '--', relativeWithin(directory, script.fsPath)];
    terminal.sendText([...words, ...target.args].map(quoted).join(' '));
  },
};
