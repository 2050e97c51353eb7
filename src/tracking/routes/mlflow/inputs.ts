import * as z from 'zod/mini';
import { UserError } from '../../../base/errors';
import type { DatasetInput } from '../../../store/runs';
import { modelHistory, readModelJson } from './modelHistory';
import type { MlflowDeps, MlflowRoute } from './route';
import { experimentIdText, missingValue, optionalText, readInt64, readList, readRunId } from './wire';

const MOST_EXPERIMENTS = 20; // MLflow's own limit: the answer names every dataset of each.

/** What went into runs and came out of them: datasets and models. */
export function inputRoutes({ store, ingest }: MlflowDeps): MlflowRoute[] {
  return [
    {
      method: 'POST',
      path: 'runs/log-inputs',
      async handle({ input }) {
        const runId = readRunId(input);
        const datasets = readList(input.datasets, 'datasets', 1000).map((one) => datasetInput.parse(one));
        const models = readList(input.models, 'models', 1000).map((one) => oneModel.parse(one).model_id);
        await ingest.write('normal', () => {
          const run = store.activeRun(runId);
          store.logInputs(run, datasets);
          store.logModelInputs(run, models);
        });
        return {};
      },
    },
    {
      method: 'POST',
      path: 'runs/outputs',
      async handle({ input }) {
        const runId = readRunId(input);
        if (input.models === undefined) throw missingValue('models');
        const outputs = readList(input.models, 'models', 1000).map((one) => {
          const { model_id: modelId, step } = oneModel.parse(one);
          return { modelId, step: step === undefined || step === null ? 0 : readInt64(step, 'step') };
        });
        await ingest.write('full', () => store.logModelOutputs(store.activeRun(runId), outputs));
        return {};
      },
    },
    {
      method: 'POST',
      path: 'runs/log-model',
      async handle({ input }) {
        const runId = readRunId(input);
        const model = readModelJson(input.model_json);
        await ingest.write('full', () => {
          const run = store.activeRun(runId);
          const value = modelHistory(store.getTag(run, MODEL_HISTORY), model);
          store.setTags(run, [{ key: MODEL_HISTORY, value }]);
        });
        return {};
      },
    },
    {
      method: 'POST',
      path: 'experiments/search-datasets',
      handle({ input }) {
        const { experiment_ids: ids } = z
          .object({ experiment_ids: z.optional(z.array(experimentIdText)) })
          .parse(input);
        if (ids === undefined || ids.length === 0) {
          throw new UserError('invalid', 'SearchDatasets request must specify at least one experiment_id.');
        }
        if (ids.length > MOST_EXPERIMENTS) {
          throw new UserError(
            'invalid',
            `SearchDatasets request cannot specify more than ${MOST_EXPERIMENTS} experiment_ids. Received ${ids.length} experiment_ids.`,
          );
        }
        const summaries = store.datasetsOf(ids).map(({ experimentId, name, digest, context }) => ({
          experiment_id: experimentId,
          name,
          digest,
          ...(context === null ? {} : { context }),
        }));
        return summaries.length > 0 ? { dataset_summaries: summaries } : {};
      },
    },
  ];
}

/** The tag that clients before version 3 keep their models in. */
const MODEL_HISTORY = 'mlflow.log-model.history';

const oneModel = z.object({
  model_id: z.string().check(z.regex(/^[\w-]{1,250}$/, 'it is no id of a model.')),
  step: z.optional(z.unknown()),
});

const datasetInput = z.pipe(
  z.object({
    tags: z.nullish(
      z.array(
        z.object({ key: z.string().check(z.maxLength(255)), value: z.string().check(z.maxLength(500)) }),
      ),
    ),
    dataset: z.object({
      name: z.string().check(z.maxLength(500)),
      digest: z.string().check(z.maxLength(36)),
      source_type: optionalText,
      source: z.nullish(z.string().check(z.maxLength(65_535))),
      schema: z.nullish(z.string().check(z.maxLength(1_048_575))),
      profile: z.nullish(z.string().check(z.maxLength(16_777_215))),
    }),
  }),
  z.transform(({ tags, dataset }): DatasetInput => ({
    tags: tags ?? [],
    dataset: Object.fromEntries(
      Object.entries(dataset).flatMap(([key, value]) =>
        value === null || value === undefined ? [] : [[key, value]],
      ),
    ),
  })),
);
