import { type TemplateResult, html, nothing } from 'lit';
import type { ExperimentView, GoalRun } from '../../../src/api/experimentPage';
import { formatCount, formatNumber } from '../../../src/model/format';
import { isBetter } from '../../../src/model/goal';
import type { RunId } from '../../../src/model/run';
import { t } from '../../ui/l10n';
import { runMark } from '../../ui/runMark';

/** What a person does in the head of an experiment's page. */
export interface HeadAsks {
  run(): void;
  promote(runId: RunId): void;
  open(runId: RunId): void;
  emphasise(runId: RunId | null): void;
}

/** The first thing that is looked at: best, champion, target, and whether the best is really better. */
export function experimentHead(view: ExperimentView | null, asks: HeadAsks): TemplateResult {
  if (view === null) return html`<div class="title"><h1>${t('Experiment')}</h1></div>`;
  const { best, champion, goal } = view;
  const counts = [
    ...(view.script === '' ? [] : [view.script]),
    view.runCount === 1 ? t('1 run') : t('{0} runs', formatCount(view.runCount)),
    ...(view.runningCount > 0 ? [t('{0} running', formatCount(view.runningCount))] : []),
  ];
  return html`<div class="title">
      <h1 title=${view.title}>${view.title}</h1>
      <span class="dim small">${counts.join(' · ')}</span>
    </div>
    <div class="stats">
      ${best === null ? nothing : goalStat(t('Best run'), runMark(best.slot), best, asks)}
      ${
        champion === null
          ? nothing
          : goalStat(
              t('Champion'),
              html`<i class="codicon codicon-verified-filled champion" aria-hidden="true"></i>`,
              champion,
              asks,
            )
      }
      ${goal?.target === null || goal === null ? nothing : targetStat(view, goal.target)}
      ${differenceStat(view)}
    </div>
    <div class="head-actions">
      <button class="secondary" @click=${() => asks.run()}>
        <i class="codicon codicon-play" aria-hidden="true"></i> ${t('Run…')}
      </button>
      ${
        best === null
          ? nothing
          : html`<button class="primary" @click=${() => asks.promote(best.runId)}>
              <i class="codicon codicon-git-commit" aria-hidden="true"></i> ${t('Review Promotion…')}
            </button>`
      }
    </div>`;
}

function goalStat(label: string, mark: unknown, run: GoalRun, asks: HeadAsks): TemplateResult {
  return html`<div class="stat">
    <span class="dim small">${mark} ${label}</span>
    <span
      ><b>${run.value === null ? '–' : formatNumber(run.value)}</b>
      <button
        class="link dim"
        title=${t('Open {0}', run.name)}
        @click=${() => asks.open(run.runId)}
        @pointerenter=${() => asks.emphasise(run.runId)}
        @pointerleave=${() => asks.emphasise(null)}
      >
        ${run.name}
      </button></span
    >
  </div>`;
}

function targetStat({ best, goal }: ExperimentView, target: number): TemplateResult {
  const isReached =
    goal !== null &&
    best !== null &&
    best.value !== null &&
    (best.value === target || isBetter(best.value, target, goal.direction));
  return html`<div class="stat">
    <span class="dim small"><i class="codicon codicon-target" aria-hidden="true"></i> ${t('Target')}</span>
    <span
      ><b>${formatNumber(target)}</b>
      <span class=${isReached ? 'passed' : 'dim'}>${isReached ? t('reached') : t('not reached')}</span></span
    >
  </div>`;
}

function differenceStat({ difference, goal }: ExperimentView): TemplateResult | typeof nothing {
  if (difference === null || goal === null) return nothing;
  const { interval, verdict, seedCount } = difference;
  const seeds = seedCount === 1 ? t('1 seed') : t('{0} seeds', seedCount);
  const words = {
    better: t('better, {0}', seeds),
    worse: t('worse, {0}', seeds),
    within: t('within the noise, {0}', seeds),
    unknown: t('too few seeds to tell'),
  };
  const arrow = difference.difference > 0 ? '↑' : '↓';
  return html`<div class="stat">
    <span
      class="dim small"
      title=${t(
        'The mean of the best configuration over its seeds less that of the champion’s. The best of many looks better than it is: validate it on data that took no part in choosing it.',
      )}
      >${interval === null ? t('Best configuration − champion') : t('Best configuration − champion, 95 % interval')}</span
    >
    <span
      ><b>${signed(difference.difference)}</b>
      ${
        interval === null
          ? nothing
          : html`<span class="dim">${t('{0} to {1}', signed(interval.low), signed(interval.high))}</span>`
      }
      <span class="verdict ${verdict}"
        >${verdict === 'within' ? '≈' : verdict === 'unknown' ? nothing : arrow} ${words[verdict]}</span
      ></span
    >
  </div>`;
}

function signed(value: number): string {
  const text = formatNumber(Math.abs(value));
  return value < 0 ? `−${text}` : `+${text}`;
}
