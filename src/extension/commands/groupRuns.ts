import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import type { Services } from '../services';
import { groupableParams } from '../views/runGroups';
import { type TreeGrouping, readChoice } from '../views/treeChoice';

interface GroupItem extends vscode.QuickPickItem {
  readonly grouping?: TreeGrouping;
}

/** Lets the person choose what the runs of the tree stand under. Argument: a grouping to use at once, or nothing. */
export const groupRuns = {
  id: COMMANDS.groupRuns,
  async run({ choices, folders }: Services, argument: unknown) {
    if (argument !== undefined) {
      choices.change({ grouping: readChoice({ grouping: argument }).grouping });
      return;
    }
    const now = JSON.stringify(choices.choice.grouping);
    const item = (label: string, grouping: TreeGrouping): GroupItem => ({
      label,
      description: JSON.stringify(grouping) === now ? vscode.l10n.t('now') : '',
      grouping,
    });
    const items = (async (): Promise<GroupItem[]> => [
      item(vscode.l10n.t('Sweep or Parent Run'), { kind: 'parent' }),
      item(vscode.l10n.t('None'), { kind: 'none' }),
      item(vscode.l10n.t('State'), { kind: 'state' }),
      item(vscode.l10n.t('Day'), { kind: 'day' }),
      { label: vscode.l10n.t('Params'), kind: vscode.QuickPickItemKind.Separator },
      ...(await paramsOf(folders)).map((name) => item(name, { kind: 'param', name })),
    ])();
    const chosen = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t('Group Runs'),
      placeHolder: vscode.l10n.t('Type the name of a param'),
    });
    if (chosen?.grouping !== undefined) choices.change({ grouping: chosen.grouping });
  },
};

const OFFERED = 200; // Typing finds among them.

/** The params that differ between runs of the folders. */
async function paramsOf(folders: Services['folders']): Promise<readonly string[]> {
  const links = folders.all.filter(({ status }) => status.kind === 'connected');
  const lists = await Promise.all(
    links.map(async (link) => {
      const client = await link.client();
      const { experiments } = await client.call('listExperiments', {});
      const experimentIds = experiments.map(({ experimentId }) => experimentId).slice(0, 1_000);
      const request = { experimentIds, filter: '', includeArchived: false };
      return groupableParams((await client.call('listColumns', request)).columns);
    }),
  );
  return [...new Set(lists.flat())].slice(0, OFFERED);
}
