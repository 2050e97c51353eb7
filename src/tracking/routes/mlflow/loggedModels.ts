import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { UserError } from '../../../base/errors';
import type { LoggedModel } from '../../../model/loggedModel';
import type { Store } from '../../../store/store';
import { loggedModelFolder } from './artifactFolders';
import { artifactListing } from './artifactListing';
import { RETRY_WINDOW_MS, createDeliveries } from './deliveries';
import { needed } from './experiments';
import { loggedModelMessage, loggedModelStatus, modelKeyValues } from './loggedModelWire';
import { searchLoggedModels } from './loggedModelSearch';
import type { Call, MlflowDeps, MlflowRoute } from './route';
import { experimentIdText, missingValue, optionalText } from './wire';

const creation = z.object({
  experiment_id: experimentIdText,
  name: z.nullish(z.string().check(z.maxLength(500))),
  model_type: z.nullish(z.string().check(z.maxLength(500))),
  source_run_id: z.nullish(z.string().check(z.maxLength(250))),
  params: modelKeyValues,
  tags: modelKeyValues,
});

/** logged-models/*: models as things of their own, as MLflow's clients of version 3 log them. */
export function loggedModelRoutes({ store, ingest, artifacts }: MlflowDeps): MlflowRoute[] {
  const deliveries = createDeliveries();

  /** The request is not idempotent in MLflow and clients repeat it: one whose answer was lost gets its model. */
  function create({ input, delivery }: Call): string {
    const asked = creation.parse(input);
    const name = checkedName(asked.name ?? '');
    const experimentId = asked.experiment_id;
    if (needed(store, experimentId).deleted) {
      throw new UserError(
        'invalid',
        `The experiment ${experimentId} must be in the 'active' state. Current state is deleted.`,
      );
    }
    const model = {
      experimentId,
      name,
      modelType: asked.model_type ?? null,
      sourceRunId: asked.source_run_id ?? null,
      params: asked.params,
      tags: asked.tags,
    };
    const creationKey = createHash('sha256').update(JSON.stringify(model)).digest('hex');
    const lost = store
      .findLoggedModelsByCreation(creationKey, Date.now() - RETRY_WINDOW_MS)
      .find((earlier) => deliveries.isLost(earlier.modelId, earlier));
    const modelId = lost?.modelId ?? store.createLoggedModel({ ...model, creationKey });
    deliveries.watch(modelId, delivery);
    return modelId;
  }

  return [
    {
      method: 'POST',
      path: 'logged-models',
      async handle(call) {
        const modelId = await ingest.write('full', () => create(call));
        return { model: loggedModelMessage(record(store, modelId)) };
      },
    },
    { method: 'POST', path: 'logged-models/search', handle: ({ input }) => searchLoggedModels(store, input) },
    {
      method: 'GET',
      path: 'logged-models/:model_id',
      handle({ params, input }) {
        const allowDeleted = String(input.allow_deleted).toLowerCase() === 'true';
        return { model: loggedModelMessage(record(store, modelIdOf(params), allowDeleted)) };
      },
    },
    {
      method: 'PATCH',
      path: 'logged-models/:model_id',
      async handle({ params, input }) {
        const modelId = modelIdOf(params);
        const { status } = z.object({ status: loggedModelStatus }).parse(input);
        await ingest.write('full', () => store.setLoggedModelStatus(store.loggedModelHead(modelId), status));
        return { model: loggedModelMessage(record(store, modelId, true)) };
      },
    },
    {
      method: 'DELETE',
      path: 'logged-models/:model_id',
      async handle({ params }) {
        const modelId = modelIdOf(params);
        await ingest.write('full', () => store.deleteLoggedModel(store.loggedModelHead(modelId)));
        return {};
      },
    },
    {
      method: 'POST',
      path: 'logged-models/:model_id/params',
      async handle({ params: names, input }) {
        const modelId = modelIdOf(names);
        const { params } = z.object({ params: modelKeyValues }).parse(input);
        await ingest.write('full', () => store.logLoggedModelParams(store.loggedModelHead(modelId), params));
        return {};
      },
    },
    {
      method: 'PATCH',
      path: 'logged-models/:model_id/tags',
      async handle({ params, input }) {
        const modelId = modelIdOf(params);
        const { tags } = z.object({ tags: modelKeyValues }).parse(input);
        await ingest.write('full', () => store.setLoggedModelTags(store.loggedModelHead(modelId), tags));
        return {};
      },
    },
    {
      method: 'DELETE',
      path: 'logged-models/:model_id/tags/:tag_key',
      async handle({ params }) {
        const modelId = modelIdOf(params);
        const key = params.tag_key ?? '';
        await ingest.write('full', () => store.deleteLoggedModelTag(store.loggedModelHead(modelId), key));
        return {};
      },
    },
    {
      method: 'GET',
      path: 'logged-models/:model_id/artifacts/directories',
      async handle({ params, input }) {
        const model = record(store, modelIdOf(params));
        const query = z
          .object({ artifact_directory_path: optionalText, page_token: optionalText })
          .parse(input);
        const { experimentId, modelId } = model;
        const folder = loggedModelFolder(experimentId, modelId);
        return {
          root_uri: `mlflow-artifacts:/${folder}`,
          ...(await artifactListing(artifacts, folder, query.artifact_directory_path, query.page_token)),
        };
      },
    },
  ];
}

/** What MLflow's client allows (mlflow/utils/validation.py). An empty name is none. */
function checkedName(name: string): string | null {
  if (name === '') return null;
  if (/[/:.%"'\0]/.test(name)) {
    throw new UserError(
      'invalid',
      `Invalid model name ('${name}') provided. Model name must be a non-empty string and cannot contain the following characters: ('/', ':', '.', '%', '"', "'")`,
    );
  }
  return name;
}

function modelIdOf(params: Readonly<Record<string, string>>): string {
  const { model_id: modelId } = params;
  if (modelId === undefined || modelId === '') throw missingValue('model_id');
  return modelId;
}

function record(store: Pick<Store, 'getLoggedModel'>, modelId: string, deleted = false): LoggedModel {
  const model = store.getLoggedModel(modelId, { deleted });
  if (model === null) throw new UserError('not-found', `Logged model with ID '${modelId}' not found.`);
  return model;
}
