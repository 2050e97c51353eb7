import type { ViewDefinition } from '../../src/model/savedView';
import { columnKey } from '../../src/model/table';
import { t } from '../ui/l10n';
import { openChooser } from './chooser';
import { ColumnEdits } from './columnEdits';
import { groupChoices, openColumnPicker } from './columnPicker';
import { columnWord } from './columnWords';
import type { Place } from './floating';
import { headMenu } from './headMenu';
import { openMenu } from './menu';
import { isSameColumn, sortAfterClick } from './sorting';
import type { TableContext } from './tableContext';

/** What is done with columns: order, width, place, groups. A part is 'name' or a column's number. */
export class ColumnActions {
  constructor(
    private readonly context: TableContext,
    /** Shows a width while it is dragged; the name's is kept by it too. */
    private readonly tryWidth: (part: string, width: number | null) => void,
  ) {}

  sort(part: string, adds: boolean): void {
    const { sort } = this.context.definition();
    const goal = this.context.state()?.view.goal ?? null;
    this.context.change({ sort: sortAfterClick(sort, this.columnOf(part), adds, goal) });
  }

  resize(part: string, width: number | null, isDone: boolean): void {
    if (part !== 'name' && isDone) this.setColumns(this.edits().resize(Number(part), width));
    else this.tryWidth(part, width);
  }

  move(part: string, before: number): void {
    this.setColumns(this.edits().move(Number(part), before));
  }

  openMenu(part: string, at: Place): void {
    const n = Number(part);
    const shown = this.context.choice().shown[n] ?? null;
    const column = this.columnOf(part);
    const { sort, groupBy } = this.context.definition();
    const others = sort.filter((key) => !isSameColumn(key.column, column));
    const { change } = this.context;
    openMenu(
      shown === null ? t('run') : columnWord(shown.column),
      headMenu(
        shown,
        {
          isSorted: others.length < sort.length,
          isSortedByOthers: others.length > 0,
          isGrouped: groupBy !== null,
        },
        {
          sort: (descending) => change({ sort: [{ column, descending }] }),
          alsoSort: (descending) => change({ sort: [...others, { column, descending }] }),
          clearSort: () => change({ sort: others }),
          setLook: (look) => this.setColumns(this.edits().look(n, look)),
          setPinned: (pinned) => this.setColumns(this.edits().pin(n, pinned)),
          move: (step) => this.move(part, step > 0 ? n + 2 : n - 1),
          fit: () => this.resize(part, null, true),
          hide: () => this.setColumns(this.edits().hide(n)),
          groupBy: (by) => change({ groupBy: by, folded: [] }),
          chooseColumns: () => this.pick(at),
        },
      ),
      at,
    );
  }

  pick(at: Place): void {
    const { change, infos } = this.context;
    openColumnPicker(
      () => ({ infos: infos(), columns: this.seenEdits().all }),
      {
        // What is ticked is what is seen, whether it differs or not.
        toggle: (column) => change({ columns: this.seenEdits().toggle(column), onlyDiffering: false }),
        reset: () => change({ columns: null, onlyDiffering: true }),
      },
      at,
    );
  }

  pickGroup(at: Place): void {
    const { change, definition, infos } = this.context;
    const choices = groupChoices(infos());
    const { groupBy } = definition();
    const current = groupBy === null ? null : columnKey(groupBy);
    openChooser(
      {
        label: t('Group by'),
        placeholder: t('Find what to group by'),
        several: false,
        choices: () => [
          { id: '', label: t('No groups'), detail: '', group: t('Group by'), checked: current === null },
          ...choices.map(({ column, words }) => ({
            ...words,
            id: columnKey(column),
            checked: columnKey(column) === current,
          })),
        ],
        choose: (id) => {
          const column = choices.find((choice) => columnKey(choice.column) === id)?.column ?? null;
          if (column?.kind !== 'metric') change({ groupBy: column, folded: [] });
        },
      },
      at,
    );
  }

  private edits(): ColumnEdits {
    return new ColumnEdits(this.context.choice().shown, this.context.definition());
  }

  /** The columns as they are seen, for the picker: those that are hidden as equal are not ticked. */
  private seenEdits(): ColumnEdits {
    const isSome = this.context.definition().onlyDiffering;
    return isSome ? new ColumnEdits(this.context.choice().shown, { columns: null }) : this.edits();
  }

  private setColumns(columns: ViewDefinition['columns']): void {
    this.context.change({ columns });
  }

  private columnOf(part: string) {
    return this.context.choice().shown[Number(part)]?.column ?? ({ kind: 'name' } as const);
  }
}
