import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod/mini';
import { UserError } from '../../../base/errors';
import { missingValue } from './wire';

/* What clients before version 3 note of a model in a tag of its run: a JSON list of what is in its MLmodel file. */

const REQUIRED = ['artifact_path', 'flavors', 'utc_time_created', 'run_id'] as const;

/** The fields that are kept. Of each flavor all but its `config`, which may be large. */
export type NotedModel = Readonly<Record<string, unknown>>;

const object = z.record(z.string(), z.unknown());

/** @throws UserError 'invalid' with MLflow's texts when it is no JSON or lacks a field. */
export function readModelJson(text: unknown): NotedModel {
  if (text === undefined || text === null || text === '') throw missingValue('model_json');
  const model = parsed(text);
  if (model === null) {
    throw new UserError(
      'invalid',
      `Malformed model info. \n ${String(text).slice(0, 1000)} \n is not a valid JSON.`,
    );
  }
  const missing = REQUIRED.filter((field) => !Object.hasOwn(model, field));
  if (missing.length > 0) {
    throw new UserError(
      'invalid',
      `Model json is missing mandatory fields: {${missing.map((field) => `'${field}'`).join(', ')}}`,
    );
  }
  const flavors = object.safeParse(model['flavors']);
  return {
    run_id: model['run_id'],
    artifact_path: model['artifact_path'],
    utc_time_created: model['utc_time_created'],
    ...(model['model_uuid'] === undefined ? {} : { model_uuid: model['model_uuid'] }),
    flavors: Object.fromEntries(
      Object.entries(flavors.success ? flavors.data : {}).map(([name, flavor]) => [
        name,
        withoutConfig(flavor),
      ]),
    ),
  };
}

/** The tag's value with one model more; a model that is in it already stays once. */
export function modelHistory(known: string | null, model: NotedModel): string {
  const list = z.array(z.unknown()).safeParse(known === null ? [] : parsedList(known));
  const models = list.success ? list.data : [];
  const isThere = models.some((one) => isDeepStrictEqual(one, JSON.parse(JSON.stringify(model))));
  return JSON.stringify(isThere ? models : [...models, model]);
}

function withoutConfig(flavor: unknown): unknown {
  const fields = object.safeParse(flavor);
  if (!fields.success) return flavor;
  const { config: _config, ...rest } = fields.data;
  return rest;
}

function parsed(text: unknown): Record<string, unknown> | null {
  if (typeof text !== 'string') return null;
  try {
    const result = object.safeParse(JSON.parse(text));
    return result.success ? result.data : null;
  } catch {
    return null; // No JSON: whoever asked says so.
  }
}

function parsedList(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return []; // Somebody else wrote the tag: the list begins anew.
  }
}
