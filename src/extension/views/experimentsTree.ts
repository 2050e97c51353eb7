import * as vscode from 'vscode';
import type { FeedEvent } from '../../api/feed';
import { UserError, messageOf } from '../../base/errors';
import { Emitter } from '../../base/events';
import { type Disposable, Owned } from '../../base/lifecycle';
import type { Goal } from '../../model/goal';
import type { Run, RunId } from '../../model/run';
import { COMMANDS, type ContextKeys, VIEWS } from '../ids';
import type { Errors } from '../errors';
import type { RunColours } from '../runColours';
import type { FolderLink, Folders } from '../serverConnection';
import {
  experimentItem,
  experimentTooltip,
  folderItem,
  groupItem,
  moreItem,
  noteItem,
  runItem,
  runTooltip,
} from './rows';
import type { QueueModel } from './queueModel';
import { createRunBadges } from './runBadges';
import { runDrag } from './runDrag';
import {
  type ExperimentRow,
  type GroupRow,
  type ListRow,
  type MoreRow,
  type RunRow,
  RunsModel,
} from './runsModel';
import { type TreeChoices, isPlain } from './treeChoice';
import { seeSelection } from './selectionSeen';

/** A workspace folder in the tree, when the window has several. */
export class FolderRow {
  readonly kind = 'folder';

  constructor(
    readonly link: FolderLink,
    readonly model: RunsModel,
  ) {}
}

/** A row that tells about trouble and offers a way out. */
export class NoteRow {
  readonly kind = 'note';

  constructor(
    readonly label: string,
    readonly icon: string,
    readonly command?: vscode.Command,
  ) {}
}

export type TreeRow = FolderRow | NoteRow | ExperimentRow | GroupRow | RunRow | MoreRow;

/** A run and its folder, as the window speaks of them. */
export interface RunningRun {
  readonly link: FolderLink;
  readonly row: RunRow | undefined;
  readonly run: Run;
}

/** The view "Experiments". */
export interface ExperimentsTree extends Disposable {
  readonly view: vscode.TreeView<TreeRow>;
  /** What a person sees as selected. To be asked rather than the view, which forgets it while rows are fetched. */
  selection(): Promise<readonly TreeRow[]>;
  /** The runs that are running in all folders, newest first; not more than ten of a folder. */
  readonly running: readonly RunningRun[];
  readonly runningCount: number;
  /** Fires when rows changed, at most four times a second. */
  readonly onDidChange: (listener: () => void) => Disposable;
  /** The folder that a row belongs to. */
  linkOf(row: ListRow): FolderLink;
  /** The goal of a run's experiment, as far as the tree knows it. */
  goalOf(link: FolderLink, run: Run): Goal | null;
  /** The row of a run; looks it up in the folder when it is not on the screen. Null when there is none. */
  find(link: FolderLink, runId: RunId): Promise<RunRow | null>;
  /** Selects a run and brings the view up. @throws UserError 'run-unknown' */
  reveal(link: FolderLink, runId: RunId, options?: { readonly focus?: boolean }): Promise<void>;
  /** Loads the next page of the list that the row ends. */
  showMore(row: MoreRow): Promise<void>;
  /** The rows below a row, or the first ones: what the view shows, for tests and pickers. */
  rows(parent?: TreeRow): Promise<readonly TreeRow[]>;
  item(row: TreeRow): vscode.TreeItem;
}

export interface ExperimentsTreeOptions {
  readonly folders: Folders;
  readonly colours: RunColours;
  /** Which runs wait, and where. */
  readonly waiting: QueueModel;
  /** How the person wants the runs grouped, sorted and filtered. */
  readonly choices: TreeChoices;
  readonly errors: Errors;
  setContext<Key extends keyof ContextKeys>(key: Key, value: ContextKeys[Key]): void;
}

const AGES_MS = 60_000; // Ages are written in minutes at the finest.

export function createExperimentsTree(options: ExperimentsTreeOptions): ExperimentsTree {
  const { folders, colours, waiting, choices, errors, setContext } = options;
  const owned = new Owned();
  const changed = owned.add(new Emitter<void>((error) => errors.report(error)));
  const redraw = new vscode.EventEmitter<TreeRow | TreeRow[] | undefined>();
  owned.add(redraw);
  const badges = owned.add(createRunBadges());
  let redrawnAt = Number.NEGATIVE_INFINITY;
  owned.add(redraw.event(() => (redrawnAt = performance.now())));
  const models = new Map<FolderLink, { readonly model: RunsModel; readonly owned: Owned }>();
  const folderRows = new Map<FolderLink, FolderRow>();

  const modelOf = (link: FolderLink): RunsModel => {
    const known = models.get(link);
    if (known !== undefined) return known.model;
    const own = new Owned();
    const model = own.add(
      new RunsModel(
        link.folder.uri.fsPath,
        () => link.client(),
        (error) => errors.note('experiments', error),
        undefined,
        choices.choice,
      ),
    );
    own.add(
      model.onRedraw((rows) => {
        redraw.fire(rows === 'all' ? undefined : [...rows]);
        summarize();
      }),
    );
    own.add(link.onFeed((event: FeedEvent) => model.hear(event)));
    models.set(link, { model, owned: own });
    return model;
  };

  const rowOf = (link: FolderLink): FolderRow => {
    const known = folderRows.get(link) ?? new FolderRow(link, modelOf(link));
    folderRows.set(link, known);
    return known;
  };

  const linkOf = (row: ListRow): FolderLink => {
    for (const [link, { model }] of models) if (model === row.model) return link;
    throw new UserError('folder-closed', vscode.l10n.t('The folder of this run is not open any more.'));
  };

  const placeOf = (row: RunRow): number | null =>
    row.run.state === 'queued' ? waiting.placeOf(linkOf(row), row.runId) : null;

  /** What one folder shows: its experiments, or what is wrong. Waits while the server is being started. */
  const rowsOf = async (link: FolderLink): Promise<readonly TreeRow[]> => {
    queueMicrotask(summarize);
    const isOneOfSeveral = folders.all.length > 1;
    // With one folder the welcome text says it.
    const nothing = isOneOfSeveral ? [new NoteRow(vscode.l10n.t('No runs yet'), 'circle-outline')] : [];
    // What is known stays on the screen while a server is brought back.
    if (link.status.kind === 'failed' && modelOf(link).known === null) {
      return troubleRows(link.status.error, isOneOfSeveral);
    }
    if (link.status.kind === 'idle' && !(await link.hasStore())) return nothing;
    try {
      const experiments = await modelOf(link).roots();
      return experiments.length > 0 ? experiments : nothing;
    } catch (error) {
      return troubleRows(error, isOneOfSeveral);
    } finally {
      summarize();
    }
  };

  const rows = async (parent?: TreeRow): Promise<readonly TreeRow[]> => {
    if (parent === undefined) {
      const [only, ...others] = folders.all;
      if (only === undefined) return [];
      return others.length > 0 ? folders.all.map(rowOf) : rowsOf(only);
    }
    switch (parent.kind) {
      case 'folder':
        return rowsOf(parent.link);
      case 'experiment':
      case 'group':
      case 'run': {
        const children = await parent.model.children(parent);
        if (children.length > 0 || parent.kind !== 'experiment' || choices.choice.filter === '')
          return children;
        return [new NoteRow(vscode.l10n.t('No run matches the filter'), 'filter')];
      }
      case 'more':
      case 'note':
        return [];
    }
  };

  const item = (row: TreeRow): vscode.TreeItem => {
    switch (row.kind) {
      case 'folder':
        return folderItem(
          row.link,
          row.model.known?.reduce((sum, { experiment }) => sum + experiment.runCount, 0) ?? null,
        );
      case 'experiment':
        return experimentItem(row, row.model.known?.[0] === row);
      case 'group':
        return groupItem(row);
      case 'run':
        badges.refresh(row);
        return runItem(row, colours.slotOf(row.runId), Date.now(), placeOf(row));
      case 'more': {
        const more = moreItem(row);
        if (more.command !== undefined) more.command.arguments = [row];
        return more;
      }
      case 'note':
        return noteItem(row.label, row.icon, row.command);
    }
  };

  const provider: vscode.TreeDataProvider<TreeRow> = {
    onDidChangeTreeData: redraw.event,
    getChildren: async (parent) => [...(await rows(parent))],
    getTreeItem: item,
    getParent(row) {
      if (row.kind === 'run' || row.kind === 'more' || row.kind === 'group') return row.parent;
      if (row.kind === 'experiment' && folders.all.length > 1) return rowOf(linkOf(row));
      return undefined;
    },
    resolveTreeItem(resolved, row) {
      if (row.kind === 'run') resolved.tooltip = runTooltip(row, Date.now());
      if (row.kind === 'experiment') resolved.tooltip = experimentTooltip(row);
      return resolved;
    },
  };

  const view = owned.add(
    vscode.window.createTreeView(VIEWS.experiments, {
      treeDataProvider: provider,
      canSelectMany: true,
      showCollapseAll: true,
      dragAndDropController: runDrag({ linkOf, executeCommand: vscode.commands.executeCommand }),
    }),
  );
  const selection = owned.add(seeSelection(view, () => redrawnAt));

  /** The badge, the view's message and the welcome text follow from what is known. */
  const summarize = () => {
    const count = runningCount();
    view.badge =
      count === 0
        ? undefined
        : {
            value: count,
            tooltip:
              count === 1 ? vscode.l10n.t('1 run is running') : vscode.l10n.t('{0} runs are running', count),
          };
    setContext('winnow.isRunning', count > 0);
    setContext('winnow.state', stateOf(folders, models));
    view.message = noticeOf(folders) ?? filterNotice(choices);
    view.description = describeChoice(choices);
    setContext('winnow.isFiltered', choices.choice.filter !== '');
    setContext('winnow.showsArchived', choices.choice.showsArchived);
    changed.fire();
  };

  const runningCount = () =>
    folders.all.reduce((sum, link) => sum + (models.get(link)?.model.runningCount ?? 0), 0);

  owned.add(
    folders.onDidChange((link) => {
      for (const [known, { owned: own }] of models) {
        if (folders.all.includes(known)) continue;
        own.dispose();
        models.delete(known);
        folderRows.delete(known);
      }
      // Rows that are there stay as they are while a dead server is brought back.
      if (link === undefined || models.get(link)?.model.known === null || !models.has(link))
        redraw.fire(undefined);
      if (link?.status.kind === 'connected') {
        errors.background('experiments', modelOf(link).roots().then(summarize));
      }
      summarize();
    }),
  );
  owned.add(
    choices.onDidChange((choice) => {
      for (const { model } of models.values()) model.choose(choice);
      summarize();
    }),
  );
  owned.add(
    colours.onDidChange((runIds) => {
      const touched = runIds.flatMap((runId) =>
        [...models.values()].flatMap(({ model }) => model.row(runId) ?? []),
      );
      if (touched.length > 0) redraw.fire(touched);
    }),
  );
  owned.add(
    waiting.onDidChange(() => {
      const rows = folders.all.flatMap((link) =>
        (waiting.stateOf(link)?.waiting ?? []).flatMap(
          ({ runId }) => models.get(link)?.model.row(runId) ?? [],
        ),
      );
      if (rows.length > 0) redraw.fire(rows);
    }),
  );
  owned.add(
    view.onDidChangeVisibility(({ visible }) => {
      if (visible) errors.background('connect', folders.connectAll());
    }),
  );
  const ages = setInterval(() => {
    if (view.visible) redraw.fire(undefined);
  }, AGES_MS);
  owned.onDispose(() => clearInterval(ages));
  owned.onDispose(() => {
    for (const { owned: own } of models.values()) own.dispose();
  });
  if (view.visible) errors.background('connect', folders.connectAll());

  return {
    view,
    selection: () => selection.read(),
    get running() {
      return folders.all.flatMap((link) => {
        const model = models.get(link)?.model;
        return (model?.running ?? []).map((run) => ({ link, row: model?.row(run.runId), run }));
      });
    },
    get runningCount() {
      return runningCount();
    },
    onDidChange: changed.on,
    linkOf,
    goalOf: (link, run) =>
      models.get(link)?.model.known?.find(({ experiment }) => experiment.experimentId === run.experimentId)
        ?.experiment.goal ?? null,
    find: (link, runId) => modelOf(link).find(runId),
    async reveal(link, runId, { focus = true } = {}) {
      const row = await modelOf(link).find(runId);
      if (row === null) {
        throw new UserError('run-unknown', vscode.l10n.t('This run is not there any more: it was deleted.'));
      }
      await view.reveal(row, { select: true, focus, expand: false });
    },
    showMore: (row) => row.parent.model.showMore(row),
    rows,
    item,
    dispose: () => owned.dispose(),
  };
}

/** The filter stays in sight as long as it hides runs. */
function filterNotice({ choice }: TreeChoices): string | undefined {
  return choice.filter === '' ? undefined : vscode.l10n.t('Filter: {0}', choice.filter);
}

/** How runs are grouped and sorted, beside the view's name, when it is not as usual. */
function describeChoice({ choice }: TreeChoices): string {
  const { grouping, sort, showsArchived } = choice;
  if (isPlain({ ...choice, filter: '' }) && grouping.kind === 'parent' && !showsArchived) return '';
  const groups = {
    parent: null,
    none: vscode.l10n.t('not grouped'),
    state: vscode.l10n.t('by state'),
    day: vscode.l10n.t('by day'),
    param: grouping.kind === 'param' ? vscode.l10n.t('by {0}', grouping.name) : null,
  }[grouping.kind];
  const sorts = {
    newest: null,
    best: vscode.l10n.t('best first'),
    name: vscode.l10n.t('by name'),
    duration: vscode.l10n.t('longest first'),
  }[sort];
  const archived = showsArchived ? vscode.l10n.t('with archived') : null;
  return [groups, sorts, archived].filter((part) => part !== null).join(' · ');
}

function troubleRows(error: unknown, isOneOfSeveral: boolean): readonly NoteRow[] {
  return [
    // With one folder the whole sentence stands above the rows.
    ...(isOneOfSeveral ? [new NoteRow(messageOf(error), 'error')] : []),
    new NoteRow(vscode.l10n.t('Try Again'), 'refresh', {
      command: COMMANDS.connect,
      title: vscode.l10n.t('Try Again'),
    }),
    new NoteRow(vscode.l10n.t('Show Log'), 'output', {
      command: COMMANDS.showLog,
      title: vscode.l10n.t('Show Log'),
    }),
  ];
}

function stateOf(
  folders: Folders,
  models: ReadonlyMap<FolderLink, { readonly model: RunsModel }>,
): ContextKeys['winnow.state'] {
  let state: ContextKeys['winnow.state'] = 'empty';
  for (const link of folders.all) {
    const known = models.get(link)?.model.known;
    if (known !== null && known !== undefined && known.length > 0) return 'runs';
    if (link.status.kind === 'failed') state = 'failed';
    else if (state === 'empty' && link.status.kind !== 'idle' && (known === null || known === undefined)) {
      state = 'hidden';
    }
  }
  return state;
}

/** The line above the rows: trouble with a server or its store, or that it was brought back. */
function noticeOf(folders: Folders): string | undefined {
  const isOneOfSeveral = folders.all.length > 1;
  for (const link of folders.all) {
    const { status, restartedAt } = link;
    if (status.kind === 'failed' && !isOneOfSeveral) return messageOf(status.error);
    const state = link.readOnly ?? link.notice;
    if (state !== null) return isOneOfSeveral ? `${link.folder.name}: ${state}` : state;
    if (restartedAt !== null) {
      const time = new Date(restartedAt).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
      return vscode.l10n.t('Tracking server restarted at {0}. No point was lost.', time);
    }
  }
  return undefined;
}
