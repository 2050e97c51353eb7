import { type TemplateResult, html, nothing } from 'lit';
import { formatColumn, formatCount } from '../../src/model/format';
import { t } from '../ui/l10n';

const MAX_ROWS = 1_000; // What a page draws without waiting; CSV has all.

/** Rows as a table, numbers of one column with the same decimals. The first row has the names. */
export function valuesTable(label: string, all: readonly (readonly (string | number)[])[]): TemplateResult {
  const [names, ...rows] = all;
  if (names === undefined) return html`<p class="dim">${t('Nothing to show yet.')}</p>`;
  const first = Math.max(0, rows.length - MAX_ROWS);
  const shown = rows.slice(first);
  const columns = names.map((_, column) => {
    const values = shown.map((row) => row[column]);
    const numbers = formatColumn(values.map((value) => (typeof value === 'number' ? value : null)));
    return values.map((value, index) => (typeof value === 'number' ? numbers[index] : value || '–'));
  });
  return html`<table class="values" aria-label=${label}>
      <thead>
        <tr>
          ${names.map((name) => html`<th scope="col" class="number">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${shown.map(
          (_, row) =>
            html`<tr>
              ${columns.map((column) => html`<td class="number">${column[row]}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
    ${
      first > 0
        ? html`<p class="dim">
            ${t('The last {0} of {1} rows.', formatCount(MAX_ROWS), formatCount(rows.length))}
          </p>`
        : nothing
    }`;
}
