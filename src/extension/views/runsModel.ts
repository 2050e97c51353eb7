import type { ApiClient } from '../../api/client';
import type { FeedEvent } from '../../api/feed';
import { Emitter } from '../../base/events';
import type { Disposable } from '../../base/lifecycle';
import type { Experiment } from '../../model/experiment';
import type { Goal } from '../../model/goal';
import { type ExperimentId, type Run, type RunId, isRunId } from '../../model/run';

/** Rows of one list before "Show More…": enough for a day's work, and quick to draw. */
export const PAGE_SIZE = 200;

const RETRY_MS = 1_000; // While the server is away.

/** A list of runs, newest first, of which the newest `loaded` are here, and perhaps some that were looked up. */
interface RunList {
  readonly rows: RunRow[];
  /** How many of the newest are here without a gap. */
  loaded: number;
  /** How many there are. */
  total: number;
}

/** An experiment in the tree. The object stays the same while the experiment changes. */
export class ExperimentRow {
  readonly kind = 'experiment';
  /** Null until somebody unfolds it. */
  list: RunList | null = null;

  constructor(
    readonly model: RunsModel,
    public experiment: Experiment,
  ) {}

  get parent(): null {
    return null;
  }
}

/** A run in the tree. The object stays the same while the run changes, so that rows keep their selection. */
export class RunRow {
  readonly kind = 'run';
  list: RunList | null = null;

  constructor(
    readonly model: RunsModel,
    public run: Run,
    public parent: ExperimentRow | RunRow,
  ) {}

  get runId(): RunId {
    return this.run.runId;
  }

  get experiment(): Experiment {
    return this.parent.experiment;
  }

  get goal(): Goal | null {
    return this.experiment.goal;
  }

  get isBest(): boolean {
    return this.experiment.bestRunId === this.runId;
  }
}

/** The row "Show More…" at the end of a list. */
export class MoreRow {
  readonly kind = 'more';

  constructor(
    readonly parent: ExperimentRow | RunRow,
    readonly hiddenCount: number,
  ) {}
}

export type ModelRow = ExperimentRow | RunRow | MoreRow;

/** Rows that are to be drawn again, or 'all'. */
export type Redraw = readonly (ExperimentRow | RunRow)[] | 'all';

/**
 * What the tree shows of one folder. It holds what is on the screen only and asks the server again for what
 * the feed names, at most once every `intervalMs`: a busy run costs one small question, whatever its pace.
 */
export class RunsModel implements Disposable {
  private experiments: ExperimentRow[] | null = null;
  private readonly runs = new Map<RunId, RunRow>();
  private readonly redrawn: Emitter<Redraw>;
  private pending: Pending | null = null;
  private timer: NodeJS.Timeout | null = null;
  private loading: Promise<ExperimentRow[]> | null = null;
  private runningRuns: readonly Run[] = [];
  private disposed = false;
  private isFailing = false;

  constructor(
    /** Where the folder lies; part of the rows' ids. */
    readonly folder: string,
    private readonly client: () => Promise<ApiClient>,
    private readonly onError: (error: unknown) => void,
    private readonly intervalMs = 250, // Four times a second reads as live, and rows do not flicker.
  ) {
    this.redrawn = new Emitter<Redraw>(onError);
  }

  readonly onRedraw = (listener: (redraw: Redraw) => void): Disposable => this.redrawn.on(listener);

  /** The runs that are running now, newest first; at most ten are named. */
  get running(): readonly Run[] {
    return this.runningRuns;
  }

  get runningCount(): number {
    return (this.experiments ?? []).reduce((sum, { experiment }) => sum + experiment.runningCount, 0);
  }

  /** The experiments if they are known, without asking. */
  get known(): readonly ExperimentRow[] | null {
    return this.experiments;
  }

  row(runId: RunId): RunRow | undefined {
    return this.runs.get(runId);
  }

  /** Experiments that have runs or were asked for by name, newest first. */
  async roots(): Promise<readonly ExperimentRow[]> {
    if (this.experiments !== null) return this.experiments;
    this.loading ??= this.loadExperiments().finally(() => {
      this.loading = null;
    });
    return this.loading;
  }

  async children(parent: ExperimentRow | RunRow): Promise<readonly ModelRow[]> {
    const list = (parent.list ??= await this.loadList(parent, PAGE_SIZE));
    const hidden = list.total - list.rows.length;
    return hidden > 0 ? [...list.rows, new MoreRow(parent, hidden)] : list.rows;
  }

  /** Loads the next page of a list. */
  async showMore({ parent }: MoreRow): Promise<void> {
    const list = parent.list;
    if (list === null) return;
    const page = await this.fetchPage(parent, list.loaded, PAGE_SIZE);
    const looked = new Set(list.rows.slice(list.loaded).map(({ runId }) => runId));
    for (const run of page.runs) {
      looked.delete(run.runId);
      this.place(run, parent, list);
    }
    list.loaded += page.runs.length;
    list.total = Math.max(page.total, list.rows.length);
    this.redrawn.fire([parent]);
  }

  /** The row of a run, looked up on the server when it is not on the screen; null when there is no such run. */
  async find(runId: RunId): Promise<RunRow | null> {
    const known = this.runs.get(runId);
    if (known !== undefined) return known;
    const client = await this.client();
    const { runs } = await client.call('searchRuns', { runIds: [runId] });
    const run = runs[0];
    if (run === undefined) return null;
    const parent = run.parentRunId === null ? await this.experimentOf(run) : await this.find(run.parentRunId);
    if (parent === undefined || parent === null) return null;
    const list = (parent.list ??= await this.loadList(parent, PAGE_SIZE));
    const row = this.runs.get(runId) ?? this.place(run, parent, list);
    this.redrawn.fire([parent]);
    return row;
  }

  private async experimentOf({ experimentId }: Run): Promise<ExperimentRow | undefined> {
    const among = (rows: readonly ExperimentRow[]) =>
      rows.find(({ experiment }) => experiment.experimentId === experimentId);
    const known = await this.roots();
    const row = among(known);
    if (row !== undefined) return row;
    // It came up a moment ago, and the feed has not been heard yet.
    if (await this.refreshExperiments(known, new Set())) this.redrawn.fire('all');
    return among(await this.roots());
  }

  /** Takes in what the feed says. Rows follow within the interval. */
  hear(event: FeedEvent): void {
    this.pending ??= { runs: new Set(), reset: false };
    const pending = this.pending;
    for (const { runId } of event.runs) if (isRunId(runId)) pending.runs.add(runId);
    for (const { runId } of event.metrics)
      if (isRunId(runId) && this.runs.has(runId)) pending.runs.add(runId);
    pending.reset ||= event.reset;
    this.timer ??= setTimeout(() => void this.flush(), this.intervalMs);
  }

  dispose(): void {
    this.disposed = true;
    if (this.timer !== null) clearTimeout(this.timer);
    this.redrawn.dispose();
  }

  private async flush(): Promise<void> {
    const pending = this.pending;
    this.pending = null;
    let waitMs = this.intervalMs;
    try {
      if (pending !== null && this.experiments !== null) await this.apply(pending, this.experiments);
      this.isFailing = false;
    } catch (error) {
      // The server is away: what it said before is asked again when it is back, and said once in the log.
      if (!this.isFailing) this.onError(error);
      this.isFailing = true;
      this.pending = merged(pending, this.pending);
      waitMs = Math.max(waitMs, RETRY_MS);
    }
    const isMore = this.pending !== null && !this.disposed;
    this.timer = isMore ? setTimeout(() => void this.flush(), waitMs) : null;
  }

  private async apply(pending: Pending, before: readonly ExperimentRow[]): Promise<void> {
    if (pending.reset) {
      await this.reloadAll();
      return;
    }
    const redraw = new Set<ExperimentRow | RunRow>();
    const structureChanged = await this.refreshExperiments(before, redraw);
    const changed = await this.fetchRuns([...pending.runs]);
    for (const run of changed) this.update(run, redraw);
    for (const runId of pending.runs) {
      const gone = this.runs.get(runId);
      if (gone !== undefined && !changed.some((run) => run.runId === runId)) this.remove(gone, redraw);
    }
    this.redrawn.fire(structureChanged ? 'all' : topmost(redraw));
  }

  /** Asks for the experiments anew; true when the list itself is another one. */
  private async refreshExperiments(
    before: readonly ExperimentRow[],
    redraw: Set<ExperimentRow | RunRow>,
  ): Promise<boolean> {
    const client = await this.client();
    const [{ experiments }] = await Promise.all([
      client.call('listExperiments', {}),
      this.loadRunning(client),
    ]);
    const shown = visible(experiments);
    const rows = shown.map((experiment) => {
      const row = before.find((other) => other.experiment.experimentId === experiment.experimentId);
      if (row === undefined) return new ExperimentRow(this, experiment);
      const old = row.experiment;
      row.experiment = experiment;
      if (JSON.stringify(old.goal) !== JSON.stringify(experiment.goal)) {
        for (const run of row.list?.rows ?? []) redraw.add(run);
        redraw.add(row);
      } else if (
        old.name !== experiment.name ||
        old.runCount !== experiment.runCount ||
        old.runningCount !== experiment.runningCount
      ) {
        redraw.add(row);
      }
      if (old.bestRunId !== experiment.bestRunId) {
        for (const runId of [old.bestRunId, experiment.bestRunId]) {
          const run = runId === null ? undefined : this.runs.get(runId);
          if (run !== undefined) redraw.add(run);
        }
      }
      return row;
    });
    this.experiments = rows;
    return rows.length !== before.length || rows.some((row, index) => row !== before[index]);
  }

  private update(run: Run, redraw: Set<ExperimentRow | RunRow>): void {
    const row = this.runs.get(run.runId);
    if (row !== undefined) {
      if (run.deleted) {
        this.remove(row, redraw);
        return;
      }
      const moved = row.run.experimentId !== run.experimentId || row.run.parentRunId !== run.parentRunId;
      row.run = run;
      redraw.add(row);
      if (!moved) return;
      this.remove(row, redraw);
    }
    if (run.deleted) return;
    const parent = this.parentOf(run);
    if (parent === undefined) return;
    redraw.add(parent);
    const list = parent.list;
    if (list === null) return;
    const placed = this.place(run, parent, list);
    if (list.rows.indexOf(placed) < list.loaded || list.loaded === list.total) list.loaded++;
    list.total++;
  }

  private parentOf(run: Run): ExperimentRow | RunRow | undefined {
    if (run.parentRunId !== null) return this.runs.get(run.parentRunId);
    return this.experiments?.find(({ experiment }) => experiment.experimentId === run.experimentId);
  }

  /** Puts a run at its place in a list: newest first, of equals by id, so that rows never jump. */
  private place(run: Run, parent: ExperimentRow | RunRow, list: RunList): RunRow {
    const known = this.runs.get(run.runId);
    if (known !== undefined && list.rows.includes(known)) {
      known.run = run;
      return known;
    }
    const row = known ?? new RunRow(this, run, parent);
    row.run = run;
    row.parent = parent;
    this.runs.set(run.runId, row);
    const index = list.rows.findIndex((other) => isNewer(run, other.run));
    list.rows.splice(index === -1 ? list.rows.length : index, 0, row);
    return row;
  }

  private remove(row: RunRow, redraw: Set<ExperimentRow | RunRow>): void {
    this.runs.delete(row.runId);
    redraw.delete(row);
    const list = row.parent.list;
    if (list !== null) {
      const index = list.rows.indexOf(row);
      if (index !== -1) {
        list.rows.splice(index, 1);
        if (index < list.loaded) list.loaded--;
        list.total = Math.max(list.total - 1, list.rows.length);
      }
    }
    redraw.add(row.parent);
  }

  private async loadExperiments(): Promise<ExperimentRow[]> {
    const client = await this.client();
    const [{ experiments }] = await Promise.all([
      client.call('listExperiments', {}),
      this.loadRunning(client),
    ]);
    this.experiments = visible(experiments).map((experiment) => new ExperimentRow(this, experiment));
    return this.experiments;
  }

  private async loadRunning(client: ApiClient): Promise<void> {
    const { runs } = await client.call('searchRuns', { filter: "attributes.status = 'RUNNING'", limit: 10 });
    this.runningRuns = runs;
  }

  private async loadList(parent: ExperimentRow | RunRow, count: number): Promise<RunList> {
    const page = await this.fetchPage(parent, 0, count);
    const list: RunList = { rows: [], loaded: page.runs.length, total: page.total };
    for (const run of page.runs) this.place(run, parent, list);
    return list;
  }

  private async fetchPage(parent: ExperimentRow | RunRow, offset: number, limit: number) {
    const client = await this.client();
    return client.call('searchRuns', {
      ...(parent instanceof ExperimentRow
        ? { experimentIds: [parent.experiment.experimentId], parentRunId: null }
        : { parentRunId: parent.runId }),
      offset,
      limit,
    });
  }

  private async fetchRuns(runIds: readonly RunId[]): Promise<Run[]> {
    const client = await this.client();
    const found: Run[] = [];
    for (let from = 0; from < runIds.length; from += 1000) {
      const { runs } = await client.call('searchRuns', {
        runIds: runIds.slice(from, from + 1000),
        includeDeleted: true,
        limit: 1000,
      });
      found.push(...runs);
    }
    // Parents first, so that a child finds its place.
    return found.sort((a, b) => a.createdAt - b.createdAt);
  }

  /** The difference is not known any more: what is on the screen is asked for again, rows keep their place. */
  private async reloadAll(): Promise<void> {
    const lists = [...this.listed()].map((row) => ({ row, count: row.list?.loaded ?? 0 }));
    this.runs.clear();
    const old = this.experiments ?? [];
    await this.loadExperiments();
    for (const experiment of this.experiments ?? []) {
      const before = old.find((row) => row.experiment.experimentId === experiment.experiment.experimentId);
      const count = lists.find(({ row }) => row === before)?.count;
      if (count !== undefined) experiment.list = await this.loadList(experiment, Math.max(count, PAGE_SIZE));
    }
    this.redrawn.fire('all');
  }

  private *listed(): Iterable<ExperimentRow | RunRow> {
    for (const experiment of this.experiments ?? []) if (experiment.list !== null) yield experiment;
    for (const run of this.runs.values()) if (run.list !== null) yield run;
  }
}

interface Pending {
  readonly runs: Set<RunId>;
  reset: boolean;
}

function merged(a: Pending | null, b: Pending | null): Pending | null {
  if (a === null || b === null) return a ?? b;
  return { runs: new Set([...a.runs, ...b.runs]), reset: a.reset || b.reset };
}

/** MLflow always has an experiment "Default"; it is shown once it has a run. */
function visible(experiments: readonly Experiment[]): Experiment[] {
  return experiments
    .filter((experiment) => !experiment.deleted && (experiment.runCount > 0 || experiment.name !== 'Default'))
    .sort((a, b) => b.createdAt - a.createdAt || compareIds(b.experimentId, a.experimentId));
}

function compareIds(a: ExperimentId, b: ExperimentId): number {
  return Number(a) - Number(b);
}

function isNewer(run: Run, other: Run): boolean {
  return run.createdAt > other.createdAt || (run.createdAt === other.createdAt && run.runId > other.runId);
}

/** Redrawing a parent redraws its children: they need not be named too. */
function topmost(rows: ReadonlySet<ExperimentRow | RunRow>): (ExperimentRow | RunRow)[] {
  const isBelowAnother = (row: ExperimentRow | RunRow): boolean => {
    for (let up = row.parent; up !== null; up = up.parent) if (rows.has(up)) return true;
    return false;
  };
  return [...rows].filter((row) => !isBelowAnother(row));
}
