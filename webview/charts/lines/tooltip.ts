import { type TemplateResult, html, nothing } from 'lit';
import { formatColumn, formatDuration } from '../../../src/model/format';
import { t } from '../../ui/l10n';
import { runMark } from '../../ui/runMark';
import { formatStep, formatTick } from '../ticks';
import { axisLabel } from './axis';
import type { Reading } from './readings';
import type { PreparedLines } from './types';

const MAX_ROWS = 16; // What fits beside a chart without covering the page.

/** The values of all lines where the cross-hair stands, best first, as logged and as smoothed. */
export function tooltipOf(chart: PreparedLines, readings: readonly Reading[], x: number): TemplateResult {
  const rows = readings.slice(0, MAX_ROWS);
  const rest = readings.length - rows.length;
  const isSmooth = chart.smoothing > 0;
  const raw = formatColumn(readings.map(({ value }) => value));
  const smooth = formatColumn(readings.map(({ y }) => y));
  const low = formatColumn(readings.map((reading) => bandAt(reading)?.low));
  const high = formatColumn(readings.map((reading) => bandAt(reading)?.high));
  return html`<div class="tooltip" role="tooltip">
    <table>
      <tr class="tooltip-title">
        <td colspan="2">${placeOf(chart, x)}</td>
        ${
          isSmooth
            ? html`<td class="number">${t('smooth')}</td>
                <td class="number">${t('raw')}</td>`
            : nothing
        }
      </tr>
      ${rows.map(
        (reading, index) =>
          html`<tr class=${reading.line.weight === 'strong' ? 'strong' : ''}>
            <td>${runMark(reading.line.run.slot)}</td>
            <td class="tooltip-name">${reading.line.name}</td>
            ${isSmooth ? html`<td class="number">${smooth[index]}</td>` : nothing}
            <td class="number ${isSmooth ? 'dim' : ''}">${raw[index]}</td>
            ${
              bandAt(reading) === null
                ? nothing
                : html`<td class="number dim">${t('{0} to {1}', low[index] ?? '', high[index] ?? '')}</td>`
            }
            ${reading.x === x ? nothing : html`<td class="dim">${t('step {0}', formatStep(reading.step))}</td>`}
          </tr>`,
      )}
    </table>
    ${rest > 0 ? html`<div class="dim">${t('and {0} more', rest)}</div>` : nothing}
  </div>`;
}

function bandAt({ line, x }: Reading): { readonly low: number; readonly high: number } | null {
  if (line.band === null) return null;
  const index = line.curve.x.indexOf(x);
  const [low, high] = [line.band.low[index], line.band.high[index]];
  return low === undefined || high === undefined || Number.isNaN(low) ? null : { low, high };
}

/** A place on the x axis in words: `epoch 16`, `after 3 min`. */
export function placeOf(chart: PreparedLines, x: number): string {
  switch (chart.axis.kind) {
    case 'step':
      return t('step {0}', formatStep(x));
    case 'epoch':
      return t('epoch {0}', formatStep(x));
    case 'relative':
      return t('after {0}', formatDuration(x * chart.unit.seconds * 1000));
    case 'time':
      return new Date(x).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
    case 'metric':
      return `${axisLabel(chart.axis)} ${formatTick(x, Math.abs(x) / 1000)}`;
  }
}

/** Beside the cross-hair, on the side with more room, never out of the window. */
export function place(tooltip: HTMLElement, left: number, body: HTMLElement): void {
  const GAP = 10;
  const { width, height } = tooltip.getBoundingClientRect();
  const frame = body.getBoundingClientRect();
  const roomRight = window.innerWidth - frame.left - left - GAP;
  const x = roomRight >= width + 4 || roomRight >= frame.left + left ? left + GAP : left - GAP - width;
  const wanted = 34;
  const y = Math.max(4 - frame.top, Math.min(wanted, window.innerHeight - frame.top - height - 4));
  tooltip.style.transform = `translate(${Math.round(Math.max(4 - frame.left, x))}px, ${Math.round(y)}px)`;
}
