import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import type { Services } from '../services';
import { TREE_SORTS, type TreeSort } from '../views/treeChoice';

/** Lets the person choose the order of the tree. Argument: an order to use at once, or nothing. */
export const sortRuns = {
  id: COMMANDS.sortRuns,
  async run({ choices }: Services, argument: unknown) {
    const named = TREE_SORTS.find((sort) => sort === argument);
    if (named !== undefined) {
      choices.change({ sort: named });
      return;
    }
    const words: Readonly<Record<TreeSort, string>> = {
      newest: vscode.l10n.t('Newest First'),
      best: vscode.l10n.t('Best First, by the Goal'),
      name: vscode.l10n.t('Name'),
      duration: vscode.l10n.t('Longest First'),
    };
    const items = TREE_SORTS.map((sort) => ({
      label: words[sort],
      description: sort === choices.choice.sort ? vscode.l10n.t('now') : '',
      sort,
    }));
    const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Sort Runs') });
    if (chosen !== undefined) choices.change({ sort: chosen.sort });
  },
};
