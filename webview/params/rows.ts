import { type TemplateResult, html, nothing, svg } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import type { FormKnown, FormRun, FormValues } from '../../src/api/paramsPage';
import { formatNumber } from '../../src/model/format';
import type { ParamSpec } from '../../src/model/param';
import type { ParamGrid } from '../../src/model/paramGrid';
import { isSameValue } from '../../src/model/paramValue';
import { t } from '../ui/l10n';
import { runMark } from '../ui/runMark';
import { shareOf } from './axis';
import { fieldOf } from './field';
import type { Section } from './sections';
import { STRIP, type Tried, placeOf } from './tried';

/** What the table of params shows, and what is done in it. */
export interface RowsInput {
  readonly sections: readonly Section[];
  readonly values: FormValues;
  readonly grid: ParamGrid;
  readonly known: FormKnown;
  readonly last: FormRun | null;
  readonly best: FormRun | null;
  readonly typed: ReadonlySet<string>;
  tried(spec: ParamSpec): Tried;
  change(name: string, text: string): void;
  type(name: string): void;
  /** Takes a whole column over. */
  take(column: 'default' | 'last' | 'best'): void;
  openParam(name: string): void;
  openRun(run: FormRun): void;
}

/** The text of a param: what was typed, or its default. */
export function textOf(spec: ParamSpec, values: FormValues): string {
  return values[spec.name] ?? spec.defaultValue ?? '';
}

export function isChanged(spec: ParamSpec, values: FormValues): boolean {
  const text = values[spec.name];
  return text !== undefined && !isSameValue(spec, text, spec.defaultValue ?? '');
}

export function idOf(spec: ParamSpec): string {
  return `param-${spec.subcommand ?? ''}-${spec.name}`.replaceAll(/\W/g, '-');
}

/** The table: a row a param, with its value between what is known of it. */
export function paramRows(input: RowsInput): TemplateResult {
  const { sections, known, last, best, grid } = input;
  const goal = known.goal?.metric;
  return html`<table class="params">
    <colgroup>
      <col class="c-param" />
      <col class="c-value" />
      <col class="c-default" />
      <col class="c-run" />
      <col class="c-run" />
      <col class="c-tried" />
    </colgroup>
    <thead>
      <tr>
        <th scope="col">${t('param')}</th>
        <th scope="col">${t('value')}</th>
        <th scope="col" class="number">
          ${takeHead(t('default'), t('Use all defaults'), () => input.take('default'))}
        </th>
        ${runHead(t('last run'), last, t('Use the values of the last run'), 'last', input)}
        ${runHead(t('best run'), best, t('Use the values of the best run'), 'best', input)}
        <th scope="col" class="tried">
          ${goal === undefined ? t('tried') : t('tried, height is {0}', goal)}
        </th>
      </tr>
    </thead>
    ${repeat(
      sections,
      ({ id }) => id,
      (section) =>
        html`<tbody>
          ${
            sections.length < 2 && section.note === null
              ? nothing
              : html`<tr class="section-row">
                  <th scope="rowgroup" colspan="6">
                    <span class="section">${section.title}</span>
                    ${section.file === null ? nothing : html`<span class="mono section-file">${section.file}</span>`}
                    ${section.note === null ? nothing : html`<span class="dim">${section.note}</span>`}
                  </th>
                </tr>`
          }
          ${repeat(section.specs, idOf, (spec) =>
            // Of hundreds of rows one key changes one.
            guard(
              [
                spec,
                textOf(spec, input.values),
                grid.problems[spec.name],
                input.typed.has(spec.name),
                last,
                best,
                input.tried(spec),
              ],
              () => rowOf(spec, input),
            ),
          )}
        </tbody>`,
    )}
  </table>`;
}

function takeHead(text: string, title: string, take: () => void): TemplateResult {
  return html`<button class="link" title=${title} @click=${take}>${text}</button>`;
}

function runHead(
  text: string,
  run: FormRun | null,
  title: string,
  column: 'last' | 'best',
  input: RowsInput,
): TemplateResult {
  if (run === null) return html`<th scope="col" class="number dim">${text}</th>`;
  return html`<th scope="col" class="number">
    ${takeHead(text, title, () => input.take(column))}
    <button class="plain run-name" title=${t('Open Run {0}', run.name)} @click=${() => input.openRun(run)}>
      ${runMark(run.slot)}<span>${run.name}</span>
    </button>
  </th>`;
}

function rowOf(spec: ParamSpec, input: RowsInput): TemplateResult {
  const { grid, values, last, best } = input;
  const text = textOf(spec, values);
  const problem = grid.problems[spec.name] ?? null;
  const id = idOf(spec);
  const changed = isChanged(spec, values);
  return html`<tr
    class="param ${changed ? 'changed' : ''} ${problem === null ? '' : 'wrong'}"
    data-param=${spec.name}
  >
    <th scope="row">
      <label for=${id} title=${spec.help ?? ''}
        ><button
          class="plain name"
          tabindex="-1"
          title=${t('Show {0} in the code', spec.name)}
          @click=${() => input.openParam(spec.name)}
        >
          ${spec.name}</button
        ><span class="visually-hidden">${changed ? t(', changed') : ''}</span>
        <span class="dim type">${typeOf(spec)}</span></label
      >
      <div class="help dim small" id="${id}-help" title=${spec.help ?? ''}>${spec.help ?? nothing}</div>
    </th>
    <td class="value">
      ${fieldOf({
        spec,
        id,
        text,
        problem,
        count: grid.values[spec.name]?.length ?? 0,
        isTyped: input.typed.has(spec.name),
        change: (next) => input.change(spec.name, next),
        type: () => input.type(spec.name),
      })}
      <div id="${id}-problem" class="problem" role="alert">${problem ?? nothing}</div>
    </td>
    <td class="number default">${takeCell(spec, spec.defaultValue, text, input)}</td>
    <td class="number run">${takeCell(spec, last?.values[spec.name] ?? null, text, input)}</td>
    <td class="number run">${takeCell(spec, best?.values[spec.name] ?? null, text, input)}</td>
    <td class="tried">${stripOf(spec, input.tried(spec), grid.values[spec.name] ?? [])}</td>
  </tr>`;
}

function typeOf(spec: ParamSpec): string {
  const base = spec.action !== 'store' ? t('switch') : spec.many ? t('{0} list', spec.type) : spec.type;
  return spec.required && spec.defaultValue === null ? t('{0}, needed', base) : base;
}

function takeCell(
  spec: ParamSpec,
  value: string | null,
  text: string,
  { change }: Pick<RowsInput, 'change'>,
): TemplateResult {
  if (value === null) return html`<span class="dim">–</span>`;
  const shown = value === '' ? '""' : value;
  if (isSameValue(spec, value, text)) return html`<span class="mono same" title=${value}>${shown}</span>`;
  return html`<button
    class="plain mono take"
    tabindex="-1"
    title=${t('Use {0} for {1}', shown, spec.name)}
    @click=${() => change(spec.name, value)}
  >
    ${shown}
  </button>`;
}

function stripOf(spec: ParamSpec, tried: Tried, now: readonly string[]): TemplateResult {
  switch (tried.kind) {
    case 'none':
      return html`<span class="dim">–</span>`;
    case 'only':
      return html`<span class="dim">${t('only {0}', tried.value)}</span>`;
    case 'several': {
      const { width, height } = STRIP;
      const words = tried.values
        .map(({ value, count, lowest, highest }) => {
          const times = count === 1 ? t('{0}: 1 run', value) : t('{0}: {1} runs', value, count);
          return lowest === null || highest === null
            ? times
            : `${times}, ${lowest === highest ? formatNumber(lowest) : `${formatNumber(lowest)} – ${formatNumber(highest)}`}`;
        })
        .join('\n');
      return html`<svg
        class="strip"
        width=${width}
        height=${height}
        role="img"
        aria-label=${`${spec.name}\n${words}`}
      >
        <title>${words}</title>
        ${svg`<path class="base" d="M0 ${height - 0.5}h${width}"></path>`}
        ${svg`<path class="dots" d=${tried.path}></path>`}
        ${now.flatMap((value) => {
          const at = tried.axis.at(value);
          if (at === null) return [];
          const x = placeOf(shareOf(tried.axis, at)).toFixed(1);
          return [svg`<path class="now" d="M${x} 0v${height}"></path>`];
        })}
      </svg>`;
    }
  }
}
