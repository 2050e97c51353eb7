import * as vscode from 'vscode';
import { formatBytes, formatCount } from '../../model/format';
import { COMMANDS } from '../ids';
import type { FolderLink } from '../serverConnection';
import type { Services } from '../services';

/** Removes deleted runs for good. It cannot be undone, so it says what goes and asks. */
export const purge = {
  id: COMMANDS.purge,
  async run({ folders }: Services) {
    const before = Date.now();
    const links: FolderLink[] = [];
    for (const link of folders.all) {
      if (link.status.kind === 'connected' || (await link.hasStore())) links.push(link);
    }
    const planned = await sum(links, 'planPurge', before);
    if (planned.runCount + planned.modelCount + planned.experimentCount === 0) {
      void vscode.window.showInformationMessage(vscode.l10n.t('Nothing was deleted that could be purged.'));
      return;
    }
    const go = vscode.l10n.t('Purge {0}', whatGoes(planned));
    const answer = await vscode.window.showWarningMessage(
      vscode.l10n.t('Remove {0} for good?', whatGoes(planned)),
      {
        modal: true,
        detail: vscode.l10n.t(
          'Points, outputs and artifacts go as well ({0} of files). This cannot be undone.',
          formatBytes(planned.sizeBytes),
        ),
      },
      go,
    );
    if (answer !== go) return;
    const done = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: vscode.l10n.t('Purging {0}', whatGoes(planned)),
      },
      () => sum(links, 'purge', before),
    );
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Purged {0}: {1} are free again.', whatGoes(done), formatBytes(done.sizeBytes)),
    );
  },
};

type Report = { runCount: number; modelCount: number; experimentCount: number; sizeBytes: number };

async function sum(
  links: readonly FolderLink[],
  call: 'planPurge' | 'purge',
  before: number,
): Promise<Report> {
  const total: Report = { runCount: 0, modelCount: 0, experimentCount: 0, sizeBytes: 0 };
  for (const link of links) {
    const report = await (await link.client()).call(call, { before });
    total.runCount += report.runCount;
    total.modelCount += report.modelCount;
    total.experimentCount += report.experimentCount;
    total.sizeBytes += report.sizeBytes;
  }
  return total;
}

function whatGoes({ runCount, modelCount, experimentCount }: Report): string {
  const parts: string[] = [];
  if (runCount === 1) parts.push(vscode.l10n.t('1 deleted run'));
  else if (runCount > 0) parts.push(vscode.l10n.t('{0} deleted runs', formatCount(runCount)));
  if (modelCount === 1) parts.push(vscode.l10n.t('1 logged model'));
  else if (modelCount > 0) parts.push(vscode.l10n.t('{0} logged models', formatCount(modelCount)));
  if (experimentCount === 1) parts.push(vscode.l10n.t('1 experiment'));
  else if (experimentCount > 0) parts.push(vscode.l10n.t('{0} experiments', formatCount(experimentCount)));
  return parts.join(', ');
}
