import type { TableAction } from '../../src/api/experimentPage';
import { withClause } from '../../src/model/filterText';
import type { RunId } from '../../src/model/run';
import type { Cell, Column, TableGroup, TableRun } from '../../src/model/table';
import { t } from '../ui/l10n';
import { cellText } from './cells';
import type { Place } from './floating';
import { type MenuItem, openMenu } from './menu';
import { rowMenu } from './rowMenu';
import { Selection } from './selection';
import type { BulkAction } from './statusLine';
import type { TableContext } from './tableContext';

const MOST_SELECTED = 100_000;
const MOST_ROWS = 500; // Of one request.

/** What is done with runs: which are selected, and what happens to them. */
export class RowActions {
  private readonly selection = new Selection();
  /** The run that the keyboard is at; null: a group, or none yet. */
  active: RunId | null = null;

  /** @param changed told when other runs are selected. */
  constructor(
    private readonly context: TableContext,
    private readonly changed: () => void,
  ) {}

  get selected(): readonly RunId[] {
    return this.selection.runIds;
  }

  isSelected(runId: RunId): boolean {
    return this.selection.has(runId);
  }

  select(runIds: readonly RunId[], anchor: number): void {
    this.selection.set(runIds);
    this.selection.anchor = anchor;
    this.tell();
  }

  clear(): void {
    if (this.selection.size === 0) return;
    this.selection.clear();
    this.tell();
  }

  async selectAll(): Promise<void> {
    const { host, query } = this.context;
    const { runIds } = await host.listRunIds({ query: query(), limit: MOST_SELECTED });
    this.select(runIds, 0);
  }

  /** A row was clicked; a group folds, the eye turns on or off, all else selects. */
  clicked(index: number, part: string, event: MouseEvent): void {
    const row = this.context.source.row(index);
    this.active = row?.kind === 'run' ? row.runId : null;
    if (row?.kind === 'group') this.fold(row, !row.isFolded);
    if (row?.kind !== 'run') return;
    if (part === 'eye') this.setOn(this.runsAt(index), !this.isOn(row.runId));
    else if (event.shiftKey && this.selection.anchor !== null) {
      this.context.try(this.selectRange(this.selection.anchor, index));
    } else if (event.ctrlKey || event.metaKey) {
      this.selection.toggle(row.runId);
      this.selection.anchor = index;
      this.tell();
    } else this.select([row.runId], index);
  }

  /** The keyboard went to a row, which selects it; with Shift all from where it began. */
  moved(index: number, extend: boolean): void {
    const row = this.context.source.row(index);
    if (extend && this.selection.anchor !== null) {
      this.context.try(this.selectRange(this.selection.anchor, index));
    } else this.select(row?.kind === 'run' ? [row.runId] : [], index);
    this.active = row?.kind === 'run' ? row.runId : null;
    this.context.asks.emphasise(this.active);
  }

  /** @returns whether the key does something with runs. */
  key(event: KeyboardEvent, index: number): boolean {
    const row = this.context.source.row(index);
    const run = row?.kind === 'run' ? row : null;
    const runIds = this.runsAt(index);
    if (event.ctrlKey || event.metaKey) {
      if (event.key === 'a') this.context.try(this.selectAll());
      else if (event.key === 'c') this.copyRows(runIds);
      else return false;
      return true;
    }
    switch (event.key) {
      case ' ':
        if (run !== null) this.setOn(runIds, !this.isOn(run.runId));
        else if (row?.kind === 'group') this.fold(row, !row.isFolded);
        return true;
      case 'Enter':
        this.open(index, event.altKey);
        return true;
      case 'F2':
        if (run !== null) this.act('rename', [run.runId]);
        return true;
      case 'Delete':
        this.act('delete', runIds);
        return true;
      case 'Escape':
        if (this.selection.size === 0) return false;
        this.clear();
        return true;
    }
    if (event.altKey || event.shiftKey) return false;
    if (event.key === 'c') this.act('compare', runIds);
    else if (event.key === 's') this.setStar(runIds, !(run?.starred ?? false));
    else return false;
    return true;
  }

  open(index: number, beside: boolean): void {
    const row = this.context.source.row(index);
    if (row?.kind === 'run') this.context.try(this.context.host.openRun({ runId: row.runId, beside }));
    else if (row?.kind === 'group') this.fold(row, !row.isFolded);
  }

  fold(group: TableGroup, folded: boolean): void {
    const others = this.context.definition().folded.filter((value) => value !== group.value);
    this.context.change({ folded: folded ? [...others, group.value] : others });
  }

  async foldAll(): Promise<void> {
    const { groupBy } = this.context.definition();
    if (groupBy === null) return;
    const request = { column: groupBy, containing: '', limit: 1_000 };
    const { values } = await this.context.host.listValues(request);
    this.context.change({ folded: [...values.map(({ text }) => text), ''] });
  }

  openMenu(index: number, part: string, at: Place): void {
    const row = this.context.source.row(index);
    if (row?.kind === 'group') this.openGroupMenu(row, at);
    if (row?.kind !== 'run') return;
    if (!this.selection.has(row.runId)) this.select([row.runId], index);
    const runIds = this.runsAt(index);
    const { host, change, definition, try: attempt } = this.context;
    const items = rowMenu(
      { run: row, count: runIds.length, isOn: this.isOn(row.runId), cell: this.cellAt(row, index, part) },
      {
        open: (beside) => this.open(index, beside),
        setOn: (on) => this.setOn(runIds, on),
        setStar: (starred) => this.setStar(runIds, starred),
        setArchived: (archived) => attempt(host.setArchived({ runIds, archived })),
        editTags: () => attempt(host.editTags({ runIds })),
        act: (action) => this.act(action, runIds),
        addClause: (clause) => change({ filter: withClause(definition().filter, clause) }),
        copy: (text) => attempt(host.copy({ text })),
        copyRows: () => this.copyRows(runIds),
        exportRows: () => this.openExportMenu(runIds, at),
      },
    );
    openMenu(t('Run {0}', row.name), items, at);
  }

  /** @param runIds null: all runs of the table. */
  openExportMenu(runIds: readonly RunId[] | null, at: Place): void {
    const item = (
      format: 'csv' | 'json' | 'markdown',
      label: string,
      to: 'file' | 'clipboard' = 'file',
    ): MenuItem => ({ label, run: () => this.export(format, runIds, to) });
    openMenu(
      t('Export'),
      [
        item('csv', t('Export as CSV…')),
        item('json', t('Export as JSON…')),
        item('markdown', t('Export as Markdown…')),
        'line',
        item('markdown', t('Copy as Markdown'), 'clipboard'),
        item('csv', t('Copy as CSV'), 'clipboard'),
      ],
      at,
    );
  }

  /** What the bar offers for all that are selected. @param place where its menus open. */
  bulkActions(place: () => Place): readonly BulkAction[] {
    const runIds = this.selected;
    const { host, try: attempt } = this.context;
    const areOn = runIds.every((runId) => this.isOn(runId));
    return [
      areOn
        ? { label: t('Off'), icon: 'eye-closed', run: () => this.setOn(runIds, false) }
        : { label: t('On'), icon: 'eye', run: () => this.setOn(runIds, true) },
      { label: t('Compare'), icon: 'diff', run: () => this.act('compare', runIds) },
      { label: t('Star'), icon: 'star-empty', run: () => this.setStar(runIds, true) },
      { label: t('Tags…'), icon: 'tag', run: () => attempt(host.editTags({ runIds })) },
      {
        label: t('Archive'),
        icon: 'archive',
        run: () => attempt(host.setArchived({ runIds, archived: true })),
      },
      { label: t('Export…'), icon: 'export', run: () => this.openExportMenu(runIds, place()) },
      { label: t('Delete'), icon: 'trash', run: () => this.act('delete', runIds) },
    ];
  }

  private tell(): void {
    this.changed();
    this.context.asks.selected(this.selected);
  }

  private async selectRange(anchor: number, index: number): Promise<void> {
    const { source, host, query } = this.context;
    const [from, to] = anchor < index ? [anchor, index] : [index, anchor];
    const runIds: RunId[] = [];
    for (let at = from; at <= to;) {
      const row = source.row(at);
      if (row?.kind === 'run') runIds.push(row.runId);
      if (row !== undefined) {
        at += 1;
        continue;
      }
      // Rows that were never on the screen.
      const count = Math.min(MOST_ROWS, to - at + 1);
      const { rows } = await host.readTable({ query: query(), columns: [], from: at, count });
      for (const one of rows) if (one.kind === 'run') runIds.push(one.runId);
      at += count;
    }
    this.select([...new Set(runIds)], anchor);
  }

  /** The selected runs when this row is one of them; else the row's own. */
  private runsAt(index: number): readonly RunId[] {
    const row = this.context.source.row(index);
    if (row?.kind !== 'run' || this.selection.has(row.runId)) return this.selected;
    return [row.runId];
  }

  private isOn(runId: RunId): boolean {
    return this.context.state()?.view.slots.some(([id]) => id === runId) ?? false;
  }

  private setOn(runIds: readonly RunId[], on: boolean): void {
    if (runIds.length > 0) this.context.try(this.context.host.setOn({ runIds, on }));
  }

  private setStar(runIds: readonly RunId[], starred: boolean): void {
    if (runIds.length > 0) this.context.try(this.context.host.setStar({ runIds, starred }));
  }

  private act(action: TableAction, runIds: readonly RunId[]): void {
    if (runIds.length > 0) this.context.try(this.context.host.act({ action, runIds }));
  }

  private copyRows(runIds: readonly RunId[]): void {
    if (runIds.length > 0) this.export('markdown', runIds, 'clipboard');
  }

  private export(
    format: 'csv' | 'json' | 'markdown',
    runIds: readonly RunId[] | null,
    to: 'file' | 'clipboard',
  ): void {
    const { host, query, choice } = this.context;
    const columns = choice().shown.map(({ column }) => column);
    this.context.try(host.exportRuns({ format, query: query(), runIds, columns, to }));
  }

  private openGroupMenu(group: TableGroup, at: Place): void {
    const { change, try: attempt } = this.context;
    openMenu(
      t('Group'),
      [
        { label: group.isFolded ? t('Unfold') : t('Fold'), run: () => this.fold(group, !group.isFolded) },
        { label: t('Fold All'), run: () => attempt(this.foldAll()) },
        { label: t('Unfold All'), run: () => change({ folded: [] }) },
        'line',
        { label: t('No Groups'), run: () => change({ groupBy: null, folded: [] }) },
      ],
      at,
    );
  }

  /** The cell that a menu is about; null for the name and for what was not read yet. */
  private cellAt(
    run: TableRun,
    index: number,
    part: string,
  ): { readonly column: Column; readonly value: Cell; readonly text: string } | null {
    const shown = this.context.choice().shown[Number(part)];
    const value = shown === undefined ? undefined : this.context.source.cell(index, shown.key);
    if (shown === undefined || value === undefined || (value !== null && typeof value === 'object'))
      return null;
    const { column } = shown;
    const isDerived = column.kind === 'attribute';
    // All digits of a number, and what is derived as it is shown.
    const text = isDerived ? cellText(shown, value, run, undefined, Date.now()) : String(value ?? '');
    return { column, value, text };
  }
}
