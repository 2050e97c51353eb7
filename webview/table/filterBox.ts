import { type TemplateResult, html, nothing, render } from 'lit';
import { messageOf } from '../../src/base/errors';
import { type FilterToken, parseFilter, tokensOf } from '../../src/model/filterText';
import type { Goal } from '../../src/model/goal';
import type { ColumnInfo } from '../../src/model/table';
import { formatCount } from '../../src/model/format';
import { t } from '../ui/l10n';
import { type Completion, type CompletionItem, complete, quoted } from './complete';
import type { TableHost } from './contract';

export interface FilterBoxHost {
  readonly listValues: TableHost['listValues'];
  infos(): readonly ColumnInfo[];
  goal(): Goal | null;
  /** A filter that reads well: the table tries it. */
  apply(filter: string): void;
  /** Escape in an empty box, and Enter: the keyboard goes to the rows. */
  leave(): void;
}

const APPLY_MS = 150; // After the last key; the table answers in less than that.
const COMPLAIN_MS = 700; // Who is still typing knows that it isn't finished.
const MOST_HISTORY = 50;

/** The box for filters: colours what is typed, completes it, and says what is wrong and where. */
export class FilterBox {
  readonly element = document.createElement('div');
  private readonly input = document.createElement('input');
  private readonly ink = document.createElement('div');
  private readonly list = document.createElement('div');
  private readonly side = document.createElement('span');
  private readonly note = document.createElement('p');
  private completion: Completion | null = null;
  private items: readonly CompletionItem[] = [];
  private active = -1;
  private applied = '';
  private problem: { readonly text: string; readonly at: number | null } | null = null;
  private readonly history: string[] = [];
  private past = -1;
  private draft = '';
  private applying: ReturnType<typeof setTimeout> | undefined;
  private complaining: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;

  constructor(private readonly host: FilterBoxHost) {
    const { element, input, ink, list, side, note } = this;
    element.className = 'filter-box';
    const frame = document.createElement('div');
    frame.className = 'filter-frame';
    const icon = document.createElement('i');
    icon.className = 'codicon codicon-filter';
    icon.setAttribute('aria-hidden', 'true');
    const field = document.createElement('div');
    field.className = 'filter-field';
    ink.className = 'filter-ink';
    ink.setAttribute('aria-hidden', 'true');
    input.className = 'filter-input';
    input.type = 'text';
    input.spellcheck = false;
    input.autocomplete = 'off';
    input.setAttribute('role', 'combobox');
    input.setAttribute('aria-label', t('Filter'));
    input.setAttribute('aria-autocomplete', 'list');
    input.setAttribute('aria-controls', 'filter-list');
    input.setAttribute('aria-expanded', 'false');
    field.append(ink, input);
    side.className = 'filter-side';
    frame.append(icon, field, side);
    list.className = 'filter-list floating';
    list.id = 'filter-list';
    list.setAttribute('role', 'listbox');
    list.setAttribute('aria-label', t('Completions'));
    list.hidden = true;
    note.className = 'filter-note';
    note.id = 'filter-note';
    note.setAttribute('role', 'status');
    element.append(frame, list, note);
    input.addEventListener('input', () => this.onInput());
    input.addEventListener('keydown', (event) => this.onKey(event));
    input.addEventListener('scroll', () => this.scrollInk());
    input.addEventListener('click', () => this.complete());
    input.addEventListener('focus', () => this.draw());
    input.addEventListener('blur', () => {
      this.close();
      this.check(true);
      this.draw();
    });
    list.addEventListener('pointerdown', (event) => {
      event.preventDefault(); // The keyboard stays in the box.
      const option =
        event.target instanceof Element ? event.target.closest<HTMLElement>('[data-item]') : null;
      if (option !== null) this.accept(Number(option.dataset.item));
    });
    this.draw();
  }

  /** What the table's filter is now, unless something else is just being typed. */
  set(filter: string): void {
    this.input.placeholder = placeholderOf(this.host.goal());
    if (filter === this.applied) return;
    const isUntouched = this.input.value === this.applied || document.activeElement !== this.input;
    this.applied = filter;
    this.remember(filter);
    if (!isUntouched) return;
    this.input.value = filter;
    this.problem = null;
    this.draw();
  }

  /** The server could not read a filter. */
  refused(filter: string, problem: string): void {
    if (filter !== this.input.value.trim()) return;
    this.problem = told(problem);
    this.draw();
  }

  focus(): void {
    this.input.focus();
    this.input.select();
    this.complete();
  }

  clear(): void {
    this.input.value = '';
    this.close();
    this.onInput();
  }

  dispose(): void {
    clearTimeout(this.applying);
    clearTimeout(this.complaining);
  }

  private onInput(): void {
    this.past = -1;
    this.problem = null;
    this.complete();
    this.check(false);
    this.draw();
  }

  /** Tries what is written soon; says what is wrong only when nothing more is typed. */
  private check(isFinal: boolean): void {
    clearTimeout(this.applying);
    clearTimeout(this.complaining);
    const filter = this.input.value.trim();
    if (filter === this.applied) {
      this.problem = null;
      return;
    }
    const problem = problemOf(filter);
    if (problem === null) {
      const apply = () => this.host.apply(filter);
      if (isFinal) apply();
      else this.applying = setTimeout(apply, APPLY_MS);
      return;
    }
    const complain = () => {
      if (this.isOpen) return;
      this.problem = problem;
      this.draw();
    };
    if (isFinal) complain();
    else this.complaining = setTimeout(complain, COMPLAIN_MS);
  }

  private get isOpen(): boolean {
    return !this.list.hidden;
  }

  /** @param isAsked by a key; an empty box offers nothing by itself, since its list would hide the rows. */
  private complete(isAsked = false): void {
    if (this.input.value.trim() === '' && !isAsked) {
      this.close();
      return;
    }
    const cursor = this.input.selectionStart ?? this.input.value.length;
    this.completion = complete(this.input.value, cursor, this.host.infos(), this.host.goal());
    this.items = this.completion?.items ?? [];
    this.active = this.completion?.isEager === true && this.items.length > 0 ? 0 : -1;
    const column = this.completion?.valuesOf ?? null;
    if (column !== null) void this.addValues(column, this.completion?.typed ?? '');
    this.drawList();
  }

  private async addValues(column: NonNullable<Completion['valuesOf']>, typed: string): Promise<void> {
    const asked = (this.asked += 1);
    const containing = typed.replace(/^['"]/, '').replace(/['"]$/, '');
    try {
      const { values } = await this.host.listValues({ column, containing, limit: 20 });
      if (asked !== this.asked || this.completion === null) return;
      const isNumber = (text: string) => /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text);
      this.items = [
        ...this.completion.items,
        ...values.map(({ text, runCount }) => ({
          text: isNumber(text) ? text : quoted(text),
          detail: runCount === 1 ? t('1 run') : t('{0} runs', formatCount(runCount)),
          icon: 'symbol-value',
        })),
      ];
      this.drawList();
    } catch {
      /* Without the server there are no values to offer; the table says that it is away. */
    }
  }

  private accept(n: number): void {
    const item = this.items[n];
    const { completion, input } = this;
    if (item === undefined || completion === null) return;
    const after = input.value.slice(completion.to);
    const space = after.startsWith(' ') || item.text.endsWith('(') ? '' : ' ';
    const text = `${input.value.slice(0, completion.from)}${item.text}${space}`;
    input.value = text + after;
    const cursor = text.length + (after.startsWith(' ') ? 1 : 0);
    input.setSelectionRange(cursor, cursor);
    this.onInput();
  }

  private onKey(event: KeyboardEvent): void {
    const { isOpen } = this;
    switch (event.key) {
      case 'ArrowDown':
        if (isOpen) this.activate(this.active + 1);
        else if (this.past >= 0) this.fromHistory(this.past - 1);
        else this.complete(true);
        break;
      case 'ArrowUp':
        if (isOpen && this.active >= 0) this.activate(this.active - 1);
        else this.fromHistory(this.past + 1);
        break;
      case 'Enter':
        if (isOpen && this.active >= 0) this.accept(this.active);
        else {
          this.close();
          this.check(true);
          if (this.problem === null) this.host.leave();
        }
        break;
      case 'Tab':
        if (!isOpen || this.items.length === 0) return;
        this.accept(Math.max(0, this.active));
        break;
      case 'Escape':
        if (isOpen) this.close();
        else if (this.input.value !== '') this.clear();
        else this.host.leave();
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  private activate(n: number): void {
    this.active = Math.max(-1, Math.min(this.items.length - 1, n));
    this.drawList();
  }

  private fromHistory(past: number): void {
    if (past >= this.history.length) return;
    if (this.past < 0) this.draft = this.input.value;
    this.past = Math.max(-1, past);
    this.input.value = this.past < 0 ? this.draft : (this.history[this.past] ?? '');
    this.close();
    this.problem = null;
    this.check(false);
    this.draw();
  }

  private remember(filter: string): void {
    if (filter === '') return;
    const known = this.history.indexOf(filter);
    if (known >= 0) this.history.splice(known, 1);
    this.history.unshift(filter);
    this.history.length = Math.min(this.history.length, MOST_HISTORY);
  }

  private close(): void {
    this.completion = null;
    this.items = [];
    this.asked += 1;
    this.drawList();
  }

  private drawList(): void {
    const { list, input, items, completion } = this;
    const isOpen = items.length > 0 && document.activeElement === input;
    list.hidden = !isOpen;
    input.setAttribute('aria-expanded', String(isOpen));
    if (isOpen && this.active >= 0) input.setAttribute('aria-activedescendant', `filter-item-${this.active}`);
    else input.removeAttribute('aria-activedescendant');
    render(
      items.map((item, n) => option(item, n, n === this.active, completion?.typed ?? '')),
      list,
    );
    if (!isOpen || completion === null) return;
    // Under what it completes.
    const letter = input.value.length === 0 ? 0 : this.ink.scrollWidth / input.value.length;
    const left = Math.max(0, Math.min(completion.from * letter - input.scrollLeft, input.clientWidth - 320));
    list.style.left = `${left + 20}px`;
    list.querySelector('.here')?.scrollIntoView({ block: 'nearest' });
  }

  private draw(): void {
    const { input, problem } = this;
    const text = input.value;
    render(inkOf(text, problem?.at ?? null), this.ink);
    this.scrollInk();
    input.placeholder = placeholderOf(this.host.goal());
    const hasProblem = problem !== null;
    this.element.classList.toggle('wrong', hasProblem);
    input.setAttribute('aria-invalid', String(hasProblem));
    if (hasProblem) input.setAttribute('aria-describedby', 'filter-note');
    else input.removeAttribute('aria-describedby');
    render(
      hasProblem
        ? html`<span class="problem">${problem.text}</span>
            ${t('The table keeps the last filter that worked.')}`
        : nothing,
      this.note,
    );
    render(
      text === ''
        ? html`<kbd aria-hidden="true">/</kbd>`
        : html`<button
            class="icon codicon codicon-close"
            title=${t('Clear Filter')}
            aria-label=${t('Clear Filter')}
            @click=${() => {
              this.clear();
              input.focus();
            }}
          ></button>`,
      this.side,
    );
  }

  private scrollInk(): void {
    this.ink.style.transform = `translateX(${-this.input.scrollLeft}px)`;
  }
}

function placeholderOf(goal: Goal | null): string {
  const example =
    goal === null
      ? 'params.lr <= 0.01'
      : `metrics.${goal.metric} ${goal.direction === 'maximize' ? '>' : '<'} ${goal.target ?? (goal.direction === 'maximize' ? 0.9 : 0.1)}`;
  return t('Filter: {0}', example);
}

/** What is wrong with a filter; null when it reads well. */
function problemOf(filter: string): { readonly text: string; readonly at: number | null } | null {
  try {
    parseFilter(filter, Date.now());
    return null;
  } catch (error) {
    return told(messageOf(error));
  }
}

/** "… (column 11)." becomes "Column 11: …" with the place. */
function told(problem: string): { readonly text: string; readonly at: number | null } {
  const found = /^(.*?)\s*\(column (\d+)\)\.?$/s.exec(problem);
  if (found === null) return { text: problem, at: null };
  return { text: t('Column {0}: {1}.', found[2] ?? '', found[1] ?? ''), at: Number(found[2]) - 1 };
}

function inkOf(text: string, wrongAt: number | null): unknown {
  const parts: unknown[] = [];
  let at = 0;
  for (const token of tokensOf(text)) {
    parts.push(text.slice(at, token.from));
    const isWrong = wrongAt !== null && wrongAt >= token.from && wrongAt < token.to;
    parts.push(
      html`<span class="ink-${inkClass(token)} ${isWrong ? 'ink-wrong' : ''}">${token.source}</span>`,
    );
    at = token.to;
  }
  parts.push(text.slice(at));
  return parts;
}

function inkClass(token: FilterToken): string {
  if (token.kind !== 'value') return token.kind;
  return token.isQuoted || !/^[+-]?[\d.]/.test(token.text) ? 'text' : 'number';
}

function option(item: CompletionItem, n: number, isActive: boolean, typed: string): TemplateResult {
  const at = typed === '' ? -1 : item.text.toLowerCase().indexOf(typed.toLowerCase());
  const label =
    at < 0
      ? item.text
      : html`${item.text.slice(0, at)}<b>${item.text.slice(at, at + typed.length)}</b>${item.text.slice(at + typed.length)}`;
  return html`<div
    class="completion ${isActive ? 'here' : ''}"
    role="option"
    id="filter-item-${n}"
    data-item=${n}
    aria-selected=${isActive}
  >
    <i class="codicon codicon-${item.icon}" aria-hidden="true"></i
    ><span class="completion-text">${label}</span><span class="completion-detail">${item.detail}</span>
  </div>`;
}
