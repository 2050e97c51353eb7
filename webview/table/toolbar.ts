import { type TemplateResult, html, nothing } from 'lit';
import type { ViewDefinition } from '../../src/model/savedView';
import { t } from '../ui/l10n';
import { columnTitle } from './columnWords';
import type { Place } from './floating';

/** The buttons beside the filter: groups, and only columns that differ. */
export function toolbar(
  { groupBy, onlyDiffering }: Pick<ViewDefinition, 'groupBy' | 'onlyDiffering'>,
  asks: { pickGroup(at: Place): void; toggleDiffering(): void },
): TemplateResult {
  const grouped = groupBy === null ? null : columnTitle(groupBy);
  return html`<button
      class="tool"
      aria-haspopup="dialog"
      title=${t('Group by')}
      aria-label=${grouped === null ? t('Group by: nothing') : t('Group by: {0}', grouped)}
      @click=${(event: MouseEvent) => asks.pickGroup(below(event))}
    >
      <i class="codicon codicon-group-by-ref-type" aria-hidden="true"></i
      ><bdi class="tool-text">${grouped ?? t('Group')}</bdi
      ><i class="codicon codicon-chevron-down" aria-hidden="true"></i>
    </button>
    <button
      class="tool ${onlyDiffering ? 'on' : ''}"
      aria-pressed=${onlyDiffering}
      title=${t('Only Columns That Differ')}
      aria-label=${t('Only Columns That Differ')}
      @click=${() => asks.toggleDiffering()}
    >
      <i class="codicon codicon-list-selection" aria-hidden="true"></i
      ><span class="tool-text">${t('Only Columns That Differ')}</span>
    </button>`;
}

/** The buttons at the end of the tabs. @param saves the name of a view that was changed; null: there is nothing to save. */
export function tabButtons(
  state: { readonly saves: string | null; readonly isGrouped: boolean },
  asks: { save(name: string): void; foldAll(): void; pickColumns(at: Place): void; more(at: Place): void },
): TemplateResult {
  const button = (icon: string, label: string, click: (event: MouseEvent) => void) =>
    html`<button
      class="icon codicon codicon-${icon}"
      title=${label}
      aria-label=${label}
      @click=${click}
    ></button>`;
  const { saves } = state;
  return html`<span class="grow"></span>${
      saves === null
        ? nothing
        : html`<button class="link small" @click=${() => asks.save(saves)}>${t('Save')}</button>`
    }${state.isGrouped ? button('collapse-all', t('Fold All'), () => asks.foldAll()) : nothing}${button(
      'split-horizontal',
      t('Choose Columns…'),
      (event) => asks.pickColumns(below(event)),
    )}${button('ellipsis', t('More Actions…'), (event) => asks.more(below(event)))}`;
}

function below({ currentTarget }: MouseEvent): Place {
  const box = currentTarget instanceof Element ? currentTarget.getBoundingClientRect() : null;
  return { x: box?.left ?? 0, y: (box?.bottom ?? 0) + 2 };
}
