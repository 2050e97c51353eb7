import { type TemplateResult, html, nothing } from 'lit';
import { formatCount } from '../../../src/model/format';
import { t } from '../../ui/l10n';
import type { CompareCell } from './cells';
import type { CompareRow, HeadRow, ValueRow } from './rows';
import { wordDifference } from './wordDifference';

/** A cell of the grid: row -1 are the heads of the columns, column -1 the names of the rows. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

export interface RowLook {
  readonly index: number;
  readonly columnCount: number;
  readonly isWrapped: boolean;
  /** The column of the cell that keys act on; null: in another row. */
  readonly active: number | null;
  click(column: number): void;
  toggleFold(section: string): void;
  toggleAll(section: string): void;
}

/** One row of the grid. Its place is set by script afterwards: the page's policy allows no style in markup. */
export function gridRow(row: CompareRow, look: RowLook): TemplateResult {
  switch (row.kind) {
    case 'head':
      return headRow(row, look);
    case 'note':
      return html`<div
        class="line note-line"
        role="row"
        aria-level="2"
        data-index=${look.index}
        aria-rowindex=${look.index + 2}
      >
        <div
          role="gridcell"
          class="cell dim ${look.active === null ? '' : 'active'}"
          id="cell-${look.index}-${look.active ?? -1}"
          aria-colspan=${look.columnCount + 1}
        >
          ${row.text}
        </div>
      </div>`;
    case 'value':
      return valueRow(row, look);
  }
}

function headRow({ section, isFolded, showsAll, shownCount }: HeadRow, look: RowLook): TemplateResult {
  const hidden = section.rows.length - section.brief.length;
  const title = isFolded ? t('Unfold') : t('Fold');
  return html`<div
    class="line section-line ${look.active === null ? '' : 'active'}"
    role="row"
    aria-level="1"
    aria-expanded=${!isFolded}
    aria-rowindex=${look.index + 2}
    data-index=${look.index}
    data-section=${section.id}
  >
    <div
      role="rowheader"
      class="section-cell"
      id="cell-${look.index}-${look.active ?? -1}"
      aria-colspan=${look.columnCount + 1}
    >
      <button class="fold" tabindex="-1" title=${title} @click=${() => look.toggleFold(section.id)}>
        <i class="codicon codicon-chevron-${isFolded ? 'right' : 'down'}" aria-hidden="true"></i
        >${section.title}
      </button>
      <span class="small dim section-note">${section.note}</span>
      ${
        hidden <= 0 || isFolded
          ? nothing
          : html`<button
              class="link small"
              tabindex="-1"
              title=${t('A on this row does the same')}
              @click=${() => look.toggleAll(section.id)}
            >
              ${showsAll ? t('Show Less') : t('Show All {0}', formatCount(section.rows.length))}
            </button>`
      }
      ${shownCount > 100 && !isFolded ? html`<span class="small dim">${t('{0} rows', formatCount(shownCount))}</span>` : nothing}
    </div>
  </div>`;
}

function valueRow(row: ValueRow, look: RowLook): TemplateResult {
  const cells = row.cells();
  const base = cells[0]?.value ?? null;
  return html`<div
    class="line value-line section-${row.section} ${look.isWrapped ? 'wrapped' : ''} ${row.isGoal ? 'strong' : ''} ${look.active === null ? '' : 'active-line'}"
    role="row"
    aria-level="2"
    aria-rowindex=${look.index + 2}
    data-index=${look.index}
  >
    <div
      role="rowheader"
      class="name ${look.active === -1 ? 'active' : ''}"
      id="cell-${look.index}--1"
      aria-colindex="1"
      title=${row.name}
      @click=${() => look.click(-1)}
    >
      <span class="name-text">${row.name}</span>${
        row.isGoal
          ? html`<i class="codicon codicon-target" role="img" aria-label=${t('the goal')}></i>`
          : nothing
      }${row.facet === '' ? nothing : html`<span class="dim facet">${row.facet}</span>`}
    </div>
    ${cells.map((cell, column) => valueCell(cell, column, base, look))}
  </div>`;
}

function valueCell(cell: CompareCell, column: number, base: string | null, look: RowLook): TemplateResult {
  const { standing, isNumber, tone, note, icon } = cell;
  const title = [
    standing === 'differs' || standing === 'base' ? (cell.value ?? '') : '',
    cell.title ?? '',
    cell.noteWord ?? '',
  ]
    .filter((line) => line !== '')
    .join('\n');
  return html`<div
    role="gridcell"
    class="cell is-${standing} ${column === 0 ? 'base' : ''} ${look.active === column ? 'active' : ''} ${cell.opens === true ? 'opens' : ''}"
    id="cell-${look.index}-${column}"
    aria-colindex=${column + 2}
    aria-label=${spoken(cell)}
    title=${title}
    @click=${() => look.click(column)}
  >
    ${icon === undefined ? nothing : html`<i class="codicon codicon-${icon} tone-${tone ?? 'none'}" aria-hidden="true"></i>`}
    <span
      class="value ${isNumber ? 'number' : ''} ${note === undefined && icon === undefined && tone !== undefined ? `tone-${tone}` : ''}"
      >${standing === 'differs' && column > 0 ? highlighted(cell, base) : cell.text}</span
    >
    ${note === undefined ? nothing : html`<span class="beside tone-${tone ?? 'none'}">${note}</span>`}
  </div>`;
}

/** Only what is written out in full can be compared word by word. */
function highlighted({ text, value, isNumber }: CompareCell, base: string | null): unknown {
  if (isNumber || base === null || value === null || text !== value) return text;
  const stretches = wordDifference(base, value);
  return stretches === null
    ? text
    : stretches.map((stretch) => (stretch.isOther ? html`<mark>${stretch.text}</mark>` : stretch.text));
}

/** What a screen reader says of a cell: = and – are signs for the eye. */
function spoken({ standing, text, value, note, noteWord }: CompareCell): string {
  const said =
    standing === 'missing' ? t('none') : standing === 'equal' ? t('equal, {0}', value ?? '') : text;
  const shown = note === undefined ? said : `${said} ${note}`;
  const more = noteWord === undefined || noteWord === '' || noteWord === note ? '' : `, ${noteWord}`;
  return `${shown}${more}`.slice(0, MOST_SPOKEN);
}

const MOST_SPOKEN = 1_000; // Characters; who wants to hear more of a value copies it.
