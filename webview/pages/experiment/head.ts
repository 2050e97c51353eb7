import { type TemplateResult, html, nothing } from 'lit';
import type { ExperimentView, GoalRun } from '../../../src/api/experimentPage';
import { formatColumn, formatCount, formatNumber } from '../../../src/model/format';
import { isBetter } from '../../../src/model/goal';
import type { RunId } from '../../../src/model/run';
import { t } from '../../ui/l10n';
import { styleOf } from '../../ui/runStyle';
import { differenceTexts } from './numbers';

/** What a person does in the head of an experiment's page. */
export interface HeadAsks {
  run(): void;
  setGoal(): void;
  promote(runId: RunId): void;
  open(runId: RunId): void;
  emphasise(runId: RunId | null): void;
}

/** The first thing that is looked at: best, champion, target, and whether the best is really better. */
export function experimentHead(view: ExperimentView | null, asks: HeadAsks): TemplateResult {
  if (view === null) return html`<div class="title"><h1 class="dim">${t('Experiment')}</h1></div>`;
  const { best, champion } = view;
  const facts = [
    ...(view.script === '' ? [] : [view.script]),
    view.runCount === 1 ? t('1 run') : t('{0} runs', formatCount(view.runCount)),
    ...(view.runningCount > 0 ? [t('{0} running', formatCount(view.runningCount))] : []),
  ].join(' · ');
  const [bestText = '', championText = ''] = formatColumn([best?.value, champion?.value]);
  const slotOf = (run: GoalRun) => view.slots.find(([runId]) => runId === run.runId)?.[1] ?? null;
  return html`<div class="title">
      <h1>${view.title}</h1>
      <span class="dim">${facts}</span>
    </div>
    <dl class="stats">
      ${best === null ? nothing : runStat(t('Best run'), dot(slotOf(best)), best, bestText, asks)}
      ${champion === null ? nothing : runStat(t('Champion'), CHAMPION, champion, championText, asks)}
      ${goalStat(view, asks)} ${differenceStat(view)}
    </dl>
    <div class="head-actions">
      <button class="secondary" @click=${() => asks.run()}>
        <i class="codicon codicon-play" aria-hidden="true"></i> ${t('Run…')}
      </button>
      ${
        best === null
          ? nothing
          : html`<button
              class="primary"
              title=${t('{0}: the files, the gates and the commit, before anything is done', best.name)}
              @click=${() => asks.promote(best.runId)}
            >
              <i class="codicon codicon-git-commit" aria-hidden="true"></i> ${t('Review Promotion…')}
            </button>`
      }
    </div>`;
}

const CHAMPION = html`<i class="codicon codicon-verified-filled champion" aria-hidden="true"></i>`;

function dot(slot: number | null): TemplateResult {
  return html`<svg class="dot colour${styleOf(slot).colour}" width="10" height="10" aria-hidden="true">
    <circle cx="5" cy="5" r="4.5"></circle>
  </svg>`;
}

function runStat(
  label: string,
  mark: TemplateResult,
  run: GoalRun,
  value: string,
  asks: HeadAsks,
): TemplateResult {
  return html`<div class="stat">
    <dt>${mark} ${label}</dt>
    <dd>
      <b>${value}</b>
      <button
        class="run-link"
        title=${t('Open {0}', run.name)}
        @click=${() => asks.open(run.runId)}
        @pointerenter=${() => asks.emphasise(run.runId)}
        @pointerleave=${() => asks.emphasise(null)}
      >
        ${run.name}
      </button>
    </dd>
  </div>`;
}

/** The target and whether it is reached; without one, the goal, which a click changes. */
function goalStat({ best, goal, runCount }: ExperimentView, asks: HeadAsks): TemplateResult | typeof nothing {
  const icon = html`<i class="codicon codicon-target" aria-hidden="true"></i>`;
  if (goal !== null && goal.target !== null) {
    const value = best?.value ?? null;
    const isReached =
      value !== null && (value === goal.target || isBetter(value, goal.target, goal.direction));
    return html`<div class="stat">
      <dt>${icon} ${t('Target')}</dt>
      <dd>
        <b>${formatNumber(goal.target)}</b>
        <span class=${isReached ? 'passed' : 'dim'}>${isReached ? t('reached') : t('not reached')}</span>
      </dd>
    </div>`;
  }
  if (runCount === 0) return nothing;
  return html`<div class="stat">
    <dt>${icon} ${t('Goal')}</dt>
    <dd>
      ${goal === null ? nothing : html`<b class="goal">${goal.metric} ${goal.direction === 'maximize' ? '↑' : '↓'}</b>`}
      <button class="link" @click=${() => asks.setGoal()}>
        ${goal === null ? t('Set Goal…') : t('Set Target…')}
      </button>
    </dd>
  </div>`;
}

function differenceStat({ difference, goal }: ExperimentView): TemplateResult | typeof nothing {
  if (difference === null || goal === null) return nothing;
  const { interval, seedCount, championSeedCount, chosenFrom } = difference;
  const texts = differenceTexts(difference);
  const explained = [
    t(
      'Mean {0} of the best other configuration over {1} seeds, less that of the champion’s over {2}.',
      goal.metric,
      seedCount,
      championSeedCount,
    ),
    ...(interval === null ? [] : [t('Welch’s interval: it holds the true difference 95 times of 100.')]),
    ...(chosenFrom < 2
      ? []
      : [
          t(
            'It was chosen as the best of {0} configurations, so it looks better than it is: run it with new seeds before you trust it.',
            formatCount(chosenFrom),
          ),
        ]),
  ].join('\n');
  return html`<div class="stat difference" title=${explained}>
    <dt>
      ${interval === null ? t('Best configuration − champion') : t('Best configuration − champion, 95 % interval')}
    </dt>
    <dd>
      <b>${texts.difference}</b>
      ${interval === null ? nothing : html`<span class="range">${t('{0} to {1}', texts.low, texts.high)}</span>`}
      ${verdict(difference)}
    </dd>
  </div>`;
}

function verdict({
  difference,
  verdict: said,
  seedCount,
}: NonNullable<ExperimentView['difference']>): TemplateResult {
  const arrow = difference < 0 ? '↓' : '↑';
  const seeds = seedCount === 1 ? t('1 seed') : t('{0} seeds', seedCount);
  switch (said) {
    case 'better':
      return html`<span class="verdict better">${arrow} ${t('better, {0}', seeds)}</span>`;
    case 'worse':
      return html`<span class="verdict worse">${arrow} ${t('worse, {0}', seeds)}</span>`;
    case 'within':
      return html`<span class="verdict">≈ ${t('within the noise, {0}', seeds)}</span>`;
    case 'unknown':
      return html`<span class="verdict">${t('too few seeds to tell')}</span>`;
  }
}
