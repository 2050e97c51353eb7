import { type TemplateResult, html, nothing, render } from 'lit';
import type { PageSeries } from '../../../src/api/pages';
import type { RunView } from '../../../src/api/runPage';
import { formatCount } from '../../../src/model/format';
import { t } from '../../ui/l10n';
import { type MetricCells, MetricTable, metricCells } from './metrics';
import { sparkline } from './sparkline';
import { rowsInView } from './window';

export const ROW_HEIGHT = 22;
const ROWS_SHOWN = 12; // More scroll in their own area, so that what follows stays near.

export interface MetricsTableHost {
  /** Other rows came on the screen. */
  look(): void;
  openCharts(metric: string): void;
}

/** The table of a run's metrics: of ten thousand rows those on the screen exist. One tab stop; arrows move. */
export class MetricsTableView {
  readonly element = document.createElement('div');
  /** Trends by metric. */
  readonly series = new Map<string, PageSeries>();
  private readonly head = document.createElement('div');
  private readonly body = document.createElement('div');
  private readonly sizer = document.createElement('div');
  private readonly rows = document.createElement('div');
  private names: readonly string[] = [];
  private drawn: ReadonlySet<string> = new Set();
  private view: RunView | null = null;
  private own: MetricTable | null = null;
  private other: MetricTable | null = null;
  private active = 0;
  private frame = 0;

  constructor(private readonly host: MetricsTableHost) {
    this.element.className = 'metrics';
    this.element.setAttribute('role', 'grid');
    this.element.setAttribute('aria-label', t('Metrics'));
    this.element.tabIndex = 0;
    this.head.className = 'metric-row metric-head';
    this.head.setAttribute('role', 'row');
    this.body.className = 'metric-body';
    this.body.setAttribute('role', 'presentation');
    this.sizer.className = 'metric-sizer';
    this.sizer.setAttribute('role', 'presentation');
    this.rows.className = 'metric-window';
    this.rows.setAttribute('role', 'rowgroup');
    this.sizer.append(this.rows);
    this.body.append(this.sizer);
    this.element.append(this.head, this.body);
    this.body.addEventListener('scroll', () => this.drawSoon());
    this.element.addEventListener('keydown', (event) => this.onKey(event));
  }

  /** The metrics whose rows are drawn. */
  isVisible(metric: string): boolean {
    return this.element.isConnected && this.drawn.has(metric);
  }

  show(view: RunView, names: readonly string[]): void {
    const isOther = this.view?.other?.run.runId !== view.other?.run.runId;
    const isNew =
      names.length !== this.names.length || names.some((name, index) => name !== this.names[index]);
    this.view = view;
    this.names = names;
    this.own = new MetricTable(view.run.metrics);
    this.other = view.other === null ? null : new MetricTable(view.other.run.metrics);
    this.active = Math.min(this.active, Math.max(0, names.length - 1));
    this.draw();
    if (isNew || isOther) this.host.look();
  }

  take(series: readonly PageSeries[]): void {
    for (const one of series) this.series.set(one.metric, one);
    this.drawSoon();
  }

  private drawSoon(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
      this.host.look();
    });
  }

  private window() {
    const height = Math.min(this.names.length, ROWS_SHOWN) * ROW_HEIGHT;
    return rowsInView(this.names.length, ROW_HEIGHT, this.body.scrollTop, height);
  }

  private draw(): void {
    const { view, own } = this;
    if (view === null || own === null) return;
    const noise = new Map(view.noise);
    const { from, to } = this.window();
    this.drawn = new Set(this.names.slice(from, to));
    const hasOther = view.other !== null;
    this.element.classList.toggle('with-other', hasOther);
    this.element.setAttribute('aria-rowcount', String(this.names.length + 1));
    if (this.names.length > 0) this.element.setAttribute('aria-activedescendant', `metric-${this.active}`);
    // Sizes are set by script: the page's policy allows no style in markup.
    this.body.style.maxHeight = `${ROWS_SHOWN * ROW_HEIGHT}px`;
    this.sizer.style.height = `${this.names.length * ROW_HEIGHT}px`;
    this.rows.style.transform = `translateY(${from * ROW_HEIGHT}px)`;
    render(headCells(view), this.head);
    render(
      this.names.slice(from, to).map((name, offset) => {
        const index = from + offset;
        const summary = own.get(name);
        const cells =
          summary === null ? null : metricCells(name, summary, this.other?.get(name) ?? null, view, noise);
        return html`<div
          class="metric-row ${name === view.goal?.metric ? 'strong' : ''} ${index === this.active ? 'active' : ''}"
          role="row"
          id="metric-${index}"
          aria-rowindex=${index + 2}
          @click=${() => this.moveTo(index)}
          @dblclick=${() => this.host.openCharts(name)}
        >
          ${cells === null ? nothing : rowCells(name, cells, view, this.series.get(name))}
        </div>`;
      }),
      this.rows,
    );
  }

  private onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = ROWS_SHOWN - 1;
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: this.active + 1,
      ArrowUp: this.active - 1,
      PageDown: this.active + page,
      PageUp: this.active - page,
      Home: 0,
      End: this.names.length - 1,
    };
    const target = moves[event.key];
    const name = this.names[this.active];
    if (target !== undefined) this.moveTo(target);
    else if (event.key === 'Enter' && name !== undefined) this.host.openCharts(name);
    else return;
    event.preventDefault();
  }

  private moveTo(index: number): void {
    this.active = Math.max(0, Math.min(this.names.length - 1, index));
    const top = this.active * ROW_HEIGHT;
    const height = Math.min(this.names.length, ROWS_SHOWN) * ROW_HEIGHT;
    if (top < this.body.scrollTop) this.body.scrollTop = top;
    if (top + ROW_HEIGHT > this.body.scrollTop + height) this.body.scrollTop = top + ROW_HEIGHT - height;
    this.draw();
  }
}

function headCells({ other }: RunView): TemplateResult {
  return html`<span role="columnheader">${t('metric')}</span>
    <span role="columnheader" class="number">${t('last')}</span>
    <span role="columnheader" class="number">${t('best')}</span>
    <span role="columnheader" class="number">${t('at')}</span>
    ${
      other === null
        ? nothing
        : html`<span role="columnheader" class="number" title=${other.run.name}
              >${other.isChampion ? t('champion') : other.run.name}</span
            >
            <span role="columnheader" class="number">${t('difference')}</span>`
    }
    <span role="columnheader">${t('trend')}</span>`;
}

function rowCells(
  name: string,
  cells: MetricCells,
  view: RunView,
  series: PageSeries | undefined,
): TemplateResult {
  const { verdict, direction } = cells.comparison;
  const isGoal = name === view.goal?.metric;
  return html`<span role="rowheader" class="metric-name" title=${name}
      >${name}${
        isGoal
          ? html` <i class="codicon codicon-target" role="img" aria-label=${t('the goal')}></i>`
          : nothing
      }</span
    >
    <span role="gridcell" class="number">${cells.last}</span>
    <span
      role="gridcell"
      class="number quiet"
      title=${direction === null ? t('It is not known which way is better.') : ''}
      >${cells.best}</span
    >
    <span role="gridcell" class="number dim">${cells.bestStep}</span>
    ${
      view.other === null
        ? nothing
        : html`<span role="gridcell" class="number">${cells.other}</span>
            <span
              role="gridcell"
              class="number difference ${verdict}"
              aria-label="${cells.difference} ${verdictWord(verdict)}"
              title=${verdictWord(verdict)}
              >${cells.difference}</span
            >`
    }
    <span role="gridcell" aria-hidden="true">${sparkline(series, view.run.slot)}</span>`;
}

function verdictWord(verdict: MetricCells['comparison']['verdict']): string {
  switch (verdict) {
    case 'better':
      return t('better, beyond the spread over seeds');
    case 'worse':
      return t('worse, beyond the spread over seeds');
    case 'within':
      return t('within the spread over seeds');
    case 'equal':
      return t('equal');
    case 'unknown':
      return '';
  }
}

/** What the colours of the differences stand on. */
export function noiseNote(view: RunView): string {
  if (view.other === null) return '';
  const counts = view.noise.map(([, noise]) => noise.runCount);
  return counts.length === 0
    ? t('several seeds of one configuration would tell which differences count')
    : t('green: beyond the spread over seeds ({0} runs), ≈ within it', formatCount(Math.max(...counts)));
}
