import * as z from 'zod/mini';
import { toWire } from '../../../api/wire';
import type { LoggedModel, LoggedModelMetric, LoggedModelStatus } from '../../../model/loggedModel';
import { wholeNumber } from '../../json';
import { loggedModelFolder } from './artifactFolders';
import { keyValues } from './wire';

/* MLflow's messages of logged models as they travel. */

const STATUSES = ['PENDING', 'READY', 'UPLOAD_FAILED'] as const;

/** A status by its name on the wire or by its number, as protobuf's JSON has both. */
export const loggedModelStatus = z.pipe(
  z.union([
    z.enum(['LOGGED_MODEL_PENDING', 'LOGGED_MODEL_READY', 'LOGGED_MODEL_UPLOAD_FAILED']),
    z.int().check(z.minimum(1), z.maximum(3)),
  ]),
  z.transform((said): LoggedModelStatus => {
    if (typeof said === 'number') return STATUSES[said - 1] ?? 'PENDING';
    return STATUSES.find((status) => said === `LOGGED_MODEL_${status}`) ?? 'PENDING';
  }),
);

/** Params or tags of a model. Unlike those of runs they may have any name: MLflow checks none. */
export const modelKeyValues = z.pipe(
  z.nullish(
    z
      .array(
        z.object({
          key: z.string().check(z.minLength(1), z.maxLength(250)),
          value: z.pipe(
            z.nullish(z.string().check(z.maxLength(100_000))),
            z.transform((value) => value ?? ''),
          ),
        }),
      )
      .check(z.maxLength(1000)),
  ),
  z.transform((list) => list ?? []),
);

export function loggedModelMessage(model: LoggedModel): object {
  const params = keyValues(model.params);
  const tags = keyValues(model.tags);
  const metrics = model.metrics.map((metric) => metricMessage(metric, model.modelId));
  return {
    info: {
      experiment_id: model.experimentId,
      model_id: model.modelId,
      name: model.name,
      artifact_uri: `mlflow-artifacts:/${loggedModelFolder(model.experimentId, model.modelId)}`,
      creation_timestamp_ms: model.createdAt,
      last_updated_timestamp_ms: model.updatedAt,
      status: `LOGGED_MODEL_${model.status}`,
      ...(model.modelType === null ? {} : { model_type: model.modelType }),
      ...(model.sourceRunId === null ? {} : { source_run_id: model.sourceRunId }),
      ...(tags.length > 0 ? { tags } : {}),
    },
    data: {
      ...(params.length > 0 ? { params } : {}),
      ...(metrics.length > 0 ? { metrics } : {}),
    },
  };
}

function metricMessage(metric: LoggedModelMetric, modelId: string): object {
  const { name, value, timestamp, step, runId, datasetName, datasetDigest } = metric;
  return {
    key: name,
    value: toWire(value),
    timestamp: wholeNumber(timestamp),
    step: wholeNumber(step),
    model_id: modelId,
    ...(datasetName === '' ? {} : { dataset_name: datasetName }),
    ...(datasetDigest === '' ? {} : { dataset_digest: datasetDigest }),
    run_id: runId,
  };
}
