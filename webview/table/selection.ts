import type { RunId } from '../../src/model/run';

/** The runs that are selected, and the row from which a stretch is counted. */
export class Selection {
  private runs = new Set<RunId>();
  anchor: number | null = null;

  get size(): number {
    return this.runs.size;
  }
  get runIds(): readonly RunId[] {
    return [...this.runs];
  }

  has(runId: RunId): boolean {
    return this.runs.has(runId);
  }

  set(runIds: Iterable<RunId>): void {
    this.runs = new Set(runIds);
  }

  toggle(runId: RunId): void {
    if (!this.runs.delete(runId)) this.runs.add(runId);
  }

  clear(): void {
    this.runs.clear();
    this.anchor = null;
  }
}
