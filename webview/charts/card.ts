import { html, nothing, render } from 'lit';
import type { ChartFilesHost } from '../../src/api/chartFiles';
import type { ChartRun, PageSeries } from '../../src/api/pages';
import { messageOf } from '../../src/base/errors';
import type { Goal } from '../../src/model/goal';
import type { RunId } from '../../src/model/run';
import { t } from '../ui/l10n';
import { openCardMenu } from './cardMenu';
import { summaryOf } from './lines/describe';
import { rowsOf } from './lines/rows';
import type { PreparedLines, Range } from './lines/types';
import { LinesView } from './lines/view';
import type { Theme } from './theme';
import { valuesTable } from './valuesTable';

/** What lies along the x axis of a page's charts: `time` counts from the start of each run. */
export type XAxis = 'step' | 'time';

/** What a card shows of the page's state; its points come by `setSeries`. */
export interface CardInput {
  readonly runs: readonly ChartRun[];
  readonly axis: XAxis;
  readonly logarithmic: boolean;
  readonly smoothing?: number;
  readonly ignoreOutliers: boolean;
  readonly hidden: ReadonlySet<RunId>;
  readonly emphasised: RunId | null;
  readonly bestRunId: RunId | null;
  readonly goal: Goal | null;
  /** The part of the x axis that is looked at; null: all of it. */
  readonly zoom: Range | null;
  readonly theme: Theme;
  readonly asTable: boolean;
  /** Instead of the metric's name. */
  readonly title?: string;
  /** Instead of how many runs there are and the best of them. */
  readonly summary?: string;
  /** A small chart, without buttons. */
  readonly isPlain?: boolean;
  /** Begins the scale at zero: for amounts, whose height is what counts. */
  readonly fromZero?: boolean;
}

/** What a card asks of the page. */
export interface CardHost extends ChartFilesHost {
  /** The runs whose note may get the chart. */
  noteRuns(): readonly ChartRun[];
  toggleLogarithmic(metric: string): void;
  toggleTable(metric: string): void;
  tryAgain(metric: string): void;
  /** The card must be drawn with the next frame. */
  invalidate(card: ChartCard): void;
  drawn(chart: PreparedLines): void;
  /** The cross-hair went to x, or away: other charts follow without their values. */
  cursorMoved(from: ChartCard, x: number | null): void;
  /** Looks at a part of the x axis, in all charts; null: at all of it. */
  zoom(range: Range | null): void;
}

/** The chart of one metric on a page that shows all metrics of its runs: title, drawing, table, what went wrong. */
export class ChartCard {
  readonly element = document.createElement('section');
  readonly series = new Map<RunId, PageSeries>();
  private readonly details = new Map<RunId, PageSeries>();
  isVisible = false;
  /** The sentence of the last failure; what is drawn stays. */
  problem: string | null = null;
  private input: CardInput | null = null;
  /** The height of the rectangle that was zoomed into: other charts have other heights. */
  private height: Range | null = null;
  private readonly head = document.createElement('header');
  private readonly table = document.createElement('div');
  private readonly note = document.createElement('div');
  private readonly view: LinesView;

  constructor(
    readonly metric: string,
    private readonly host: CardHost,
  ) {
    this.element.className = 'card';
    this.head.className = 'card-head';
    this.table.className = 'table-holder';
    this.note.className = 'note';
    this.view = new LinesView(
      {
        emphasise: () => undefined,
        openRun: () => undefined,
        cursorMoved: (x) => host.cursorMoved(this, x),
        zoom: (zoom) => {
          this.height = zoom?.y ?? null;
          host.zoom(zoom?.x ?? null);
        },
        toggleLogarithmic: () => host.toggleLogarithmic(metric),
      },
      false,
    );
    this.element.append(this.head, this.note, this.view.element, this.table);
    this.element.addEventListener('keydown', (event) => {
      if (this.view.onKey(event)) event.preventDefault();
    });
  }

  get width(): number {
    return this.element.clientWidth;
  }

  /** The best value over the runs that are shown, or null before there are points. */
  get summary(): PreparedLines | null {
    return this.view.prepared;
  }

  update(input: CardInput): void {
    if (input.zoom === null) this.height = null;
    this.input = input;
    this.host.invalidate(this);
  }

  setSeries(series: PageSeries): void {
    this.series.set(series.runId, series);
    this.host.invalidate(this);
  }

  /** Points of the part that is zoomed into. */
  setDetails(series: PageSeries): void {
    this.details.set(series.runId, series);
    this.host.invalidate(this);
  }

  clearDetails(): void {
    this.details.clear();
  }

  setProblem(problem: string | null): void {
    if (problem === this.problem) return;
    this.problem = problem;
    this.host.invalidate(this);
  }

  /** Draws what is known now. Called by the page, at most once a frame, and only for what is on the screen. */
  draw(): void {
    const { input } = this;
    if (input === null) return;
    const chart = this.view.update(
      {
        metric: this.metric,
        runs: input.runs.filter(({ runId }) => !input.hidden.has(runId)),
        series: byMetric(this.series),
        details: byMetric(this.details),
        axis: input.axis === 'time' ? { kind: 'relative' } : { kind: 'step' },
        smoothing: input.smoothing ?? 0,
        logarithmicX: false,
        logarithmicY: input.logarithmic,
        ignoreOutliers: input.ignoreOutliers,
        joinSeeds: false,
        params: new Map(),
        goal: input.goal,
        emphasised: input.emphasised,
        bestRunId: input.bestRunId,
        championId: null,
        zoom: input.zoom === null ? null : { x: input.zoom, y: this.height },
        fromZero: input.fromZero === true,
      },
      input.theme,
    );
    this.renderHead(chart, input);
    this.renderNote();
    this.view.element.hidden = input.asTable;
    this.table.hidden = !input.asTable;
    render(input.asTable ? valuesTable(this.metric, rowsOf(chart)) : nothing, this.table);
    // Filtered out: only its values are needed, for the page's head.
    if (this.element.isConnected) this.host.drawn(chart);
  }

  /** Shows the cross-hair of another chart. */
  followCursor(x: number | null): void {
    this.view.followCursor(x);
  }

  dispose(): void {
    this.view.dispose();
    this.element.remove();
  }

  private renderHead(chart: PreparedLines, input: CardInput): void {
    render(
      html`<h3 title=${this.metric}>${input.title ?? this.metric}</h3>
        <span class="dim">${input.summary ?? summaryOf(chart)}</span>
        <span class="card-actions" ?hidden=${input.isPlain === true}>
          <button
            class="icon word"
            aria-pressed=${input.logarithmic}
            title=${t('Logarithmic Axis (L)')}
            @click=${() => this.host.toggleLogarithmic(this.metric)}
          >
            ${t('log')}
          </button>
          <button
            class="icon codicon ${input.asTable ? 'codicon-graph-line' : 'codicon-table'}"
            title=${input.asTable ? t('Show as Chart') : t('Show as Table')}
            aria-label=${
              input.asTable ? t('Show {0} as Chart', this.metric) : t('Show {0} as Table', this.metric)
            }
            @click=${() => this.host.toggleTable(this.metric)}
          ></button>
          <button
            class="icon codicon codicon-ellipsis"
            aria-haspopup="menu"
            title=${t('More Actions…')}
            aria-label=${t('More Actions for {0}', this.metric)}
            @click=${(event: MouseEvent) => this.openMenu(event.currentTarget)}
          ></button>
        </span>`,
      this.head,
    );
  }

  private openMenu(anchor: EventTarget | null): void {
    if (!(anchor instanceof HTMLElement)) return;
    openCardMenu(anchor, {
      title: this.input?.title ?? this.metric,
      view: this.view,
      runs: this.host.noteRuns(),
      host: this.host,
      done: (work) => {
        work.then(
          () => this.setProblem(null),
          (error: unknown) => this.setProblem(messageOf(error)),
        );
      },
    });
  }

  private renderNote(): void {
    this.note.hidden = this.problem === null;
    render(
      this.problem === null
        ? nothing
        : html`<span class="error"
              ><i class="codicon codicon-error" aria-hidden="true"></i> ${this.problem}</span
            >
            <button class="link" @click=${() => this.host.tryAgain(this.metric)}>${t('Try Again')}</button>`,
      this.note,
    );
  }
}

function byMetric(
  series: ReadonlyMap<RunId, PageSeries>,
): ReadonlyMap<RunId, ReadonlyMap<string, PageSeries>> {
  return new Map([...series].map(([runId, one]) => [runId, new Map([[one.metric, one]])]));
}
