import type { PageSeries } from '../../src/api/pages';
import { UserError, messageOf } from '../../src/base/errors';
import type { RunId } from '../../src/model/run';

/** One metric of one run. */
export interface Wanted {
  readonly runId: RunId;
  readonly metric: string;
}

export interface LoaderHost {
  /** Which charts are on the screen; only their points are asked for. */
  isVisible(metric: string): boolean;
  /** The width of the widest chart. */
  pixels(): number;
  readSeries(request: { series: readonly Wanted[]; pixels: number }): Promise<readonly PageSeries[]>;
  take(series: readonly PageSeries[], asked: readonly Wanted[]): void;
  failed(metrics: readonly string[], problem: string): void;
  /** What is being asked for; nothing when the work is done. */
  busy(wanted: readonly Wanted[]): void;
}

const MAX_SERIES = 500; // Of one request: 500 lines of 800 points are about 20 MB of numbers.

/**
 * Knows which points are out of date and asks for those that are on the screen: one request at a time, so that
 * points that come faster than they can be drawn are merged and never queue up.
 */
export class Loader {
  private readonly stale = new Map<string, Set<RunId>>();
  private asking = false;

  constructor(private readonly host: LoaderHost) {}

  /** Marks points as out of date. They are asked for as soon as their chart is on the screen. */
  want(wanted: Iterable<Wanted>): void {
    for (const { runId, metric } of wanted) {
      const runs = this.stale.get(metric);
      if (runs === undefined) this.stale.set(metric, new Set([runId]));
      else runs.add(runId);
    }
    void this.ask();
  }

  /** To be called when other charts came on the screen. */
  look(): void {
    void this.ask();
  }

  private async ask(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    try {
      for (let wanted = this.next(); wanted.length > 0; wanted = this.next()) {
        this.host.busy(wanted);
        await this.read(wanted);
      }
    } finally {
      this.asking = false;
      this.host.busy([]);
    }
  }

  private async read(wanted: readonly Wanted[]): Promise<void> {
    try {
      const series = await this.host.readSeries({ series: wanted, pixels: this.host.pixels() });
      this.host.take(series, wanted);
    } catch (error) {
      // Hidden or closed: the next page asks for everything.
      if (error instanceof UserError && error.code === 'page-closed') return;
      this.host.failed([...new Set(wanted.map(({ metric }) => metric))], messageOf(error));
    }
  }

  private next(): readonly Wanted[] {
    const wanted: Wanted[] = [];
    for (const [metric, runs] of this.stale) {
      if (!this.host.isVisible(metric)) continue;
      for (const runId of runs) {
        if (wanted.length === MAX_SERIES) return wanted;
        wanted.push({ runId, metric });
        runs.delete(runId);
      }
      this.stale.delete(metric);
    }
    return wanted;
  }
}
