import * as vscode from 'vscode';
import { type Disposable, Owned } from '../base/lifecycle';
import { COMMANDS } from './ids';
import type { ExperimentsTree } from './views/experimentsTree';
import { progressText, valueOf } from './views/runText';

/** The status bar item while something runs: `brisk-otter 18/30 · val_accuracy 0.9777`. Hidden otherwise. */
export function createStatusBar(tree: ExperimentsTree): Disposable {
  const owned = new Owned();
  const item = owned.add(
    vscode.window.createStatusBarItem('winnow.running', vscode.StatusBarAlignment.Left, 10),
  );
  item.name = vscode.l10n.t('Running Experiment');

  const draw = () => {
    const [first] = tree.running;
    if (first === undefined) {
      item.hide();
      return;
    }
    const { run, link, row } = first;
    const goal = row?.goal ?? tree.goalOf(link, run);
    const value = valueOf(run, goal, 'last');
    const others = tree.runningCount - 1;
    const text = [
      [run.name, progressText(run, goal, vscode.l10n)].filter(Boolean).join(' '),
      goal === null || value === null ? null : `${goal.metric} ${value}`,
      others > 0 ? vscode.l10n.t('{0} more', others) : null,
    ]
      .filter((part) => part !== null)
      .join(' · ');
    // A run's name is foreign text: "$(…)" in it stays text.
    item.text = `$(beaker) ${text.replaceAll('$(', '$\u200b(')}`;
    item.tooltip = vscode.l10n.t('Show {0} in the Experiments view', run.name);
    item.accessibilityInformation = { label: vscode.l10n.t('Running: {0}', text) };
    item.command = {
      command: COMMANDS.openRun,
      title: vscode.l10n.t('Open Run'),
      arguments: [{ folder: link.folder.uri.fsPath, runId: run.runId }],
    };
    item.show();
  };

  owned.add(tree.onDidChange(draw));
  draw();
  return owned;
}
