import { type TemplateResult, html, nothing } from 'lit';
import type { SavedView, ViewDefinition } from '../../src/model/savedView';
import { t } from '../ui/l10n';
import type { Place } from './floating';

export interface ViewTabsState {
  readonly views: readonly SavedView[];
  /** Null: all runs. */
  readonly shown: string | null;
  readonly isModified: boolean;
}

export interface ViewTabsAsks {
  open(view: SavedView | null): void;
  saveAs(): void;
  menu(view: SavedView | null, at: Place): void;
}

/** The saved views, one tab each, with all runs first. One tab stop; arrows move. */
export function viewTabs({ views, shown, isModified }: ViewTabsState, asks: ViewTabsAsks): TemplateResult {
  const tab = (view: SavedView | null) => {
    const isOn = (view?.name ?? null) === shown;
    const name = view?.name ?? t('All runs');
    const words = isOn && isModified ? t('{0}, changed since it was saved', name) : name;
    return html`<button
      class="view-tab ${isOn ? 'on' : ''}"
      role="tab"
      aria-selected=${isOn}
      aria-label=${words}
      title=${words}
      tabindex=${isOn ? 0 : -1}
      @click=${() => asks.open(view)}
      @contextmenu=${(event: MouseEvent) => {
        event.preventDefault();
        asks.menu(view, placeOf(event));
      }}
    >
      ${isOn ? html`<i class="codicon codicon-table" aria-hidden="true"></i>` : nothing}<bdi class="view-name"
        >${name}</bdi
      >${isOn && isModified ? html`<span class="modified" aria-hidden="true">●</span>` : nothing}
    </button>`;
  };
  return html`<div class="view-tabs" role="tablist" aria-label=${t('Saved views')} @keydown=${onKey}>
      ${tab(null)}${views.map((view) => tab(view))}
    </div>
    <button
      class="icon codicon codicon-add"
      title=${t('Save as View…')}
      aria-label=${t('Save as View…')}
      @click=${() => asks.saveAs()}
    ></button>`;
}

/** Whether a view was changed since it was saved. What is folded is no change worth saving. */
export function isModified(definition: ViewDefinition, saved: ViewDefinition): boolean {
  const plain = (view: ViewDefinition) => JSON.stringify(sorted({ ...view, folded: [] }));
  return plain(definition) !== plain(saved);
}

/** With the keys of every object in order, so that equal things are written alike. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

/** The keyboard's menu key comes without a place: then it is that of the element. */
export function placeOf(event: MouseEvent): Place {
  if (event.clientX !== 0 || event.clientY !== 0) return { x: event.clientX, y: event.clientY };
  const box = event.currentTarget instanceof Element ? event.currentTarget.getBoundingClientRect() : null;
  return { x: box?.left ?? 0, y: box?.bottom ?? 0 };
}

function onKey(event: KeyboardEvent): void {
  const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  if (step === 0 || !(event.currentTarget instanceof Element)) return;
  const tabs = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=tab]')];
  const here = tabs.findIndex((tab) => tab === document.activeElement);
  tabs[(here + step + tabs.length) % tabs.length]?.focus();
  event.preventDefault();
}
