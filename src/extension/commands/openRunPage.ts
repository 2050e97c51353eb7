import * as vscode from 'vscode';
import { delay } from '../../base/abort';
import { COMMANDS } from '../ids';
import { runsOf } from '../pickRun';
import type { Services } from '../services';
import type { TreeRow } from '../views/experimentsTree';

/** Opens the page of a run. From the tree's keyboard, what is no run does what Enter does there. */
export const openRunPage = {
  id: COMMANDS.openRunPage,
  async run(services: Services, ...args: readonly unknown[]) {
    const beside = args[0] === 'selection beside';
    const isKeyboard = beside || args[0] === 'selection';
    const selected = isKeyboard ? await selectedRow(services.tree.view) : undefined;
    if (selected !== undefined && selected.kind !== 'run') {
      const { command } = services.tree.item(selected);
      if (command === undefined) await vscode.commands.executeCommand('list.toggleExpand');
      else await vscode.commands.executeCommand(command.command, ...(command.arguments ?? []));
      return;
    }
    const [ref] = await runsOf(services, isKeyboard ? [] : args, {
      title: vscode.l10n.t('Open Run Page'),
      none: vscode.l10n.t('There are no runs yet'),
    });
    if (ref !== undefined) await services.runPages.open(ref.link.folder.uri.fsPath, ref.runId, { beside });
  },
};

const SELECTION_MS = 1_000; // Fetching the rows takes a few milliseconds, on a busy machine a hundred.
const LOOK_MS = 20;

/**
 * The row that is selected in the tree. While its rows are fetched anew VS Code tells an extension of no selection,
 * though the person sees one.
 */
async function selectedRow(view: Services['tree']['view']): Promise<TreeRow | undefined> {
  const end = performance.now() + SELECTION_MS;
  while (view.selection.length === 0 && performance.now() < end) await delay(LOOK_MS);
  return view.selection[0];
}
