import { type TemplateResult, html, nothing } from 'lit';
import type { RunAction, RunView } from '../../../src/api/runPage';
import { formatCount } from '../../../src/model/format';
import { TAGS, isOver } from '../../../src/model/run';
import { t } from '../../ui/l10n';
import { styleOf } from '../../ui/runStyle';
import { iconButton } from './part';
import { stateWord } from '../../ui/stateWord';
import { STATE_ICONS, costText, endText, ordinal, timeTexts } from './words';

export interface HeadActions {
  act(action: RunAction): void;
  setStar(starred: boolean): void;
  chooseOther(): void;
}

/** The name, how the run stands, and what can be done with it. */
export function runHead(view: RunView, now: number, actions: HeadActions): TemplateResult {
  const { run } = view;
  const tags = new Map(run.tags);
  const isStarred = tags.get(TAGS.starred) === 'true';
  const isLive = !isOver(run.state);
  const { colour } = styleOf(run.slot);
  const attempts = view.attempts.length;
  const host = view.environment?.host;
  const facts = [
    [...timeTexts(run, now), ...(attempts > 0 ? [t('attempt {0}', attempts)] : [])].join(', '),
    host === undefined ? null : t('{0}, {1} CPU', host.name, host.cpuCount),
    costText(tags),
    endText(run),
  ].filter((fact) => fact !== null);
  return html`<div class="run-title">
      <svg class="dot colour${colour}" width="12" height="12" aria-hidden="true">
        <circle cx="6" cy="6" r="5.5"></circle>
      </svg>
      <h1 title=${t('F2 renames the run')}>${run.name}</h1>
      <button
        class="icon star codicon codicon-${isStarred ? 'star-full starred' : 'star-empty'}"
        aria-pressed=${isStarred}
        title=${isStarred ? t('Remove Star') : t('Star Run')}
        aria-label=${isStarred ? t('Remove Star') : t('Star Run')}
        @click=${() => actions.setStar(!isStarred)}
      ></button>
      <span class="badge state-${run.state}"
        ><i class="codicon codicon-${STATE_ICONS[run.state]}" aria-hidden="true"></i>
        ${stateWord(run.state)}</span
      >
      ${
        view.isChampion
          ? html`<span class="badge champion"
              ><i class="codicon codicon-verified-filled" aria-hidden="true"></i> ${t('champion')}</span
            >`
          : nothing
      }
      ${rankBadge(view)}
      <span class="grow"></span>
      <span class="run-actions">
        ${
          run.hasRunner && isLive
            ? html`<button class="secondary" @click=${() => actions.act('stop')}>
                <i class="codicon codicon-debug-stop" aria-hidden="true"></i> ${t('Stop')}
              </button>`
            : nothing
        }
        ${
          run.hasRunner
            ? html`<button class="secondary" @click=${() => actions.act('runAgain')}>
                <i class="codicon codicon-run-all" aria-hidden="true"></i> ${t('Run Again')}
              </button>`
            : nothing
        }
        ${
          run.hasRunner && !run.deleted && ['stopped', 'failed', 'lost'].includes(run.state)
            ? html`<button class="secondary" @click=${() => actions.act('resume')}>
                <i class="codicon codicon-debug-continue" aria-hidden="true"></i> ${t('Resume…')}
              </button>`
            : nothing
        }
        <button class="secondary" @click=${() => actions.chooseOther()}>
          <i class="codicon codicon-git-compare" aria-hidden="true"></i> ${t('Compare with…')}
        </button>
        ${
          run.hasRunner && !isLive && !run.deleted
            ? html`<button
                class=${run.state === 'finished' ? 'primary' : 'secondary'}
                @click=${() => actions.act('promote')}
              >
                <i class="codicon codicon-git-commit" aria-hidden="true"></i>
                ${t('Promote Run to Repository…')}
              </button>`
            : nothing
        }
        ${run.deleted || isLive ? nothing : iconButton('trash', t('Delete Run'), () => actions.act('delete'))}
      </span>
    </div>
    <div class="run-facts">
      ${facts.map((fact) => html`<span class="dim">${fact}</span>`)}
      ${
        run.command === null
          ? nothing
          : html`<span class="command"
              ><code title=${run.command}>${run.command}</code>${iconButton(
                'copy',
                t('Copy Run Command'),
                () => actions.act('copyCommand'),
              )}</span
            >`
      }
      ${tags.has(TAGS.logsTo) ? html`<span class="dim">${t('The script logs to {0}, not here.', tags.get(TAGS.logsTo) ?? '')}</span>` : nothing}
    </div>
    ${run.reason === null ? nothing : html`<p class="run-reason"><i class="codicon codicon-info" aria-hidden="true"></i> ${run.reason}</p>`}`;
}

/** A place among one run says nothing. */
function rankBadge({ rank, goal }: RunView): TemplateResult | typeof nothing {
  if (rank === null || goal === null || rank.of < 2) return nothing;
  const text =
    rank.place === 1
      ? t('best of {0} by {1}', formatCount(rank.of), goal.metric)
      : t('{0} of {1} by {2}', ordinal(rank.place), formatCount(rank.of), goal.metric);
  return html`<span class="badge" title=${text}>${text}</span>`;
}
