import { UserError } from '../../../base/errors';
import type { LoggedModelPoint } from '../../../store/loggedModels/metrics';
import type { Point } from '../../../store/metrics';
import { invalidValue } from './wire';

/** As for datasets that are logged as inputs. */
const MAX_DATASET_NAME = 500;
const MAX_DATASET_DIGEST = 36;

/**
 * What a metric says of the model it was measured of, and of the data; null when it names no model, as nearly
 * all of them.
 * @param where a prefix for the names of fields, such as 'metrics[3].'.
 */
export function readModelPoint(metric: unknown, point: Point, where: string): LoggedModelPoint | null {
  if (typeof metric !== 'object' || metric === null || !('model_id' in metric)) return null;
  const fields: { model_id?: unknown; dataset_name?: unknown; dataset_digest?: unknown } = metric;
  const modelId = readText(fields.model_id, `${where}model_id`, 250);
  if (modelId === '') return null;
  return {
    ...point,
    modelId,
    datasetName: readText(fields.dataset_name, `${where}dataset_name`, MAX_DATASET_NAME),
    datasetDigest: readText(fields.dataset_digest, `${where}dataset_digest`, MAX_DATASET_DIGEST),
  };
}

function readText(value: unknown, name: string, limit: number): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw invalidValue(value, name);
  if (value.length > limit) {
    throw new UserError(
      'invalid',
      `${name} had length ${value.length}, which exceeded length limit of ${limit}.`,
    );
  }
  return value;
}
