import { type TemplateResult, html, nothing } from 'lit';
import type { CompareView, ComparedRun } from '../../../src/api/comparePage';
import { TAGS } from '../../../src/model/run';
import type { RunId } from '../../../src/model/run';
import { t } from '../../ui/l10n';
import { styleOf } from '../../ui/runStyle';
import { stateWord } from '../../ui/stateWord';
import { STATE_ICONS } from '../run/words';

export interface HeadActions {
  moveTo(column: number): void;
  openRun(runId: RunId, beside: boolean): void;
  makeBase(column: number): void;
  remove(column: number): void;
  dragStart(column: number): void;
  dragOver(column: number): void;
  drop(): void;
  /** The column that is dragged, and the one whose place it would take; null: none. */
  readonly dragged: number | null;
  readonly target: number | null;
}

/** The heads of the columns: a name, how the run stands, and what can be done with the column. */
export function columnHeads(
  { runs }: CompareView,
  active: number | null,
  actions: HeadActions,
): readonly TemplateResult[] {
  return [
    html`<div
      class="head corner ${active === -1 ? 'active' : ''}"
      role="columnheader"
      id="cell--1--1"
      aria-colindex="1"
    >
      <span class="small dim"
        >${runs.length > 1 ? t('differences to the base') : t('add runs to compare')}</span
      >
    </div>`,
    ...runs.map((column, index) => columnHead(column, index, runs.length, active === index, actions)),
  ];
}

function columnHead(
  { run, isChampion, isBest }: ComparedRun,
  index: number,
  count: number,
  isActive: boolean,
  actions: HeadActions,
): TemplateResult {
  const isStarred = run.tags.some(([name, value]) => name === TAGS.starred && value === 'true');
  const { colour } = styleOf(run.slot);
  const words = [
    index === 0 && count > 1 ? t('base') : null,
    stateWord(run.state),
    isBest ? t('best') : null,
    isChampion ? t('champion') : null,
    isStarred ? t('starred') : null,
  ].filter((word) => word !== null);
  const isTarget = actions.target === index && actions.dragged !== index;
  const side = isTarget
    ? actions.dragged !== null && actions.dragged < index
      ? 'drop-after'
      : 'drop-before'
    : '';
  return html`<div
    class="head ${index === 0 ? 'base' : ''} ${isActive ? 'active' : ''} ${side}"
    role="columnheader"
    id="cell--1-${index}"
    aria-colindex=${index + 2}
    aria-label="${run.name}, ${words.join(', ')}"
    draggable="true"
    title=${[run.name, words.join(', '), run.deleted ? t('This run was deleted.') : ''].join('\n').trim()}
    @click=${() => actions.moveTo(index)}
    @dblclick=${() => actions.openRun(run.runId, false)}
    @dragstart=${(event: DragEvent) => {
      event.dataTransfer?.setData('text/plain', run.name);
      actions.dragStart(index);
    }}
    @dragover=${(event: DragEvent) => {
      event.preventDefault();
      actions.dragOver(index);
    }}
    @drop=${(event: DragEvent) => {
      event.preventDefault();
      actions.drop();
    }}
    @dragend=${() => actions.drop()}
  >
    <span class="head-name">
      <svg class="dot colour${colour}" width="10" height="10" aria-hidden="true">
        <circle cx="5" cy="5" r="4.5"></circle>
      </svg>
      <button class="plain name-button" tabindex="-1" @click=${() => actions.openRun(run.runId, false)}>
        ${run.name}
      </button>
    </span>
    <span class="head-facts small dim">
      <i class="codicon codicon-${STATE_ICONS[run.state]} state-${run.state}" aria-hidden="true"></i>
      <span>${stateWord(run.state)}</span>
      ${isChampion ? html`<i class="codicon codicon-verified-filled champion" role="img" aria-label=${t('champion')}></i>` : nothing}
      ${isStarred ? html`<i class="codicon codicon-star-full starred" role="img" aria-label=${t('starred')}></i>` : nothing}
      ${isBest ? html`<span>${t('best')}</span>` : nothing}
      ${index === 0 && count > 1 ? html`<span class="badge">${t('base')}</span>` : nothing}
      <span class="grow"></span>
      <span class="head-actions">
        ${index === 0 ? nothing : headButton('pinned', t('Make Base'), () => actions.makeBase(index))}
        ${count > 1 ? headButton('close', t('Remove from Comparison'), () => actions.remove(index)) : nothing}
      </span>
    </span>
  </div>`;
}

/** Keys do the same on the column's head, so that the grid stays one tab stop. */
function headButton(icon: string, title: string, click: () => void): TemplateResult {
  return html`<button
    class="icon codicon codicon-${icon}"
    tabindex="-1"
    title=${title}
    aria-label=${title}
    @click=${(event: Event) => {
      event.stopPropagation();
      click();
    }}
  ></button>`;
}
