import * as vscode from 'vscode';
import { UserError } from '../base/errors';
import type { Experiment } from '../model/experiment';
import { later } from './load';
import type { FolderLink } from './serverConnection';
import { unknownFolder } from './pickRun';
import type { Services } from './services';
import { ExperimentRow } from './views/runsModel';

/** An experiment and the folder whose store has it. */
export interface ExperimentRef {
  readonly link: FolderLink;
  readonly experiment: Experiment;
}

/**
 * The experiment that a command is about: the row it was called on, `{ folder, experimentId }`, the row selected in the
 * tree, the only one there is, or one chosen from a list. Undefined when the person leaves the list, or there is none.
 */
export async function experimentOf(
  services: Pick<Services, 'folders' | 'tree'>,
  args: readonly unknown[],
  title: string,
): Promise<ExperimentRef | undefined> {
  const { tree, folders } = services;
  const [first] = args;
  if (first instanceof ExperimentRow) return { link: tree.linkOf(first), experiment: first.experiment };
  if (first !== undefined && first !== null) return namedExperiment(services, first);
  const [selected] = await tree.selection();
  if (selected instanceof ExperimentRow) {
    return { link: tree.linkOf(selected), experiment: selected.experiment };
  }
  const lists = await Promise.all(folders.all.map((link) => experimentsOf(link)));
  const refs = lists.flat();
  if (refs.length === 0) void vscode.window.showInformationMessage(vscode.l10n.t('There are no runs yet'));
  if (refs.length < 2) return refs[0];
  const chosen = await vscode.window.showQuickPick(
    refs.map((ref) => ({
      label: ref.experiment.name,
      description: [
        vscode.l10n.t('{0} runs', ref.experiment.runCount),
        ...(folders.all.length > 1 ? [ref.link.folder.name] : []),
      ].join(' · '),
      ref,
    })),
    { title, matchOnDescription: true },
  );
  return chosen?.ref;
}

async function namedExperiment(
  { folders }: Pick<Services, 'folders'>,
  argument: unknown,
): Promise<ExperimentRef> {
  const { openExperimentArgument } = await later();
  const { folder, experimentId, experiment: name } = openExperimentArgument.parse(argument);
  const link = folders.ofPath(folder);
  if (link === undefined) throw unknownFolder(folder);
  const found = (await experimentsOf(link)).find(
    ({ experiment }) => experiment.experimentId === experimentId || experiment.name === name,
  );
  if (found !== undefined) return found;
  throw new UserError(
    'experiment-unknown',
    vscode.l10n.t('There is no experiment {0} in {1}.', name ?? experimentId ?? '', link.folder.name),
  );
}

async function experimentsOf(link: FolderLink): Promise<readonly ExperimentRef[]> {
  if (link.status.kind !== 'connected' && !(await link.hasStore())) return [];
  const { experiments } = await (await link.client()).call('listExperiments', {});
  return experiments.map((experiment) => ({ link, experiment }));
}
