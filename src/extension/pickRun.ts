import * as vscode from 'vscode';
import { UserError } from '../base/errors';
import { type Run, type RunDetail, isRunId } from '../model/run';
import type { RunRef } from './folderLink';
import { later } from './load';
import type { FolderLink } from './serverConnection';
import type { Services } from './services';
import { describeRun } from './views/runText';
import { RunRow } from './views/runsModel';

/** Which runs a list offers, and the words above it. */
export interface RunQuestion {
  readonly title: string;
  /** Only these are offered. */
  accepts?(run: Run): boolean;
  /** Shown when there is nothing to offer. */
  readonly none: string;
  readonly deleted?: boolean;
}

type Needs = Pick<Services, 'folders' | 'tree'>;

/**
 * The runs that a command is about: the rows it was called on, a run id (from a link or another extension), the
 * rows selected in the tree, or one chosen from a list. Empty when the person leaves the list.
 */
export async function runsOf(
  services: Needs,
  args: readonly unknown[],
  question: RunQuestion,
): Promise<readonly RunRef[]> {
  const named = await namedRuns(services, args);
  if (named !== null) return named;
  // The tree's selection is never about deleted runs: they are not in it.
  const selection = question.deleted === true ? [] : await services.tree.selection();
  const selected = refsOf(services, selection).filter(({ row }) => question.accepts?.(row.run) ?? true);
  if (selected.length > 0) return selected;
  const chosen = await pickRun(services, question);
  return chosen === undefined ? [] : [chosen];
}

/** As runsOf, for commands about one run. */
export async function runOf(
  services: Needs,
  args: readonly unknown[],
  question: RunQuestion,
): Promise<{ readonly link: FolderLink; readonly run: RunDetail } | undefined> {
  const [ref] = await runsOf(services, args, question);
  if (ref === undefined) return undefined;
  const client = await ref.link.client();
  const { run } = await client.call('getRun', { runId: ref.runId });
  return { link: ref.link, run };
}

/** The runs that the arguments name, or null when they name none. */
export async function namedRuns(
  services: Needs,
  args: readonly unknown[],
): Promise<readonly RunRef[] | null> {
  const [first, second] = args;
  // Menus of the tree call with the row and, of several selected, all of them.
  if (Array.isArray(second) && second.includes(first)) return refsOf(services, second);
  if (first instanceof RunRow) return refsOf(services, [first]);
  if (first === undefined || first === null) return null;
  const { openRunArgument, openRunsArgument } = await later();
  const linked = openRunArgument.safeParse(first);
  const several = openRunsArgument.safeParse(first);
  if (linked.success || several.success) {
    const folder = linked.data?.folder ?? several.data?.folder ?? '';
    const link = services.folders.ofPath(folder);
    if (link === undefined) throw unknownFolder(folder);
    const runIds = linked.success ? [linked.data.runId] : (several.data?.runIds ?? []);
    return runIds.map((runId) => ({ link, runId }));
  }
  const ids: unknown[] = Array.isArray(first) ? first : [first];
  if (ids.length === 0 || !ids.every(isRunId)) {
    throw new UserError(
      'run-unknown',
      vscode.l10n.t(
        'A run is named by its 32 hexadecimal digits. What this command was given is something else.',
      ),
    );
  }
  return Promise.all(ids.map(async (runId) => ({ link: await services.folders.ofRun(runId), runId })));
}

export function unknownFolder(folder: string): UserError {
  return new UserError('folder-closed', vscode.l10n.t('The folder {0} is not open in this window.', folder));
}

/** The runs among rows of the tree. */
export function refsOf({ tree }: Needs, rows: readonly unknown[]) {
  return rows
    .filter((row) => row instanceof RunRow)
    .map((row) => ({ link: tree.linkOf(row), runId: row.runId, row }));
}

interface RunItem extends vscode.QuickPickItem {
  readonly ref?: RunRef;
}

const OFFERED = 200; // The newest; typing finds among them, the tree has the rest.

/** Lets the person choose several runs, those that are known already left out: of one folder when one is known. */
export async function pickRuns(
  { folders }: Needs,
  known: readonly RunRef[],
  question: RunQuestion,
): Promise<readonly RunRef[]> {
  const links = known.length === 0 ? folders.all : known.map(({ link }) => link).slice(0, 1);
  const isKnown = ({ ref }: RunItem) => known.some(({ runId }) => runId === ref?.runId);
  const items = (async () =>
    (await Promise.all(links.map((link) => itemsOf(link, question))))
      .flat()
      .filter((item) => !isKnown(item)))();
  const chosen = await vscode.window.showQuickPick(items, {
    title: question.title,
    matchOnDescription: true,
    matchOnDetail: true,
    canPickMany: true,
    placeHolder: vscode.l10n.t('Type a name, an experiment or a value'),
  });
  return (chosen ?? []).flatMap(({ ref }) => ref ?? []);
}

async function pickRun({ folders }: Needs, question: RunQuestion): Promise<RunRef | undefined> {
  const items = (async (): Promise<RunItem[]> => {
    const lists = await Promise.all(folders.all.map((link) => itemsOf(link, question)));
    const found = lists.flat();
    return found.length > 0 ? found : [{ label: question.none }];
  })();
  const chosen = await vscode.window.showQuickPick(items, {
    title: question.title,
    matchOnDescription: true,
    matchOnDetail: true,
    placeHolder: vscode.l10n.t('Type a name, an experiment or a value'),
  });
  return chosen?.ref;
}

async function itemsOf(link: FolderLink, question: RunQuestion): Promise<RunItem[]> {
  if (link.status.kind !== 'connected' && !(await link.hasStore())) return [];
  const client = await link.client();
  const [{ runs }, { experiments }] = await Promise.all([
    client.call('searchRuns', { limit: OFFERED, includeDeleted: question.deleted === true }),
    client.call('listExperiments', {}),
  ]);
  return runs
    .filter((run) => run.deleted === (question.deleted === true) && (question.accepts?.(run) ?? true))
    .map((run) => {
      const experiment = experiments.find(({ experimentId }) => experimentId === run.experimentId);
      const standing = {
        goal: experiment?.goal ?? null,
        isBest: experiment?.bestRunId === run.runId,
        isOn: false,
      };
      return {
        label: run.name,
        description: describeRun(run, standing, Date.now(), vscode.l10n),
        detail: run.experiment,
        ref: { link, runId: run.runId },
      };
    });
}
