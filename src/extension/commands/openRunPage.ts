import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import { runsOf } from '../pickRun';
import type { Services } from '../services';
import { ExperimentRow } from '../views/runsModel';
import { openExperiment } from './openExperiment';

/** Opens the page of a run. From the tree's keyboard, what is no run does what Enter does there. */
export const openRunPage = {
  id: COMMANDS.openRunPage,
  async run(services: Services, ...args: readonly unknown[]) {
    const beside = args[0] === 'selection beside';
    const isKeyboard = beside || args[0] === 'selection';
    const [selected] = isKeyboard ? await services.tree.selection() : [];
    if (selected !== undefined && selected.kind !== 'run') {
      if (selected instanceof ExperimentRow) return openExperiment.run(services, selected);
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
