import type { Db } from '../database';
import type { Journal } from '../journal';
import type { RunHead } from '../runs';
import { narrowed } from '../wholeNumbers';

/** A model that a run made, and when. */
export interface ModelOutput {
  readonly modelId: string;
  readonly step: number | bigint;
}

export interface RunModelStore {
  /** Notes models that a run used. What is noted already stays. */
  logModelInputs(run: RunHead, modelIds: readonly string[]): void;
  /** Notes models that a run made. What is noted already stays. */
  logModelOutputs(run: RunHead, outputs: readonly ModelOutput[]): void;
}

export function runModelStore(db: Db, journal: Journal): RunModelStore {
  const put = db.prepare<[number, 'input' | 'output', string, number | bigint]>(
    'INSERT INTO run_models (run_key, direction, model_id, step) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const touch = db.prepare<[number, number]>('UPDATE runs SET seq = ? WHERE run_key = ?');

  function log(run: RunHead, direction: 'input' | 'output', models: readonly ModelOutput[]): void {
    let added = 0;
    for (const { modelId, step } of models) added += put.run(run.runKey, direction, modelId, step).changes;
    if (added === 0) return;
    touch.run(journal.next(), run.runKey);
    journal.run(run.runId, run.experimentId);
  }

  return {
    logModelInputs: (run, modelIds) =>
      log(
        run,
        'input',
        modelIds.map((modelId) => ({ modelId, step: 0 })),
      ),
    logModelOutputs: (run, outputs) => log(run, 'output', outputs),
  };
}

/** The models of runs. */
export interface RunModels {
  readonly inputs: readonly string[];
  readonly outputs: readonly ModelOutput[];
}

interface Row {
  run_key: number;
  direction: 'input' | 'output';
  model_id: string;
  /** As text: it has 64 bits. */
  step: string;
}

/** Reads the models of runs, whose keys come as a JSON list. A run without any is not in the answer. */
export function runModelReader(db: Db): (runKeys: string) => ReadonlyMap<number, RunModels> {
  const read = db.prepare<[string], Row>(
    `SELECT run_key, direction, model_id, CAST(step AS TEXT) AS step FROM run_models
     WHERE run_key IN (SELECT value FROM json_each(?)) ORDER BY run_key, run_models.step, model_id`,
  );

  return (runKeys) => {
    const models = new Map<number, { inputs: string[]; outputs: ModelOutput[] }>();
    for (const { run_key, direction, model_id, step } of read.iterate(runKeys)) {
      const known = models.get(run_key) ?? { inputs: [], outputs: [] };
      models.set(run_key, known);
      if (direction === 'input') known.inputs.push(model_id);
      else known.outputs.push({ modelId: model_id, step: narrowed(BigInt(step)) });
    }
    return models;
  };
}
