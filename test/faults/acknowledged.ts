import { readFile } from 'node:fs/promises';
import * as z from 'zod/mini';

/** What a client was told to be kept, of one run. */
export interface AcknowledgedRun {
  /** By metric: step → value. A client of these tests logs each step of a metric once. */
  readonly points: Map<string, Map<number, number>>;
  readonly params: Map<string, string>;
  /** The last value of each. */
  readonly tags: Map<string, string>;
  /** Sizes in bytes. */
  readonly artifacts: Map<string, number>;
  ended: boolean;
}

/** A line that test/fixtures/scripts/faults/steady_logger.py writes. */
const line = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('run'), run: z.string() }),
  z.object({ kind: z.literal('end'), run: z.string() }),
  z.object({
    kind: z.literal('point'),
    run: z.string(),
    metric: z.string(),
    step: z.number(),
    value: z.number(),
  }),
  z.object({ kind: z.literal('param'), run: z.string(), key: z.string(), value: z.string() }),
  z.object({ kind: z.literal('tag'), run: z.string(), key: z.string(), value: z.string() }),
  z.object({ kind: z.literal('artifact'), run: z.string(), path: z.string(), size: z.number() }),
]);

/** Reads what the clients wrote down, by the id of the run. */
export async function readAcknowledged(files: readonly string[]): Promise<Map<string, AcknowledgedRun>> {
  const runs = new Map<string, AcknowledgedRun>();
  for (const file of files) {
    for (const text of (await readFile(file, 'utf8')).split('\n')) {
      if (text === '') continue;
      const said = line.parse(JSON.parse(text));
      note(runOf(said.run), said);
    }
  }
  return runs;

  function runOf(runId: string): AcknowledgedRun {
    const known = runs.get(runId);
    if (known) return known;
    const made = {
      points: new Map(),
      params: new Map(),
      tags: new Map(),
      artifacts: new Map(),
      ended: false,
    };
    runs.set(runId, made);
    return made;
  }
}

function note(run: AcknowledgedRun, said: z.infer<typeof line>): void {
  switch (said.kind) {
    case 'run':
      return;
    case 'end':
      run.ended = true;
      return;
    case 'point': {
      const steps = run.points.get(said.metric) ?? new Map<number, number>();
      run.points.set(said.metric, steps.set(said.step, said.value));
      return;
    }
    case 'param':
      run.params.set(said.key, said.value);
      return;
    case 'tag':
      run.tags.set(said.key, said.value);
      return;
    case 'artifact':
      run.artifacts.set(said.path, said.size);
  }
}
