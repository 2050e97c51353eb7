import { type TemplateResult, html, nothing, render } from 'lit';
import { formatCount } from '../../src/model/format';
import { t } from '../ui/l10n';
import { Floating, type Place } from './floating';

/** A thing of a list that one or several can be chosen of. */
export interface Choice {
  readonly id: string;
  readonly label: string;
  readonly detail: string;
  /** The heading that it stands under. */
  readonly group: string;
  readonly checked: boolean;
}

export interface ChooserOptions {
  readonly label: string;
  readonly placeholder: string;
  /** Whether it stays open after a choice. */
  readonly several: boolean;
  /** What can be chosen now; asked for again after each choice. */
  choices(): readonly Choice[];
  choose(id: string): void;
  /** Something below the list. */
  foot?(): TemplateResult;
}

const MOST_SHOWN = 200; // Of ten thousand metrics: the others are found by typing.

/** A list with a search box: of columns, or of what can be grouped by. */
export function openChooser(options: ChooserOptions, at: Place): void {
  const element = document.createElement('div');
  element.className = 'chooser';
  element.setAttribute('role', 'dialog');
  element.setAttribute('aria-label', options.label);
  let typed = '';
  let active = 0;
  let matches: readonly Choice[] = [];
  draw();
  const floating = new Floating(element, at);
  element.querySelector('input')?.focus();

  function draw(): void {
    const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
    const all = options
      .choices()
      .filter(({ label, group }) => words.every((word) => `${label} ${group}`.toLowerCase().includes(word)));
    matches = all.slice(0, MOST_SHOWN);
    active = Math.max(0, Math.min(active, matches.length - 1));
    render(
      html`<input
          type="text"
          role="combobox"
          aria-label=${options.label}
          aria-expanded="true"
          aria-controls="chooser-list"
          aria-activedescendant=${matches.length > 0 ? `choice-${active}` : nothing}
          placeholder=${options.placeholder}
          spellcheck="false"
          @input=${(event: InputEvent) => {
            typed = event.target instanceof HTMLInputElement ? event.target.value : '';
            active = 0;
            draw();
          }}
        />
        <div
          class="chooser-list"
          id="chooser-list"
          role="listbox"
          tabindex="-1"
          aria-label=${options.label}
          aria-multiselectable=${options.several}
        >
          ${matches.map((choice, n) => line(choice, n))}
        </div>
        ${
          all.length > matches.length
            ? html`<p class="chooser-note dim small">
                ${t('{0} more: type a part of the name.', formatCount(all.length - matches.length))}
              </p>`
            : all.length === 0
              ? html`<p class="chooser-note dim small">${t('Nothing has this in its name.')}</p>`
              : nothing
        }
        ${options.foot?.() ?? nothing}`,
      element,
    );
    element.querySelector('.choice.here')?.scrollIntoView({ block: 'nearest' });
  }

  function line(choice: Choice, n: number): TemplateResult {
    const isFirst = choice.group !== matches[n - 1]?.group;
    return html`${isFirst ? html`<div class="choice-group" role="presentation">${choice.group}</div>` : nothing}
      <div
        class="choice ${n === active ? 'here' : ''}"
        role="option"
        id="choice-${n}"
        aria-selected=${choice.checked}
        @click=${() => choose(n)}
      >
        <i class="codicon ${choice.checked ? 'codicon-check' : ''}" aria-hidden="true"></i
        ><bdi class="choice-label" title=${choice.label}>${choice.label}</bdi
        ><span class="choice-detail dim">${choice.detail}</span>
      </div>`;
  }

  function choose(n: number): void {
    const choice = matches[n];
    if (choice === undefined) return;
    active = n;
    options.choose(choice.id);
    if (options.several) draw();
    else floating.close(true);
  }

  element.addEventListener('keydown', (event) => {
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + 10,
      PageUp: active - 10,
    };
    const target = moves[event.key];
    if (target !== undefined) {
      active = Math.max(0, Math.min(matches.length - 1, target));
      draw();
    } else if (event.key === 'Enter') choose(active);
    else if (event.key === 'Tab') floating.close(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}
