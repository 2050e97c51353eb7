import { html, nothing, render } from 'lit';
import { Floating, type Place } from './floating';

/** A line of a menu. */
export type MenuItem =
  | {
      readonly label: string;
      readonly run: () => void;
      /** The key that does the same, as people write it. */
      readonly key?: string | undefined;
      readonly icon?: string | undefined;
      /** Whether it is on; undefined: it is nothing that is on or off. */
      readonly checked?: boolean | undefined;
      /** Why it cannot be done now. */
      readonly disabled?: string | undefined;
    }
  | 'line';

/** Opens a menu at a place. Arrows, Home, End and first letters move, Enter and Space do, Escape closes. */
export function openMenu(label: string, items: readonly (MenuItem | null)[], at: Place): void {
  const lines = tidyLines(items);
  const element = document.createElement('div');
  element.className = 'menu';
  element.setAttribute('role', 'menu');
  element.setAttribute('aria-label', label);
  render(
    lines.map((item) =>
      item === 'line'
        ? html`<div role="separator"></div>`
        : html`<div
            class="menu-item"
            role=${item.checked === undefined ? 'menuitem' : 'menuitemcheckbox'}
            aria-checked=${item.checked ?? nothing}
            aria-disabled=${item.disabled === undefined ? nothing : 'true'}
            title=${item.disabled ?? nothing}
            tabindex="-1"
            @click=${() => choose(item)}
            @pointermove=${(event: PointerEvent) =>
              event.currentTarget instanceof HTMLElement &&
              event.currentTarget.focus({ preventScroll: true })}
          >
            <i
              class="codicon ${item.checked === true ? 'codicon-check' : item.icon === undefined ? '' : `codicon-${item.icon}`}"
              aria-hidden="true"
            ></i
            ><span class="menu-label">${item.label}</span
            >${item.key === undefined ? nothing : html`<span class="menu-key">${item.key}</span>`}
          </div>`,
    ),
    element,
  );
  const floating = new Floating(element, at);
  const entries = [...element.querySelectorAll<HTMLElement>('.menu-item')];
  entries[0]?.focus();

  function choose(item: Exclude<MenuItem, 'line'>): void {
    if (item.disabled !== undefined) return;
    floating.close(true);
    item.run();
  }
  element.addEventListener('keydown', (event) => {
    const here = entries.findIndex((entry) => entry === document.activeElement);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: (here + 1) % entries.length,
      ArrowUp: (here - 1 + entries.length) % entries.length,
      Home: 0,
      End: entries.length - 1,
    };
    const target = moves[event.key];
    if (target !== undefined) entries[target]?.focus();
    else if (event.key === 'Enter' || event.key === ' ') entries[here]?.click();
    else if (event.key === 'Tab') floating.close(true);
    else if (event.key.length === 1) byLetter(entries, here, event.key)?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}

/** Without what is left out, and without lines that part nothing. */
function tidyLines(items: readonly (MenuItem | null)[]): MenuItem[] {
  const kept: MenuItem[] = [];
  for (const item of items) {
    if (item === null || (item === 'line' && (kept.length === 0 || kept.at(-1) === 'line'))) continue;
    kept.push(item);
  }
  if (kept.at(-1) === 'line') kept.pop();
  return kept;
}

function byLetter(entries: readonly HTMLElement[], from: number, letter: string): HTMLElement | undefined {
  const begins = (entry: HTMLElement) =>
    (entry.querySelector('.menu-label')?.textContent ?? '').toLowerCase().startsWith(letter.toLowerCase());
  const turned = [...entries.slice(from + 1), ...entries.slice(0, from + 1)];
  return turned.find(begins);
}
