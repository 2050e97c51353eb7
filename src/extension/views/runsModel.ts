import type { ApiClient } from '../../api/client';
import type { FeedEvent } from '../../api/feed';
import { Emitter } from '../../base/events';
import type { Disposable } from '../../base/lifecycle';
import type { Experiment } from '../../model/experiment';
import type { Goal } from '../../model/goal';
import { type ExperimentId, type Run, type RunId, TAGS, isRunId } from '../../model/run';
import { type RunGroup, groupValueOf, readGroups } from './runGroups';
import { readRunPage } from './runPages';
import { PLAIN_CHOICE, type TreeChoice, isNested, isPlain } from './treeChoice';

/** Rows of one list before "Show More…": enough for a day's work, and quick to draw. */
export const PAGE_SIZE = 200;

const RETRY_MS = 1_000; // While the server is away.
const SORTED_MS = 2_100; // Rows that are sorted or grouped move at most this often; the server's order stands 2 s.
const MOST_KEPT = 1_000; // Rows of a list that are read again when it changes; more are asked for again.

/** A list of runs in its order, of which the first `loaded` are here, and perhaps some that were looked up. */
interface RunList {
  readonly rows: RunRow[];
  /** How many of the first are here without a gap. */
  loaded: number;
  /** How many there are; at least, when `isOpen`. */
  total: number;
  /** More than are here, and nobody counted them. */
  isOpen: boolean;
}

/** An experiment in the tree. The object stays the same while the experiment changes. */
export class ExperimentRow {
  readonly kind = 'experiment';
  /** Null until somebody unfolds it. */
  list: RunList | null = null;
  /** What stands under it when runs are grouped; null until somebody unfolds it. */
  groups: readonly GroupRow[] | null = null;
  /** Runs that fulfil the filter; null without one, or before they were counted. */
  matchCount: number | null = null;

  constructor(
    readonly model: RunsModel,
    public experiment: Experiment,
  ) {}

  get parent(): null {
    return null;
  }
}

/** A group of an experiment's runs. The object stays the same while the group changes. */
export class GroupRow {
  readonly kind = 'group';
  list: RunList | null = null;

  constructor(
    readonly model: RunsModel,
    public group: RunGroup,
    readonly parent: ExperimentRow,
  ) {}

  get experiment(): Experiment {
    return this.parent.experiment;
  }
}

/** What runs stand under. */
export type ListRow = ExperimentRow | GroupRow | RunRow;

/** A run in the tree. The object stays the same while the run changes, so that rows keep their selection. */
export class RunRow {
  readonly kind = 'run';
  list: RunList | null = null;

  constructor(
    readonly model: RunsModel,
    public run: Run,
    public parent: ListRow,
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

  get isChampion(): boolean {
    return this.model.isChampion(this.runId);
  }

  get isStarred(): boolean {
    return this.run.tags[TAGS.starred] === 'true';
  }

  get isArchived(): boolean {
    return this.run.tags[TAGS.archived] === 'true';
  }

  /** Whether its children stand under it. */
  get hasChildren(): boolean {
    return this.run.childCount > 0 && isNested(this.model.choice);
  }
}

/** The row "Show More…" at the end of a list. */
export class MoreRow {
  readonly kind = 'more';

  constructor(
    readonly parent: ListRow,
    /** Null when nobody counted them. */
    readonly hiddenCount: number | null,
  ) {}
}

export type ModelRow = ExperimentRow | GroupRow | RunRow | MoreRow;

/** Rows that are to be drawn again, or 'all'. */
export type Redraw = readonly ListRow[] | 'all';

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
  private champions: ReadonlySet<RunId> = new Set();
  private sortTimer: NodeJS.Timeout | null = null;
  private sortedAt = -Infinity;
  private changedAt = -Infinity;
  /** Counts the choices, so that what was read for an earlier one is not taken. */
  private generation = 0;
  private disposed = false;
  private isFailing = false;

  constructor(
    /** Where the folder lies; part of the rows' ids. */
    readonly folder: string,
    private readonly client: () => Promise<ApiClient>,
    private readonly onError: (error: unknown) => void,
    private readonly intervalMs = 250, // Four times a second reads as live, and rows do not flicker.
    private current: TreeChoice = PLAIN_CHOICE,
  ) {
    this.redrawn = new Emitter<Redraw>(onError);
  }

  readonly onRedraw = (listener: (redraw: Redraw) => void): Disposable => this.redrawn.on(listener);

  /** How the runs are grouped, sorted and filtered. */
  get choice(): TreeChoice {
    return this.current;
  }

  /** Shows the runs otherwise. What is on the screen stays until it is read anew. */
  choose(choice: TreeChoice): void {
    this.current = choice;
    this.generation += 1;
    this.runs.clear();
    for (const experiment of this.experiments ?? []) {
      experiment.list = null;
      experiment.groups = null;
      experiment.matchCount = null;
    }
    this.redrawn.fire('all');
  }

  isChampion(runId: RunId): boolean {
    return this.champions.has(runId);
  }

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

  async children(parent: ListRow): Promise<readonly ModelRow[]> {
    if (parent instanceof ExperimentRow && this.isGrouped) {
      return (parent.groups ??= await this.loadGroups(parent));
    }
    const list = await this.listOf(parent);
    const hidden = list.total - list.rows.length;
    if (list.isOpen) return [...list.rows, new MoreRow(parent, null)];
    return hidden > 0 ? [...list.rows, new MoreRow(parent, hidden)] : list.rows;
  }

  private get isGrouped(): boolean {
    return !['parent', 'none'].includes(this.current.grouping.kind);
  }

  private async listOf(parent: ListRow): Promise<RunList> {
    return (parent.list ??= await this.loadList(parent, PAGE_SIZE));
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
    list.isOpen = page.total === null;
    list.total = Math.max(page.total ?? 0, list.rows.length);
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
    const parent = await this.placeOf(run);
    if (parent === undefined || parent === null) return null;
    const list = await this.listOf(parent);
    const row = this.runs.get(runId) ?? this.place(run, parent, list);
    this.redrawn.fire([parent]);
    return row;
  }

  /** What a run stands under; undefined or null when that is not to be found. */
  private async placeOf(run: Run): Promise<ListRow | undefined | null> {
    if (isNested(this.current) && run.parentRunId !== null) return this.find(run.parentRunId);
    const experiment = await this.experimentOf(run);
    if (experiment === undefined || !this.isGrouped) return experiment;
    const groups = (experiment.groups ??= await this.loadGroups(experiment));
    const value = groupValueOf(run, this.current);
    return groups.find(({ group }) => group.value === value) ?? groups.at(-1);
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
    this.pending ??= { runs: new Set(), reset: false, promotions: false };
    const pending = this.pending;
    for (const { runId } of event.runs) if (isRunId(runId)) pending.runs.add(runId);
    for (const { runId } of event.metrics)
      if (isRunId(runId) && this.runs.has(runId)) pending.runs.add(runId);
    pending.reset ||= event.reset;
    pending.promotions ||= event.promotions;
    this.timer ??= setTimeout(() => void this.flush(), this.intervalMs);
  }

  dispose(): void {
    this.disposed = true;
    if (this.timer !== null) clearTimeout(this.timer);
    if (this.sortTimer !== null) clearTimeout(this.sortTimer);
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
    const redraw = new Set<ListRow>();
    if (pending.promotions) await this.refreshChampions(redraw);
    const structureChanged = await this.refreshExperiments(before, redraw);
    const changed = await this.fetchRuns([...pending.runs]);
    for (const run of changed) this.update(run, redraw);
    for (const runId of pending.runs) {
      const gone = this.runs.get(runId);
      if (gone !== undefined && !changed.some((run) => run.runId === runId)) this.remove(gone, redraw);
    }
    this.redrawn.fire(structureChanged ? 'all' : topmost(redraw));
    if (!isPlain(this.current) && pending.runs.size > 0) this.sortSoon();
  }

  /**
   * Rows that are sorted, grouped or filtered may stand elsewhere now: the lists are read again soon, and once more
   * when the server, too, has let the order stand still for as long as it does.
   */
  private sortSoon(): void {
    this.changedAt = performance.now();
    this.sortAt(this.sortedAt + SORTED_MS);
  }

  private sortAt(at: number): void {
    this.sortTimer ??= setTimeout(
      () => {
        this.sortedAt = performance.now();
        this.sortAnew()
          .catch((error: unknown) => this.onError(error))
          .finally(() => {
            this.sortTimer = null;
            if (!this.disposed && this.changedAt + SORTED_MS > this.sortedAt)
              this.sortAt(this.changedAt + SORTED_MS);
          });
      },
      Math.max(0, at - performance.now()),
    );
  }

  private async sortAnew(): Promise<void> {
    const { generation } = this;
    for (const experiment of this.experiments ?? []) {
      if (experiment.groups !== null) {
        const groups = await this.loadGroups(experiment);
        if (generation !== this.generation) return;
        for (const group of groups) await this.readAgain(group);
        experiment.groups = groups;
      }
      await this.readAgain(experiment);
    }
    for (const run of [...this.runs.values()]) await this.readAgain(run);
    if (generation === this.generation && !this.disposed) this.redrawn.fire('all');
  }

  private async readAgain(parent: ListRow): Promise<void> {
    const { list } = parent;
    if (list === null) return;
    const fresh = await this.loadList(parent, Math.min(MOST_KEPT, Math.max(PAGE_SIZE, list.loaded)));
    parent.list = fresh;
  }

  private async refreshChampions(redraw: Set<ListRow>): Promise<void> {
    const before = this.champions;
    await this.loadChampions(await this.client());
    for (const runId of new Set([...before, ...this.champions])) {
      const row = this.runs.get(runId);
      if (row !== undefined && before.has(runId) !== this.champions.has(runId)) redraw.add(row);
    }
  }

  /** Of each experiment the promotion that was not undone since. */
  private async loadChampions(client: ApiClient): Promise<void> {
    const { promotions } = await client.call('listPromotions', {});
    const latest = new Map<string, (typeof promotions)[number]>();
    for (const one of promotions) {
      const known = latest.get(one.experiment);
      if (one.undoneAt === null && (known === undefined || one.promotedAt > known.promotedAt)) {
        latest.set(one.experiment, one);
      }
    }
    this.champions = new Set([...latest.values()].map(({ runId }) => runId));
  }

  /** Asks for the experiments anew; true when the list itself is another one. */
  private async refreshExperiments(before: readonly ExperimentRow[], redraw: Set<ListRow>): Promise<boolean> {
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

  private update(run: Run, redraw: Set<ListRow>): void {
    const row = this.runs.get(run.runId);
    if (row !== undefined) {
      if (run.deleted) {
        this.remove(row, redraw);
        return;
      }
      const moved = row.run.experimentId !== run.experimentId || row.run.parentRunId !== run.parentRunId;
      row.run = run;
      redraw.add(row);
      if (this.isHidden(run)) {
        this.remove(row, redraw);
        return;
      }
      if (!moved || !isPlain(this.current)) return;
      this.remove(row, redraw);
    }
    // Elsewhere a new run gets its place when the lists are read again.
    if (run.deleted || this.isHidden(run) || !isPlain(this.current)) return;
    const parent = this.parentOf(run);
    if (parent === undefined) return;
    redraw.add(parent);
    const list = parent.list;
    if (list === null) return;
    const placed = this.place(run, parent, list);
    if (list.rows.indexOf(placed) < list.loaded || list.loaded === list.total) list.loaded++;
    list.total++;
  }

  private isHidden(run: Run): boolean {
    return !this.current.showsArchived && run.tags[TAGS.archived] === 'true';
  }

  private parentOf(run: Run): ListRow | undefined {
    if (isNested(this.current) && run.parentRunId !== null) return this.runs.get(run.parentRunId);
    return this.experiments?.find(({ experiment }) => experiment.experimentId === run.experimentId);
  }

  /**
   * Puts a run at its place in a list: newest first, of equals by id, so that rows never jump; in any other order
   * behind what is there.
   */
  private place(run: Run, parent: ListRow, list: RunList): RunRow {
    const known = this.runs.get(run.runId);
    if (known !== undefined && list.rows.includes(known)) {
      known.run = run;
      return known;
    }
    const row = known ?? new RunRow(this, run, parent);
    row.run = run;
    row.parent = parent;
    this.runs.set(run.runId, row);
    const index = isPlain(this.current) ? list.rows.findIndex((other) => isNewer(run, other.run)) : -1;
    list.rows.splice(index === -1 ? list.rows.length : index, 0, row);
    return row;
  }

  private remove(row: RunRow, redraw: Set<ListRow>): void {
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
      this.loadChampions(client),
    ]);
    this.experiments = visible(experiments).map((experiment) => new ExperimentRow(this, experiment));
    return this.experiments;
  }

  private async loadRunning(client: ApiClient): Promise<void> {
    const { runs } = await client.call('searchRuns', { filter: "attributes.status = 'RUNNING'", limit: 10 });
    this.runningRuns = runs;
  }

  private async loadList(parent: ListRow, count: number): Promise<RunList> {
    for (;;) {
      const { generation } = this;
      const page = await this.fetchPage(parent, 0, count);
      if (generation !== this.generation) continue; // The person chose anew meanwhile.
      const list: RunList = {
        rows: [],
        loaded: page.runs.length,
        total: page.total ?? page.runs.length,
        isOpen: page.total === null,
      };
      for (const run of page.runs) this.place(run, parent, list);
      if (parent instanceof ExperimentRow && this.current.filter !== '') parent.matchCount = page.total;
      return list;
    }
  }

  private async loadGroups(experiment: ExperimentRow): Promise<readonly GroupRow[]> {
    for (;;) {
      const { generation } = this;
      const known = new Map(experiment.groups?.map((row) => [row.group.value, row]));
      const groups = await readGroups(await this.client(), experiment.experiment, this.current);
      if (generation !== this.generation) continue;
      if (this.current.filter !== '') {
        experiment.matchCount = groups.reduce((sum, { runCount }) => sum + runCount, 0);
      }
      return groups.map((group) => {
        const row = known.get(group.value);
        if (row === undefined) return new GroupRow(this, group, experiment);
        row.group = group;
        return row;
      });
    }
  }

  private async fetchPage(parent: ListRow, offset: number, limit: number) {
    const list = {
      experiment: parent.experiment,
      parent: parent instanceof RunRow ? parent.runId : null,
      clause: parent instanceof GroupRow ? parent.group.clause : null,
    };
    return readRunPage(await this.client(), list, this.current, offset, limit);
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
      if (count !== undefined) {
        experiment.list = await this.loadList(experiment, Math.min(MOST_KEPT, Math.max(count, PAGE_SIZE)));
      }
    }
    this.redrawn.fire('all');
  }

  private *listed(): Iterable<ListRow> {
    for (const experiment of this.experiments ?? []) if (experiment.list !== null) yield experiment;
    for (const run of this.runs.values()) if (run.list !== null) yield run;
  }
}

interface Pending {
  readonly runs: Set<RunId>;
  reset: boolean;
  promotions: boolean;
}

function merged(a: Pending | null, b: Pending | null): Pending | null {
  if (a === null || b === null) return a ?? b;
  return {
    runs: new Set([...a.runs, ...b.runs]),
    reset: a.reset || b.reset,
    promotions: a.promotions || b.promotions,
  };
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

/** The order of the server: the latest start first, one that waits before all, of equals by id. */
function isNewer(run: Run, other: Run): boolean {
  const [start, otherStart] = [run.startedAt ?? Infinity, other.startedAt ?? Infinity];
  return start > otherStart || (start === otherStart && run.runId < other.runId);
}

/** Redrawing a parent redraws its children: they need not be named too. */
function topmost(rows: ReadonlySet<ListRow>): ListRow[] {
  const isBelowAnother = (row: ListRow): boolean => {
    for (let up = row.parent; up !== null; up = up.parent) if (rows.has(up)) return true;
    return false;
  };
  return [...rows].filter((row) => !isBelowAnother(row));
}
