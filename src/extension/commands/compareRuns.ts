import * as vscode from 'vscode';
import { UserError } from '../../base/errors';
import { MOST_COMPARED } from '../../model/runComparison';
import type { RunRef } from '../folderLink';
import { COMMANDS } from '../ids';
import { later } from '../load';
import { namedRuns, pickRuns, refsOf, unknownFolder } from '../pickRun';
import type { Services } from '../services';

/** Shows runs side by side: those it is called on, the tree's selection, or runs chosen from a list. */
export const compareRuns = {
  id: COMMANDS.compareRuns,
  async run(services: Services, ...args: readonly unknown[]) {
    const found = await chosenRuns(services, args);
    const refs = found.length >= 2 ? found : await more(services, found);
    const [first, ...others] = refs;
    if (first === undefined || others.length === 0) return;
    if (others.some(({ link }) => link !== first.link)) {
      throw new UserError(
        'compare-folders',
        vscode.l10n.t('These runs are of several folders. Compare runs of one folder at a time.'),
      );
    }
    if (refs.length > MOST_COMPARED) {
      throw new UserError(
        'compare-too-many',
        vscode.l10n.t(
          'At most {0} runs fit side by side, and {1} are chosen. Show them in the table or in charts, or choose fewer.',
          MOST_COMPARED,
          refs.length,
        ),
      );
    }
    await services.comparePages.open(
      first.link.folder.uri.fsPath,
      refs.map(({ runId }) => runId),
    );
  },
};

async function chosenRuns(services: Services, args: readonly unknown[]): Promise<readonly RunRef[]> {
  const [first] = args;
  if (typeof first === 'object' && first !== null && 'runIds' in first) {
    const { compareRunsArgument } = await later();
    const { folder, runIds } = compareRunsArgument.parse(first);
    const link = services.folders.ofPath(folder);
    if (link === undefined) throw unknownFolder(folder);
    return runIds.map((runId) => ({ link, runId }));
  }
  return (await namedRuns(services, args)) ?? refsOf(services, services.tree.view.selection);
}

/** One run is not enough to compare: the person chooses what to put beside it. */
async function more(services: Services, known: readonly RunRef[]): Promise<readonly RunRef[]> {
  const chosen = await pickRuns(services, known, {
    title: vscode.l10n.t('Compare Runs'),
    none: vscode.l10n.t('There are no runs yet'),
  });
  return [...known, ...chosen];
}
