import type { ChangedMetrics, ChartRun, PageSeries } from '../../../src/api/pages';
import type { ExperimentHost } from '../../../src/api/experimentPage';
import { UserError, messageOf } from '../../../src/base/errors';
import type { ExperimentId, RunId } from '../../../src/model/run';
import { type Column, type RunColumns, type TableQuery, columnKey } from '../../../src/model/table';
import type { StepRange } from '../kind';

/** What the charts on the screen need, all together. */
export interface Needs {
  readonly query: TableQuery;
  readonly experimentId: ExperimentId;
  /** The runs of the charts, each once. */
  readonly runs: readonly RunId[];
  /** Params to know of each run; empty: none are needed. */
  readonly params: readonly string[];
  readonly series: readonly { readonly runId: RunId; readonly metric: string }[];
  readonly on: readonly Column[];
  readonly table: readonly Column[];
  /** Parts that are zoomed into, by chart. */
  readonly parts: readonly Part[];
  /** The width of the widest chart. */
  readonly pixels: number;
}

export interface Part {
  readonly chartId: string;
  readonly range: StepRange;
  readonly series: readonly { readonly runId: RunId; readonly metric: string }[];
}

export interface ReaderHost {
  readonly host: Pick<ExperimentHost, 'readSeries' | 'readColumns'>;
  /** Null: nothing is on the screen. */
  needs(): Needs | null;
  /** Something arrived or failed: charts that show it are to be drawn. Null: any. */
  arrived(metrics: ReadonlySet<string> | null): void;
  busy(isBusy: boolean): void;
}

/** What is known of a run besides its points. */
export interface RunFacts {
  readonly run: Omit<ChartRun, 'slot'>;
  readonly params: Readonly<Record<string, string>>;
}

type SeriesByRun = Map<RunId, Map<string, PageSeries>>;

const MAX_SERIES = 1_000; // Of one request: 20 charts of 50 runs.
const MAX_TABLE_RUNS = 10_000; // As many as a chart of all runs can draw.
const COLUMNS_EVERY_MS = 2_000; // Charts of values may change that often; lines are live.

/**
 * Reads for all charts on the screen at once, one request at a time: what changes faster than it can be read is merged
 * and never queues up. Nothing is asked for that is not on the screen.
 */
export class BoardReader {
  readonly series: SeriesByRun = new Map();
  readonly parts = new Map<string, { readonly range: StepRange; readonly series: SeriesByRun }>();
  facts: ReadonlyMap<RunId, RunFacts> = new Map();
  on: RunColumns | null = null;
  table: RunColumns | null = null;
  /** The columns of `on` and `table`, in their order. */
  onColumns: readonly Column[] = [];
  tableColumns: readonly Column[] = [];
  /** Sentences by metric; '' is what is not of one metric. */
  readonly problems = new Map<string, string>();
  private readonly fresh = new Map<RunId, Set<string>>();
  private readonly freshParts = new Set<string>();
  private factsKey = '';
  private onKey = '';
  private tableKey = '';
  private columnsAt = 0;
  private columnsTimer: ReturnType<typeof setTimeout> | undefined;
  private isAsking = false;

  constructor(private readonly owner: ReaderHost) {}

  /** Points of these are out of date. */
  changed(changed: readonly ChangedMetrics[]): void {
    for (const { runId, names } of changed) {
      const fresh = this.fresh.get(runId);
      for (const name of names) fresh?.delete(name);
    }
    this.freshParts.clear();
    this.look();
  }

  /** Values of runs are out of date; they are read again at most every two seconds. */
  rowsChanged(): void {
    if (this.columnsTimer !== undefined) return;
    const wait = Math.max(0, this.columnsAt + COLUMNS_EVERY_MS - Date.now());
    this.columnsTimer = setTimeout(() => {
      this.columnsTimer = undefined;
      this.factsKey = this.onKey = this.tableKey = '';
      this.look();
    }, wait);
  }

  /** Everything is out of date; what is known stays until it is read again. */
  everythingChanged(): void {
    this.fresh.clear();
    this.rowsChanged();
    this.freshParts.clear();
    this.look();
  }

  /** Asks once more for what failed. */
  tryAgain(): void {
    this.problems.clear();
    this.everythingChanged();
  }

  /** Forgets runs that no chart shows. */
  keep(runs: ReadonlySet<RunId>): void {
    for (const runId of this.series.keys()) {
      if (runs.has(runId)) continue;
      this.series.delete(runId);
      this.fresh.delete(runId);
    }
  }

  /** Forgets a metric that no chart on the board shows any more. */
  forgetMetric(metric: string): void {
    for (const runs of this.series.values()) runs.delete(metric);
    for (const names of this.fresh.values()) names.delete(metric);
  }

  /** To be called when something else is on the screen. */
  look(): void {
    void this.ask();
  }

  dispose(): void {
    clearTimeout(this.columnsTimer);
  }

  private async ask(): Promise<void> {
    if (this.isAsking) return;
    this.isAsking = true;
    try {
      for (let jobs = this.next(); jobs.length > 0; jobs = this.next()) {
        this.owner.busy(true);
        await Promise.all(jobs.map((job) => this.perform(job)));
      }
    } finally {
      this.isAsking = false;
      this.owner.busy(false);
    }
  }

  /** What there is to do now; nothing when all is known. */
  private next(): readonly Job[] {
    if (document.visibilityState === 'hidden') return [];
    const needs = this.owner.needs();
    if (needs === null) return [];
    const jobs: Job[] = [];
    const factsKey = JSON.stringify([needs.query, needs.runs, needs.params]);
    if (factsKey !== this.factsKey) {
      this.factsKey = factsKey;
      jobs.push({ metrics: null, run: () => this.readFacts(needs) });
    }
    const wanted = needs.series.filter(({ runId, metric }) => this.fresh.get(runId)?.has(metric) !== true);
    if (wanted.length > 0) jobs.push(this.readSeries(wanted.slice(0, MAX_SERIES), needs.pixels));
    jobs.push(...this.columnJobs(needs));
    for (const part of needs.parts) {
      const key = partKey(part);
      if (this.freshParts.has(key)) continue;
      this.freshParts.add(key);
      jobs.push({
        metrics: new Set(part.series.map(({ metric }) => metric)),
        run: () => this.readPart(part, needs.pixels),
      });
    }
    return jobs;
  }

  private columnJobs(needs: Needs): readonly Job[] {
    const jobs: Job[] = [];
    const onKey = JSON.stringify([needs.query, needs.runs, needs.on]);
    if (needs.on.length > 0 && onKey !== this.onKey) {
      this.onKey = onKey;
      jobs.push({
        metrics: null,
        run: async () => {
          const { query, runs, on } = needs;
          this.on = await this.readColumns(query, runs, on, runs.length);
          this.onColumns = on;
        },
      });
    }
    const tableKey = JSON.stringify([needs.query, needs.table]);
    if (needs.table.length > 0 && tableKey !== this.tableKey) {
      this.tableKey = tableKey;
      jobs.push({
        metrics: null,
        run: async () => {
          this.table = await this.readColumns(needs.query, null, needs.table, MAX_TABLE_RUNS);
          this.tableColumns = needs.table;
        },
      });
    }
    return jobs;
  }

  private async perform({ metrics, run }: Job): Promise<void> {
    try {
      await run();
      for (const metric of metrics ?? ['']) this.problems.delete(metric);
    } catch (error) {
      // Hidden or closed: the next page asks for everything.
      if (error instanceof UserError && error.code === 'page-closed') return;
      for (const metric of metrics ?? ['']) this.problems.set(metric, messageOf(error));
    }
    this.owner.arrived(metrics);
  }

  private readSeries(wanted: Needs['series'], pixels: number): Job {
    for (const { runId, metric } of wanted) {
      const fresh = this.fresh.get(runId);
      if (fresh === undefined) this.fresh.set(runId, new Set([metric]));
      else fresh.add(metric);
    }
    return {
      metrics: new Set(wanted.map(({ metric }) => metric)),
      run: async () => {
        put(this.series, await this.owner.host.readSeries({ series: wanted, pixels }));
      },
    };
  }

  private async readPart(part: Part, pixels: number): Promise<void> {
    const read = await this.owner.host.readSeries({
      series: part.series,
      pixels,
      fromStep: part.range.from,
      toStep: part.range.to,
    });
    const series: SeriesByRun = new Map();
    put(series, read);
    this.parts.set(part.chartId, { range: part.range, series });
  }

  private readColumns(
    query: TableQuery,
    runIds: readonly RunId[] | null,
    columns: readonly Column[],
    limit: number,
  ): Promise<RunColumns> {
    this.columnsAt = Date.now();
    return this.owner.host.readColumns({ query, runIds, columns, limit: Math.max(1, limit) });
  }

  private async readFacts({ query, runs, params, experimentId }: Needs): Promise<void> {
    if (runs.length === 0) {
      this.facts = new Map();
      return;
    }
    const columns: readonly Column[] = [
      { kind: 'attribute', name: 'started' },
      ...params.map((name): Column => ({ kind: 'param', name })),
    ];
    const read = await this.readColumns(query, runs, columns, runs.length);
    const [started, ...values] = read.cells;
    this.facts = new Map(
      read.runIds.map((runId, index) => {
        const startedAt = started?.[index];
        const known = params.flatMap((name, column) => {
          const value = values[column]?.[index];
          return value === null || value === undefined ? [] : [[name, String(value)] as const];
        });
        return [
          runId,
          {
            run: {
              runId,
              experimentId,
              experiment: '',
              name: read.names[index] ?? runId,
              state: read.states[index] ?? 'finished',
              reason: null,
              startedAt: typeof startedAt === 'number' ? startedAt : null,
              hasOutput: false,
              metrics: [],
            },
            params: Object.fromEntries(known),
          },
        ];
      }),
    );
  }
}

interface Job {
  /** Of which metrics it is; null: of none. */
  readonly metrics: ReadonlySet<string> | null;
  readonly run: () => Promise<void>;
}

function put(series: SeriesByRun, read: readonly PageSeries[]): void {
  for (const one of read) {
    const metrics = series.get(one.runId);
    if (metrics === undefined) series.set(one.runId, new Map([[one.metric, one]]));
    else metrics.set(one.metric, one);
  }
}

function partKey({ chartId, range, series }: Part): string {
  return JSON.stringify([chartId, range, series]);
}

/**
 * Of columns that were read for all charts those that one asked for, in its order, of its runs (null: all). Null when
 * they are not all there yet.
 */
export function projected(
  read: RunColumns | null,
  columns: readonly Column[],
  wanted: readonly Column[],
  runs: ReadonlySet<RunId> | null,
): RunColumns | null {
  if (read === null) return null;
  const places = new Map(columns.map((column, index) => [columnKey(column), index]));
  const cells = wanted.map((column) => read.cells[places.get(columnKey(column)) ?? -1]);
  const rows = runs === null ? null : read.runIds.flatMap((runId, index) => (runs.has(runId) ? [index] : []));
  const pick = <T>(all: readonly T[]): readonly T[] =>
    rows === null
      ? all
      : rows.flatMap((index) => {
          const one = all[index];
          return one === undefined ? [] : [one];
        });
  const found = cells.flatMap((column) => (column === undefined ? [] : [pick(column)]));
  if (found.length < wanted.length) return null;
  return {
    runIds: pick(read.runIds),
    names: pick(read.names),
    states: pick(read.states),
    cells: found,
    runCount: rows === null ? read.runCount : rows.length,
  };
}
