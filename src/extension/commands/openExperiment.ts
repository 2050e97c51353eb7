import * as vscode from 'vscode';
import { UserError } from '../../base/errors';
import type { Experiment } from '../../model/experiment';
import type { FolderLink } from '../folderLink';
import { COMMANDS } from '../ids';
import { later } from '../load';
import { unknownFolder } from '../pickRun';
import type { Services } from '../services';
import { ExperimentRow } from '../views/runsModel';

/** Opens the page of an experiment: that of the row it is called on, of a link, or one chosen from a list. */
export const openExperiment = {
  id: COMMANDS.openExperiment,
  async run(services: Services, ...args: readonly unknown[]) {
    const found = await chosen(services, args[0]);
    if (found === undefined) return;
    const { link, experiment } = found;
    await services.experimentPages.open(link.folder.uri.fsPath, experiment.experimentId, experiment.name);
  },
};

interface Found {
  readonly link: FolderLink;
  readonly experiment: Experiment;
}

async function chosen(services: Services, argument: unknown): Promise<Found | undefined> {
  const { tree, folders } = services;
  if (argument instanceof ExperimentRow) {
    return { link: tree.linkOf(argument), experiment: argument.experiment };
  }
  if (argument !== undefined && argument !== null) {
    const { openExperimentArgument } = await later();
    const { folder, experimentId, experiment: name } = openExperimentArgument.parse(argument);
    const link = folders.ofPath(folder);
    if (link === undefined) throw unknownFolder(folder);
    const found = (await experimentsOf(link)).find(
      ({ experiment }) => experiment.experimentId === experimentId || experiment.name === name,
    );
    if (found === undefined) {
      throw new UserError(
        'experiment-unknown',
        vscode.l10n.t('There is no experiment {0} in {1}.', name ?? experimentId ?? '', link.folder.name),
      );
    }
    return found;
  }
  const all = (await Promise.all(folders.all.map(experimentsOf))).flat();
  const [only] = all;
  if (only !== undefined && all.length === 1) return only;
  if (only === undefined) {
    throw new UserError('no-experiments', vscode.l10n.t('There are no experiments yet: run a script first.'));
  }
  const items = all.map((found) => ({
    label: found.experiment.name,
    description:
      found.experiment.runCount === 1
        ? vscode.l10n.t('1 run')
        : vscode.l10n.t('{0} runs', found.experiment.runCount),
    ...(folders.all.length > 1 ? { detail: found.link.folder.name } : {}),
    found,
  }));
  const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Open Experiment') });
  return picked?.found;
}

async function experimentsOf(link: FolderLink): Promise<Found[]> {
  if (link.status.kind !== 'connected' && !(await link.hasStore())) return [];
  const { experiments } = await (await link.client()).call('listExperiments', {});
  return experiments.map((experiment) => ({ link, experiment }));
}
