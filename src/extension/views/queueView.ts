import * as vscode from 'vscode';
import { type Disposable, Owned } from '../../base/lifecycle';
import { formatAge } from '../../model/format';
import type { WaitingRun } from '../../model/queue';
import type { RunId } from '../../model/run';
import { type ContextKeys, VIEWS } from '../ids';
import type { Errors } from '../errors';
import { escapeMarkdown } from '../markdown';
import type { FolderLink, Folders } from '../serverConnection';
import { renderCommand } from '../../code/shellLine';
import type { QueueModel } from './queueModel';
import { ordinal, waitsFor } from './queueText';
import { seeSelection } from './selectionSeen';

/** A run that waits. */
export class QueueRow {
  readonly kind = 'queued';

  constructor(
    readonly link: FolderLink,
    readonly run: WaitingRun,
    /** From 0. */
    readonly index: number,
  ) {}

  get runId(): RunId {
    return this.run.runId;
  }
}

/** The view "Queue". */
export interface QueueView extends Disposable {
  readonly view: vscode.TreeView<QueueRow>;
  readonly model: QueueModel;
  /** What a person sees as selected. To be asked rather than the view, which forgets it while rows are fetched. */
  selection(): Promise<readonly QueueRow[]>;
  rows(): readonly QueueRow[];
  item(row: QueueRow): vscode.TreeItem;
  /** Moves runs of one folder to where a row is, or behind all. */
  move(rows: readonly QueueRow[], target: QueueRow | undefined): Promise<void>;
}

export interface QueueViewOptions {
  readonly folders: Folders;
  readonly model: QueueModel;
  readonly errors: Errors;
  setContext<Key extends keyof ContextKeys>(key: Key, value: ContextKeys[Key]): void;
}

const DRAGGED = 'application/vnd.code.tree.winnow.queue';

export function createQueueView({ folders, model, errors, setContext }: QueueViewOptions): QueueView {
  const owned = new Owned();
  const redraw = owned.add(new vscode.EventEmitter<undefined>());
  let redrawnAt = Number.NEGATIVE_INFINITY;
  owned.add(redraw.event(() => (redrawnAt = performance.now())));

  const rows = (): readonly QueueRow[] =>
    folders.all.flatMap((link) =>
      (model.stateOf(link)?.waiting ?? []).map((run, index) => new QueueRow(link, run, index)),
    );

  const item = (row: QueueRow): vscode.TreeItem => {
    const { link, run, index } = row;
    const state = model.stateOf(link);
    const why = state === null ? '' : waitsFor(state, index, vscode.l10n);
    const shown = new vscode.TreeItem(run.name);
    shown.id = `queued:${link.folder.uri.toString()}:${run.runId}`;
    shown.description = [ordinal(index + 1, vscode.l10n), why, folders.all.length > 1 ? link.folder.name : '']
      .filter((part) => part !== '')
      .join(' · ');
    shown.iconPath = new vscode.ThemeIcon('history', new vscode.ThemeColor('testing.iconQueued'));
    const isLast = index + 1 === state?.waiting.length;
    shown.contextValue = ['queued', index === 0 ? 'first' : '', isLast ? 'last' : '']
      .filter(Boolean)
      .join('.');
    shown.accessibilityInformation = { label: `${run.name}, ${shown.description}` };
    return shown;
  };

  async function move(moved: readonly QueueRow[], target: QueueRow | undefined): Promise<void> {
    const [first] = moved;
    if (first === undefined) return;
    const { link } = first;
    const own = moved.filter((row) => row.link === link);
    const waiting = model.stateOf(link)?.waiting ?? [];
    // Dropped on one that is further down, a run takes that one's place, as it does further up.
    const goesDown = target !== undefined && own.every((row) => row.index < target.index);
    const at =
      target === undefined || target.link !== link ? waiting.length : target.index + (goesDown ? 1 : 0);
    const client = await link.client();
    const runIds = own.map(({ runId }) => runId);
    await client.call('moveQueued', { runIds, before: waiting[at]?.runId ?? null });
    await model.refresh();
  }

  const view = owned.add(
    vscode.window.createTreeView(VIEWS.queue, {
      treeDataProvider: {
        onDidChangeTreeData: redraw.event,
        getChildren: (parent?: QueueRow) => (parent === undefined ? [...rows()] : []),
        getTreeItem: item,
        async resolveTreeItem(resolved, row) {
          resolved.tooltip = await tooltipOf(row);
          return resolved;
        },
      },
      canSelectMany: true,
      dragAndDropController: {
        dragMimeTypes: [DRAGGED],
        dropMimeTypes: [DRAGGED],
        handleDrag(dragged, transfer) {
          transfer.set(DRAGGED, new vscode.DataTransferItem(dragged));
        },
        handleDrop(target, transfer) {
          const dragged: unknown = transfer.get(DRAGGED)?.value;
          if (!Array.isArray(dragged)) return;
          return errors.guard(() =>
            move(
              dragged.filter((row) => row instanceof QueueRow),
              target,
            ),
          );
        },
      },
    }),
  );

  const selection = owned.add(seeSelection(view, () => redrawnAt));

  const summarize = () => {
    const states = folders.all.flatMap((link) => model.stateOf(link) ?? []);
    const count = states.reduce((sum, { waiting }) => sum + waiting.length, 0);
    const paused = states.some((state) => state.paused);
    view.description = [count === 0 ? '' : String(count), paused ? vscode.l10n.t('paused') : '']
      .filter((part) => part !== '')
      .join(' · ');
    // Why a person did not pause it themselves, and what happens next.
    view.message = states.flatMap(({ pausedWhy }) => pausedWhy ?? [])[0];
    setContext('winnow.queue', paused ? 'paused' : count > 0 ? 'waiting' : 'empty');
    redraw.fire(undefined);
  };
  owned.add(model.onDidChange(summarize));
  summarize();

  return { view, model, selection: () => selection.read(), rows, item, move, dispose: () => owned.dispose() };
}

/** The command, and since when it waits. Foreign text stays plain text. */
async function tooltipOf({ link, run }: QueueRow): Promise<vscode.MarkdownString> {
  const text = new vscode.MarkdownString();
  const since = formatAge(run.queuedAt, Date.now());
  const ago = since === 'now' ? vscode.l10n.t('just now') : vscode.l10n.t('{0} ago', since);
  text.appendMarkdown(`**${escapeMarkdown(run.name)}** · ${escapeMarkdown(run.experiment)}\n\n`);
  text.appendMarkdown(`${escapeMarkdown(vscode.l10n.t('Added {0}, with the code of then.', ago))}\n\n`);
  if (run.gpuCount > 0) {
    text.appendMarkdown(`${escapeMarkdown(vscode.l10n.t('GPUs: {0}', run.gpuCount))}\n\n`);
  }
  const { run: detail } = await (await link.client()).call('getRun', { runId: run.runId });
  const { command } = detail;
  if (command !== null) {
    const { args, variables = {} } = command;
    const python = command.python === null ? null : 'python';
    text.appendCodeblock(renderCommand(python, command.script, { args, variables, edits: [] }), 'sh');
  }
  return text;
}
