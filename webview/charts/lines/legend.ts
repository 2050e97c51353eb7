import { type TemplateResult, html, nothing } from 'lit';
import type { RunId } from '../../../src/model/run';
import { t } from '../../ui/l10n';
import { runMark } from '../../ui/runMark';
import { seedsOf } from './describe';
import type { PreparedLines } from './types';

const MAX_NAMES = 24; // As many as lines that can be told apart.

export interface LegendHost {
  emphasise(runId: RunId | null): void;
  openRun(runId: RunId): void;
}

/** The names of the lines, in their order; those that do not fit its rows are not shown. */
export function legendOf(chart: PreparedLines, host: LegendHost): TemplateResult {
  const seeds = seedsOf(chart);
  return html`${chart.lines
    .slice(0, MAX_NAMES)
    .map(
      ({ run, name, weight, runCount, isChampion }) =>
        html`<button
          class="legend-name ${weight}"
          title=${runCount === 1 ? t('Open {0}', name) : t('Open {0}, the best of {1} runs', run.name, runCount)}
          @click=${() => host.openRun(run.runId)}
          @pointerenter=${() => host.emphasise(run.runId)}
          @pointerleave=${() => host.emphasise(null)}
          @focus=${() => host.emphasise(run.runId)}
          @blur=${() => host.emphasise(null)}
        >
          ${runMark(run.slot)}<span>${name}</span>${
            run.state === 'running' && runCount === 1 ? html`<span class="live">${t('live')}</span>` : nothing
          }${
            isChampion
              ? html`<i class="codicon codicon-verified-filled champion" aria-label=${t('champion')}></i>`
              : nothing
          }
        </button>`,
    )}${seeds === '' ? nothing : html`<span class="legend-seeds">${seeds}</span>`}`;
}
