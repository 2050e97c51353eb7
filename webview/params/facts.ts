import { type TemplateResult, html, nothing } from 'lit';
import type {
  CommandPart,
  FormEdit,
  FormKnown,
  FormQueue,
  FormRun,
  FormValues,
} from '../../src/api/paramsPage';
import { formatCount, formatDuration, formatNumber } from '../../src/model/format';
import type { ParamSpec } from '../../src/model/param';
import { t } from '../ui/l10n';
import type { Forecast } from './forecast';
import type { Known } from './known';
import { isSeed } from './likeness';
import { isChanged } from './rows';

/** One line below the table: its name and what it says. */
export function factRow(label: string, content: unknown, id?: string): TemplateResult {
  return html`<div class="fact">
    ${id === undefined ? html`<span class="dim fact-name">${label}</span>` : html`<label class="dim fact-name" for=${id}>${label}</label>`}
    <div class="fact-text">${content}</div>
  </div>`;
}

/** Where the runs will go on: this machine, and how much of it is free. */
export function whereText(queue: FormQueue | null): string {
  if (queue === null) return t('local');
  const slots = queue.slots === 1 ? t('local, 1 slot') : t('local, {0} slots', queue.slots);
  const inUse = queue.slotsInUse === 0 ? t('free') : t('{0} in use', queue.slotsInUse);
  const waiting =
    queue.waiting === 0 ? '' : queue.waiting === 1 ? t(', 1 run waits') : t(', {0} runs wait', queue.waiting);
  return `${slots}, ${inUse}${waiting}${queue.isPaused ? t(', the queue is paused') : ''}`;
}

/** What runs before say about the values. */
export function knownText(
  known: Known,
  specs: readonly ParamSpec[],
  values: FormValues,
  about: FormKnown,
  openRun: (run: FormRun) => void,
): TemplateResult {
  const what = describe(specs, values);
  const link = (run: FormRun) =>
    html`<button class="link" title=${t('Open Run')} @click=${() => openRun(run)}>${run.name}</button>`;
  const value = (run: FormRun) => (run.goal === null ? nothing : html` ${formatNumber(run.goal)}`);
  switch (known.kind) {
    case 'new': {
      const { nearest } = known;
      // What all of them have in common is said once.
      const common = (nearest[0]?.differs ?? []).filter((one) =>
        nearest.every(({ differs }) => differs.includes(one)),
      );
      const isOnly = nearest.length === 1;
      const listed = nearest.map(({ run, differs }, index) => {
        const own = isOnly ? differs : differs.filter((one) => !common.includes(one));
        return html`${index > 0 ? ', ' : nothing}${link(run)}${value(run)}${
          own.length === 0 ? nothing : html` <span class="dim">(${shortened(own)})</span>`
        }`;
      });
      return html`${t('{0}: never tried.', what)}
      ${
        nearest.length === 0
          ? nothing
          : isOnly || common.length === 0
            ? html`${t('Nearest:')} ${listed}`
            : html`${t('Nearest:')} ${listed}<span class="dim"
                  >, ${t('all with {0}', shortened(common))}</span
                >`
      }`;
    }
    case 'tried': {
      const times =
        known.times === 1 ? t('{0}: tried once', what) : t('{0}: tried {1} times', what, known.times);
      const spread =
        known.goal === null
          ? ''
          : known.goal.sd === null
            ? t(', {0} {1}', about.goal?.metric ?? '', formatNumber(known.goal.mean))
            : t(
                ', {0} {1} ± {2}',
                about.goal?.metric ?? '',
                formatNumber(known.goal.mean),
                formatNumber(known.goal.sd),
              );
      return html`${times}${spread}:
      ${known.runs.slice(0, 3).map((run, index) => html`${index > 0 ? ', ' : nothing}${link(run)}${value(run)}`)}${
        known.runs.length > 3
          ? html` <span class="dim">${t('and {0} more', known.runs.length - 3)}</span>`
          : nothing
      }`;
    }
    case 'several':
      return html`${t('{0} of {1} combinations were tried.', known.tried, known.count)}
      ${known.best === null ? nothing : html`${t('Best of them:')} ${link(known.best)}${value(known.best)}`}`;
  }
}

function shortened(words: readonly string[]): string {
  return words.length > 3
    ? t('{0} and {1} more', words.slice(0, 3).join(', '), words.length - 3)
    : words.join(', ');
}

/** `lr 0.005 with hidden 32`: what is changed, or that nothing is. */
function describe(specs: readonly ParamSpec[], values: FormValues): string {
  const changed = specs.filter((spec) => !isSeed(spec) && isChanged(spec, values));
  const names = changed.map((spec) => `${spec.name} ${values[spec.name] ?? ''}`);
  const [first, ...rest] = names;
  if (first === undefined) return t('The defaults');
  if (rest.length === 0) return first;
  return rest.length < 3 ? t('{0} with {1}', first, rest.join(', ')) : t('These {0} values', names.length);
}

/** How long it takes and what it costs, and from how many runs that is known. */
export function forecastText(forecast: Forecast | null, count: number): TemplateResult {
  const runs = count === 1 ? t('1 run') : t('{0} runs', formatCount(count));
  if (forecast === null) {
    return html`${runs}<span class="dim"
        >, ${t('how long is not known: no run of this script has finished yet')}</span
      >`;
  }
  const each = formatDuration(forecast.eachMs);
  const time =
    count === 1
      ? t('{0}, about {1}', runs, each)
      : forecast.slots === 1
        ? t('{0}, about {1} each: {2} one after the other', runs, each, formatDuration(forecast.totalMs))
        : t(
            '{0}, about {1} each: {2} on {3} slots',
            runs,
            each,
            formatDuration(forecast.totalMs),
            forecast.slots,
          );
  const cost =
    forecast.cost === null ? '' : `, ${formatNumber(forecast.cost.amount)} ${forecast.cost.unit}`.trimEnd();
  const from = forecast.from === 1 ? t('from 1 finished run') : t('from {0} finished runs', forecast.from);
  const like = forecast.isSame
    ? t('with these values')
    : forecast.alike.length > 0
      ? t('with {0}', forecast.alike.slice(0, 2).join(', '))
      : t('with other values');
  return html`${time}${cost} <span class="dim">${from} ${like}</span>`;
}

/** The command as it will be typed, and the files that the runs have otherwise. */
export function commandText(
  parts: readonly CommandPart[],
  edits: readonly FormEdit[],
  copied: boolean,
  copy: (() => void) | null,
): TemplateResult {
  return html`<div class="command">
      <code
        >${parts.map(({ text, kind }, index) => html`${index > 0 ? ' ' : nothing}<span class=${kind}>${text}</span>`)}</code
      >
      <button
        class="icon codicon ${copied ? 'codicon-check' : 'codicon-copy'}"
        title=${t('Copy Command')}
        aria-label=${t('Copy Command')}
        ?disabled=${copy === null}
        @click=${() => copy?.()}
      ></button>
    </div>
    ${edits.map(
      ({ file, changes }) =>
        html`<div class="edit">
          <span class="mono">${file}</span>
          ${changes.map(
            ({ name, from, to }, index) =>
              html`${index > 0 ? ', ' : nothing}<span class="mono"
                  >${name} <span class="dim">${from ?? '–'}</span> →
                  <span class="changed-text">${to}</span></span
                >`,
          )}
          <span class="dim">${t('in a checkout of its own, your file stays as it is')}</span>
        </div>`,
    )}`;
}
