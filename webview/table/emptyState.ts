import { type TemplateResult, html, nothing } from 'lit';
import type { ExperimentView } from '../../src/api/experimentPage';
import { formatCount, formatNumber } from '../../src/model/format';
import { t } from '../ui/l10n';

export interface EmptyState {
  readonly view: ExperimentView;
  readonly allCount: number;
  readonly runCount: number;
  readonly isFiltered: boolean;
}

/** What stands in place of the rows when there are none. */
export function emptyState(
  { view, allCount, runCount, isFiltered }: EmptyState,
  asks: { run(): void; clear(): void },
): TemplateResult | typeof nothing {
  if (runCount > 0) return nothing;
  if (!isFiltered) {
    if (allCount > 0) {
      return html`<div class="empty">
        <h3>${t('All runs are archived')}</h3>
        <p class="dim">${t('Archived runs are shown by the table’s menu.')}</p>
      </div>`;
    }
    const script = view.script === '' ? t('the script') : view.script;
    return html`<div class="empty">
      <h3>${t('No runs in this experiment yet')}</h3>
      <p class="dim">
        ${t('A run of {0} is recorded as it is: its metrics, params, code and output.', script)}
      </p>
      <button class="primary" @click=${asks.run}>
        <i class="codicon codicon-play" aria-hidden="true"></i
        >${view.script === '' ? t('Run…') : t('Run {0}…', view.script)}
      </button>
    </div>`;
  }
  const { best, goal } = view;
  const nearest =
    best?.value === null || best === null || goal === null
      ? ''
      : goal.direction === 'maximize'
        ? t('The highest {0} is {1} ({2}).', goal.metric, formatNumber(best.value), best.name)
        : t('The lowest {0} is {1} ({2}).', goal.metric, formatNumber(best.value), best.name);
  return html`<div class="empty">
    <h3>${t('No run matches')}</h3>
    <p class="dim">
      ${allCount === 1 ? t('1 run is hidden by this filter.') : t('{0} runs are hidden by this filter.', formatCount(allCount))}
      ${nearest}
    </p>
    <button class="primary" @click=${asks.clear}>${t('Clear Filter')}</button>
  </div>`;
}
