import { type TemplateResult, html, nothing } from 'lit';
import { formatColumn, formatCount } from '../../src/model/format';
import { t } from '../ui/l10n';
import { runMark } from '../ui/runMark';
import type { PreparedLines } from './line';
import { formatStep } from './ticks';

const MAX_ROWS = 1_000;

/** Rows of a table: each step once, with the value of each line or undefined. */
export interface StepRow {
  readonly step: number;
  readonly values: readonly (number | undefined)[];
}

/** The steps of all lines in order, each with what the lines say there. Of a step logged twice the last counts. */
export function stepRows(chart: PreparedLines): readonly StepRow[] {
  const columns = chart.lines.map(
    (line) => new Map(Array.from(line.steps, (step, index) => [step, line.values[index]])),
  );
  const steps = new Set(chart.lines.flatMap((line) => [...line.steps]));
  return [...steps]
    .sort((a, b) => a - b)
    .map((step) => ({ step, values: columns.map((column) => column.get(step)) }));
}

/** The chart as a table: a column a run, a row a step. */
export function tableOf(chart: PreparedLines): TemplateResult {
  const rows = stepRows(chart);
  const columns = chart.lines.map((_, index) => formatColumn(rows.map((row) => row.values[index])));
  const first = Math.max(0, rows.length - MAX_ROWS);
  return html`
    <table class="values" aria-label=${chart.metric}>
      <thead>
        <tr>
          <th scope="col">${t('step')}</th>
          ${chart.lines.map(
            ({ run }) => html`<th scope="col" class="number">${runMark(run.slot)} ${run.name}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${rows.slice(first).map(
          (row, index) =>
            html`<tr>
              <th scope="row" class="number">${formatStep(row.step)}</th>
              ${columns.map((column) => html`<td class="number">${column[first + index]}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
    ${
      chart.drawn < chart.count
        ? html`<p class="dim">
            ${t('{0} of {1} points: the smallest and largest of each part.', formatCount(chart.drawn), formatCount(chart.count))}
          </p>`
        : nothing
    }
    ${first > 0 ? html`<p class="dim">${t('The last {0} steps.', formatCount(MAX_ROWS))}</p>` : nothing}
  `;
}
