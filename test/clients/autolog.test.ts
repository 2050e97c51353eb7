import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import type { RunDetail } from '../../src/model/run';
import { type Project, openProject } from './project';

/** A training script of test/fixtures/scripts/autolog, and what it must leave behind. Metrics: their steps. */
interface Training {
  readonly script: string;
  /** What Winnow's own run shows of it. */
  readonly run: Readonly<Record<string, unknown>>;
  readonly metrics: Readonly<Record<string, readonly number[]>>;
  readonly models: readonly string[];
  /** The contexts of the datasets that the run was given. */
  readonly datasets: readonly string[];
  readonly children?: number;
  /** Its model's address, after `runs:/<run id>/` unless it is whole; the model predicts what is in the file. */
  readonly model: string;
  readonly predictions: string;
}

const TRAININGS: readonly Training[] = [
  {
    script: 'autolog_sklearn.py',
    run: {
      experiment: 'iris',
      params: { n_estimators: '10', max_depth: '3' },
      tags: { estimator_name: 'RandomForestClassifier', 'mlflow.autologging': 'sklearn' },
    },
    metrics: { training_accuracy_score: [0], RandomForestClassifier_score_X_test: [0] },
    models: ['model'],
    datasets: ['eval', 'train'],
    model: 'model',
    predictions: 'sklearn.pickle',
  },
  {
    script: 'autolog_pipeline.py',
    run: {
      name: 'scaled ridge',
      params: { ridge__alpha: '2.0', standardscaler: 'StandardScaler()' },
      tags: { estimator_name: 'Pipeline' },
    },
    metrics: { r2: [0], training_mean_squared_error: [0] },
    models: ['model'],
    datasets: ['eval', 'train'],
    model: 'models:/diabetes/1',
    predictions: 'pipeline.pickle',
  },
  {
    script: 'autolog_grid_search.py',
    run: { params: { best_max_depth: '3', cv: '3' }, tags: { estimator_name: 'GridSearchCV' } },
    metrics: { best_cv_score: [0] },
    models: ['best_estimator', 'model'],
    datasets: ['eval', 'train'],
    children: 6,
    model: 'best_estimator',
    predictions: 'grid_search.pickle',
  },
  {
    script: 'autolog_lightning.py',
    run: {
      experiment: 'lightning',
      params: { epochs: '4', optimizer_name: 'Adam', lr: '0.01' },
      tags: { Mode: 'training', 'mlflow.autologging': 'pytorch' },
    },
    metrics: { train_loss: upTo(4), val_loss: upTo(4) },
    models: ['model'],
    datasets: [],
    model: 'model',
    predictions: 'lightning.pickle',
  },
  {
    script: 'autolog_xgboost.py',
    run: { experiment: 'xgboost', params: { eta: '0.3', num_boost_round: '12' } },
    metrics: { 'train-logloss': upTo(12), 'test-logloss': upTo(12) },
    models: ['model'],
    datasets: ['eval', 'eval', 'train'],
    model: 'model',
    predictions: 'xgboost.pickle',
  },
  {
    script: 'autolog_lightgbm.py',
    run: { experiment: 'lightgbm', params: { num_leaves: '7', num_boost_round: '10' } },
    metrics: { 'training-binary_logloss': upTo(10), 'valid_1-binary_logloss': upTo(10) },
    models: ['model'],
    datasets: ['eval', 'train'],
    model: 'model',
    predictions: 'lightgbm.pickle',
  },
  {
    script: 'autolog_keras.py',
    run: { experiment: 'keras', params: { epochs: '4', batch_size: '16', optimizer_name: 'adam' } },
    metrics: { loss: upTo(4), val_loss: upTo(4), accuracy: upTo(4) },
    models: ['model'],
    datasets: ['train'],
    model: 'model',
    predictions: 'keras.pickle',
  },
  {
    script: 'autolog_trainer.py',
    run: {
      experiment: 'transformers',
      name: 'tiny bert',
      params: { num_train_epochs: '3', hidden_size: '16', model_type: 'bert' },
    },
    metrics: { loss: upTo(9).map((step) => step + 1), eval_loss: [3, 6, 9] },
    models: ['model'],
    datasets: [],
    model: 'model',
    predictions: 'trainer.pickle',
  },
  {
    script: 'log_torch_model.py',
    run: { experiment: 'plain torch', params: { lr: '0.1' } },
    metrics: { loss: upTo(20) },
    models: ['linear'],
    datasets: [],
    model: 'models:/linear@champion',
    predictions: 'torch.pickle',
  },
];

/** What the frameworks bring along would take both cores for a tiny model, and a look at a hub that is not there. */
const env = {
  OMP_NUM_THREADS: '1',
  OPENBLAS_NUM_THREADS: '1',
  TOKENIZERS_PARALLELISM: 'false',
  HF_HUB_OFFLINE: '1',
};

const SET_UP_MS = 900_000; // Downloading 700 MB of packages and unpacking them to 2 GB.
const ALL_MS = 900_000; // Waiting for the others' turns counts too.

describe('autologging', () => {
  let project: Project;
  const turns = takeTurns(2); // Importing a framework takes a core for seconds.
  const finished = new Map<string, RunDetail>();

  beforeAll(async () => {
    project = await openProject({ environment: 'frameworks.txt', env });
  }, SET_UP_MS);
  afterAll(() => project.dispose());

  test.concurrent.for(TRAININGS)(
    '$script',
    { timeout: ALL_MS },
    async ({ script, run: shown, metrics, models, datasets, children }, { expect }) => {
      const live = new Set<string>();
      const run = await turns(() =>
        project.run(`autolog/${script}`, {
          watch: (run) => Object.keys(run.metrics).forEach((metric) => live.add(metric)),
        }),
      );
      finished.set(script, run);
      expect(run).toMatchObject({ state: 'finished', exitCode: 0, childCount: children ?? 0, ...shown });
      const byEpoch = Object.keys(metrics).filter((metric) => (metrics[metric]?.length ?? 0) > 1);
      expect([...live]).toEqual(expect.arrayContaining(byEpoch));
      expect(await stepsOf(run, Object.keys(metrics))).toEqual(metrics);
      expect(await modelsOf(run)).toEqual(models.map((name) => ({ name, status: 'LOGGED_MODEL_READY' })));
      expect(await datasetsOf(run)).toEqual(datasets);
    },
  );

  test('a search keeps a run for each candidate, below its own', async () => {
    const search = finished.get('autolog_grid_search.py');
    const runs = await project.runs();
    const candidates = runs.filter(({ parentRunId }) => parentRunId === search?.runId);
    const tried = candidates.map(({ params }) => [params['max_depth'], params['min_samples_leaf']]);
    expect(tried.sort()).toEqual(['1', '2', '3'].flatMap((depth) => ['1', '5'].map((leaf) => [depth, leaf])));
    for (const { metrics } of candidates) expect(metrics['mean_test_score']?.count).toBe(1);
  });

  test(
    'every model comes back with its signature and predicts what it predicted in its script',
    async () => {
      const uris = TRAININGS.map(({ script, model }) =>
        model.includes(':/') ? model : `runs:/${finished.get(script)?.runId}/${model}`,
      );
      const output = await project.python(
        'autolog/load_models.py',
        TRAININGS.flatMap(({ predictions }, i) => [uris[i] ?? '', predictions]),
      );
      const lines = output.split('\n').filter((text) => text.startsWith('{'));
      const loaded = lines.map((text) => loadedModel.parse(JSON.parse(text)));
      expect(loaded).toEqual(uris.map((uri) => ({ uri, same: true, signature: expect.anything() })));
    },
    ALL_MS,
  );

  async function stepsOf({ runId }: RunDetail, metrics: string[]): Promise<Record<string, number[]>> {
    const asked = metrics.map((metric) => ({ runId, metric }));
    const { series } = await project.server.client.call('readSeries', { series: asked, pixels: 1000 });
    return Object.fromEntries(series.map(({ metric, steps }) => [metric, [...steps]]));
  }

  async function modelsOf({ runId, experimentId }: RunDetail) {
    const answer = await project.mlflow('logged-models/search', { experiment_ids: [experimentId] });
    const found = (foundModels.parse(answer).models ?? []).filter(({ info }) => info.source_run_id === runId);
    return found.map(({ info: { name, status } }) => ({ name, status })).sort(byName);
  }

  async function datasetsOf({ runId }: RunDetail): Promise<string[]> {
    const { run } = ownRun.parse(await project.mlflow(`runs/get?run_id=${runId}`));
    const inputs = run.inputs?.dataset_inputs ?? [];
    for (const { dataset } of inputs) expect(dataset).toMatchObject({ schema: expect.any(String) });
    return inputs
      .map(({ tags }) => tags.find(({ key }) => key === 'mlflow.data.context')?.value ?? '')
      .sort();
  }
});

const loadedModel = z.object({ uri: z.string(), same: z.boolean(), signature: z.unknown() });

const foundModels = z.object({
  models: z.optional(
    z.array(
      z.object({
        info: z.object({ name: z.string(), status: z.string(), source_run_id: z.optional(z.string()) }),
      }),
    ),
  ),
});

const ownRun = z.object({
  run: z.object({
    inputs: z.optional(
      z.object({
        dataset_inputs: z.optional(
          z.array(
            z.object({
              dataset: z.record(z.string(), z.unknown()),
              tags: z.array(z.object({ key: z.string(), value: z.string() })),
            }),
          ),
        ),
      }),
    ),
  }),
});

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1;
}

/** The first `count` whole numbers. */
function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** At most `most` of the jobs it is given run at the same time; the others wait in line. */
function takeTurns(most: number): <T>(job: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (job) => {
    if (running >= most) await new Promise<void>((go) => waiting.push(go));
    running++;
    try {
      return await job();
    } finally {
      running--;
      waiting.shift()?.();
    }
  };
}
