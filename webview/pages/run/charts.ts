import type { ChartFilesHost } from '../../../src/api/chartFiles';
import type { ChartRun, PageSeries } from '../../../src/api/pages';
import type { PageRun, RunView } from '../../../src/api/runPage';
import { ChartCard } from '../../charts/card';
import { CardDrawer } from '../../charts/cardDrawer';
import type { Range } from '../../charts/lines/types';
import type { Theme } from '../../charts/theme';
import { t } from '../../ui/l10n';
import { Loader, type Wanted } from '../loader';
import type { RunMemory } from './memory';
import { MetricTable, systemTitle } from './metrics';

export interface RunChartsHost extends ChartFilesHost {
  readSeries(request: { series: readonly Wanted[]; pixels: number }): Promise<readonly PageSeries[]>;
  toggleLogarithmic(metric: string): void;
  toggleTable(metric: string): void;
  busy(isBusy: boolean): void;
}

/** The charts of a run's page: those of its metrics with the other run's line, and those of its process. */
export class RunCharts {
  private readonly cards = new Map<string, ChartCard>();
  private view: RunView | null = null;
  private metrics: readonly string[] = [];
  private system: readonly string[] = [];
  private zoom: Range | null = null;
  private readonly loader: Loader;
  private readonly drawer = new CardDrawer({ looked: () => this.loader.look() });

  constructor(private readonly host: RunChartsHost) {
    this.loader = new Loader({
      isVisible: (metric) => this.cards.get(metric)?.isVisible === true,
      pixels: () => Math.min(10_000, Math.max(200, ...[...this.cards.values()].map((card) => card.width))),
      readSeries: (request) => this.host.readSeries(request),
      take: (series, asked) => {
        for (const { metric } of asked) this.cards.get(metric)?.setProblem(null);
        for (const one of series) this.cards.get(one.metric)?.setSeries(one);
        // Means are of the points.
        if (series.some(({ metric }) => metric.startsWith('system/'))) this.redraw();
      },
      failed: (metrics, problem) => {
        for (const metric of metrics) this.cards.get(metric)?.setProblem(problem);
      },
      busy: (wanted) => this.host.busy(wanted.length > 0),
    });
  }

  /** What a page that measures waits for: points on the screen by metric. */
  readonly drawn: Record<string, number> = {};

  /** The elements of the charts, in order. */
  elements(metrics: readonly string[]): readonly HTMLElement[] {
    return metrics.map((metric) => this.card(metric).element);
  }

  show(
    view: RunView,
    metrics: readonly string[],
    system: readonly string[],
    memory: RunMemory,
    theme: Theme,
  ): void {
    const before = this.view;
    const known = new Set(this.cards.keys());
    this.view = view;
    this.metrics = metrics;
    this.system = system;
    const wanted = new Set([...metrics, ...system]);
    for (const [metric, card] of this.cards) {
      if (wanted.has(metric)) continue;
      this.drawer.unobserve(card);
      card.dispose();
      this.cards.delete(metric);
    }
    const kept = new Set([view.run.runId, view.other?.run.runId]);
    for (const metric of wanted) {
      const card = this.card(metric);
      for (const runId of card.series.keys()) if (!kept.has(runId)) card.series.delete(runId);
      this.update(metric, memory, theme);
    }
    const isOther = before?.other?.run.runId !== view.other?.run.runId;
    const fresh = [...wanted].filter((metric) => isOther || !known.has(metric));
    this.loader.want(fresh.flatMap((metric) => this.wantedOf(metric)));
  }

  /** New points of a run. */
  changed(runId: string, names: readonly string[] | null): void {
    const wanted = [...this.metrics, ...this.system].filter((metric) => names?.includes(metric) ?? true);
    this.loader.want(wanted.flatMap((metric) => this.wantedOf(metric).filter((one) => one.runId === runId)));
  }

  private wantedOf(metric: string): readonly Wanted[] {
    return this.runsOf(metric).map(({ runId }) => ({ runId, metric }));
  }

  private runsOf(metric: string): readonly PageRun[] {
    const { view } = this;
    if (view === null) return [];
    const isSystem = metric.startsWith('system/');
    const runs = view.other === null || isSystem ? [view.run] : [view.run, view.other.run];
    return runs.filter((run) => run.metrics.names.includes(metric));
  }

  private update(metric: string, memory: RunMemory, theme: Theme): void {
    const { view } = this;
    if (view === null) return;
    const isSystem = metric.startsWith('system/');
    const runs = this.runsOf(metric);
    this.card(metric).update({
      runs: runs.map((run) => toChartRun(run, view)),
      axis: isSystem ? 'time' : 'step',
      logarithmic: memory.logarithmic.includes(metric),
      ignoreOutliers: false,
      hidden: new Set(),
      emphasised: null,
      bestRunId: view.run.runId,
      goal: view.goal,
      zoom: isSystem ? null : this.zoom,
      theme,
      asTable: memory.asTable.includes(metric),
      ...(isSystem
        ? {
            ...systemWords(metric, this.card(metric).series.get(view.run.runId), view.run),
            isPlain: true,
            fromZero: true,
          }
        : { summary: runs.length > 1 && view.other?.isChampion === true ? t('with champion') : '' }),
    });
  }

  private card(metric: string): ChartCard {
    const known = this.cards.get(metric);
    if (known !== undefined) return known;
    const card = new ChartCard(metric, {
      toggleLogarithmic: (name) => this.host.toggleLogarithmic(name),
      toggleTable: (name) => this.host.toggleTable(name),
      tryAgain: (name) => this.loader.want(this.wantedOf(name)),
      invalidate: (changed) => this.drawer.invalidate(changed),
      noteRuns: () => (this.view === null ? [] : [toChartRun(this.view.run, this.view)]),
      saveFile: (request) => this.host.saveFile(request),
      addToNote: (request) => this.host.addToNote(request),
      drawn: (chart) => {
        this.drawn[chart.metric] = chart.count;
        document.body.dataset.drawn = JSON.stringify(this.drawn);
      },
      zoom: (range) => {
        this.zoom =
          range === null
            ? null
            : { min: Math.floor(range.min), max: Math.max(Math.ceil(range.max), Math.floor(range.min) + 1) };
        this.redraw();
      },
      cursorMoved: (from, x) => {
        const isSystem = from.metric.startsWith('system/');
        for (const other of this.cards.values()) {
          const isLike = other.metric.startsWith('system/') === isSystem;
          if (other !== from && other.isVisible && isLike) other.followCursor(x);
        }
      },
    });
    card.element.classList.toggle('small-card', metric.startsWith('system/'));
    this.cards.set(metric, card);
    this.drawer.observe(card);
    return card;
  }

  /** Set by the page with each showing: how it looks now. */
  redraw: () => void = () => undefined;
}

function toChartRun(run: PageRun, view: RunView): ChartRun {
  const isOther = run !== view.run;
  return {
    runId: run.runId,
    experimentId: run.experimentId,
    experiment: run.experiment,
    name: isOther && view.other?.isChampion === true ? t('{0}, champion', run.name) : run.name,
    state: run.state,
    reason: run.reason,
    startedAt: run.startedAt,
    hasOutput: run.hasOutput,
    slot: run.slot,
    metrics: run.metrics.names,
  };
}

/** `CPU utilization` and `mean 97 %`: of what is in percent the mean, of amounts the peak. */
function systemWords(
  metric: string,
  series: PageSeries | undefined,
  run: PageRun,
): { readonly title: string; readonly summary: string } {
  const { title, unit } = systemTitle(metric);
  const values = [...(series?.values ?? [])].filter(Number.isFinite);
  const peak = new MetricTable(run.metrics).get(metric)?.max ?? NaN;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const shown = unit === '%' ? mean : peak;
  const number = Math.abs(shown) >= 100 ? String(Math.round(shown)) : String(Number(shown.toPrecision(3)));
  const text = Number.isFinite(shown) ? `${number} ${unit}`.trim() : '';
  return { title, summary: text === '' ? '' : unit === '%' ? t('mean {0}', text) : t('peak {0}', text) };
}
