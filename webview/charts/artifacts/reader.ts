import type { ChartRun } from '../../../src/api/pages';
import { formatBytes } from '../../../src/model/format';
import type { RunId } from '../../../src/model/run';
import { t } from '../../ui/l10n';
import type { ChartServices } from '../kind';

/** What is known of a run's file. */
export type Found<Value> =
  | { readonly kind: 'reading' }
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly problem: string }
  | { readonly kind: 'there'; readonly value: Value };

export type Artifacts = ChartServices['artifacts'];

const MOST_ENTRIES = 10_000; // Of one folder: mlflow.log_image writes two files a step.
const AT_ONCE = 3; // Requests that leave room for the charts of points.

/** Reads something of each run's files, once for each run and state of it. */
export class ArtifactReader<Value> {
  version = 0;
  private readonly found = new Map<RunId, Found<Value>>();
  private readonly asked = new Map<RunId, string>();
  private readonly waiting: ChartRun[] = [];
  private path: string | null = null;
  private active = 0;
  private isGone = false;

  constructor(
    private readonly read: (run: ChartRun, path: string) => Promise<Value | null>,
    private readonly changed: () => void,
    private readonly release: (value: Value) => void = () => undefined,
  ) {}

  /** Reads what is not known yet of these runs and forgets all others. */
  look(runs: readonly ChartRun[], path: string): void {
    if (path !== this.path) {
      this.forget(() => true);
      this.path = path;
    }
    const wanted = new Set(runs.map(({ runId }) => runId));
    this.forget((runId) => !wanted.has(runId));
    for (const run of runs) {
      // A run that ended since may have written its last file.
      if (this.asked.get(run.runId) === run.state) continue;
      this.asked.set(run.runId, run.state);
      if (!this.found.has(run.runId)) this.found.set(run.runId, { kind: 'reading' });
      this.waiting.push(run);
    }
    this.next();
  }

  of(runId: RunId): Found<Value> {
    return this.found.get(runId) ?? { kind: 'reading' };
  }

  dispose(): void {
    this.isGone = true;
    this.forget(() => true);
  }

  private next(): void {
    while (this.active < AT_ONCE && !this.isGone) {
      const run = this.waiting.shift();
      if (run === undefined) return;
      this.active += 1;
      void this.readOne(run, this.path ?? '').finally(() => {
        this.active -= 1;
        this.next();
      });
    }
  }

  private async readOne(run: ChartRun, path: string): Promise<void> {
    let made: Found<Value>;
    try {
      const value = await this.read(run, path);
      made = value === null ? { kind: 'none' } : { kind: 'there', value };
    } catch (error) {
      const problem =
        error instanceof SyntaxError
          ? t('{0} cannot be read as JSON or CSV.', path)
          : error instanceof Error
            ? error.message
            : String(error);
      made = { kind: 'failed', problem };
    }
    if (this.isGone || path !== this.path || !this.asked.has(run.runId)) {
      if (made.kind === 'there') this.release(made.value);
      return;
    }
    const before = this.found.get(run.runId);
    if (before?.kind === 'there') this.release(before.value);
    this.found.set(run.runId, made);
    this.version += 1;
    this.changed();
  }

  private forget(isGone: (runId: RunId) => boolean): void {
    for (const [runId, found] of this.found) {
      if (!isGone(runId)) continue;
      if (found.kind === 'there') this.release(found.value);
      this.found.delete(runId);
      this.asked.delete(runId);
    }
  }
}

/** The text of the first of these files that a run has; null: it has none of them. Throws for one that is too large. */
export async function readText(
  artifacts: Artifacts,
  runId: RunId,
  paths: readonly string[],
): Promise<{ readonly path: string; readonly text: string } | null> {
  for (const path of paths) {
    const bytes = await readBytes(artifacts, runId, path);
    if (bytes !== null) return { path, text: new TextDecoder().decode(bytes) };
  }
  return null;
}

async function readBytes(artifacts: Artifacts, runId: RunId, path: string): Promise<Uint8Array | null> {
  try {
    const { bytes, sizeBytes } = await artifacts.readArtifact({ runId, path });
    if (bytes === null && sizeBytes > 0)
      throw new Error(t('{0} is too large to be shown: {1}.', path, formatBytes(sizeBytes)));
    return bytes;
  } catch (error) {
    // A run without the file is no fault of the chart.
    if (isMissing(error)) return null;
    throw error;
  }
}

/** A picture of a run; null: it has none there, or it is no picture. To be closed when it is not shown any more. */
export async function readPicture(
  artifacts: Artifacts,
  runId: RunId,
  path: string,
  type: string,
): Promise<ImageBitmap | null> {
  const bytes = await readBytes(artifacts, runId, path);
  if (bytes === null) return null;
  try {
    return await createImageBitmap(new Blob([new Uint8Array(bytes)], { type }));
  } catch {
    // Bytes that are no picture, whatever their name says.
    return null;
  }
}

/** What a folder of a run holds; null: it has no such folder. */
export async function readFolder(
  artifacts: Artifacts,
  runId: RunId,
  folder: string,
): Promise<Awaited<ReturnType<Artifacts['listArtifacts']>> | null> {
  try {
    return await artifacts.listArtifacts({ runId, folder, limit: MOST_ENTRIES });
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).includes('not-found');
}

/** The files at the top of a run with one of these endings. */
export async function filesAtTop(
  artifacts: Artifacts,
  runId: RunId,
  ending: RegExp,
): Promise<readonly string[]> {
  const { entries = [] } = (await readFolder(artifacts, runId, '')) ?? {};
  return entries.flatMap(({ name, isFolder }) => (!isFolder && ending.test(name) ? [name] : []));
}

/** A path with other endings: what was asked for first. */
export function endings(path: string, others: readonly string[]): readonly string[] {
  const stem = path.replace(/\.\w+$/, '');
  return [...new Set([path, ...others.map((ending) => `${stem}.${ending}`)])];
}
