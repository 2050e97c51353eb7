import { type TemplateResult, html, nothing } from 'lit';
import { formatCount } from '../../src/model/format';
import { t } from '../ui/l10n';

export interface StatusState {
  readonly runCount: number;
  readonly allCount: number;
  readonly isFiltered: boolean;
  readonly equalCount: number;
  readonly onCount: number;
  readonly hasChampionLine: boolean;
  readonly hasTargetLine: boolean;
  readonly brush: string;
}

/** The line below the rows: how many there are, what is hidden, and what the lines mean. */
export function statusLine(state: StatusState, clearBrush: () => void): TemplateResult {
  const hidden = state.allCount - state.runCount;
  return html`<span>${t('{0} of {1} runs', formatCount(state.runCount), formatCount(state.allCount))}</span>
    ${
      hidden > 0 && state.isFiltered
        ? html`<span>${t('{0} hidden by the filter', formatCount(hidden))}</span>`
        : nothing
    }
    ${
      state.equalCount > 0 && state.runCount > 0
        ? html`<span
            >${
              state.equalCount === 1
                ? t('1 column hidden: equal in all runs')
                : t('{0} columns hidden: equal in all runs', formatCount(state.equalCount))
            }</span
          >`
        : nothing
    }
    <span>${t('{0} on in charts', formatCount(state.onCount))}</span>
    ${
      state.brush === ''
        ? nothing
        : html`<span class="brush"
            >${t('brush: {0}', state.brush)}
            <button class="link" @click=${clearBrush}>${t('Clear')}</button></span
          >`
    }
    <span class="grow"></span>
    ${state.hasChampionLine ? html`<span class="legend"><i class="champion-line"></i>${t('champion')}</span>` : nothing}
    ${state.hasTargetLine ? html`<span class="legend"><i class="target-line"></i>${t('target')}</span>` : nothing}`;
}

export interface BulkAction {
  readonly label: string;
  readonly icon: string;
  readonly run: () => void;
}

/** What can be done with several selected runs at once. */
export function bulkBar(count: number, actions: readonly BulkAction[], clear: () => void): TemplateResult {
  return html`<span class="strong">${t('{0} selected', formatCount(count))}</span>
    <span class="bulk" role="toolbar" aria-label=${t('Selected runs')}
      >${actions.map(
        ({ label, icon, run }) =>
          html`<button class="bulk-action" @click=${run}>
            <i class="codicon codicon-${icon}" aria-hidden="true"></i>${label}
          </button>`,
      )}</span
    >
    <span class="grow"></span>
    <button
      class="icon codicon codicon-close"
      title=${t('Select None')}
      aria-label=${t('Select None')}
      @click=${clear}
    ></button>`;
}
