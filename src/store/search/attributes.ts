import type { Name } from './parse';
import { invalid } from './sql';

/** What a run has beside metrics, params and tags. */
export type RunAttribute =
  'run_id' | 'run_name' | 'status' | 'user_id' | 'artifact_uri' | 'start_time' | 'end_time';

/** By every name that MLflow takes for them. */
export const RUN_ATTRIBUTES: Readonly<Record<string, RunAttribute>> = {
  run_id: 'run_id',
  run_name: 'run_name',
  status: 'status',
  user_id: 'user_id',
  artifact_uri: 'artifact_uri',
  start_time: 'start_time',
  end_time: 'end_time',
  created: 'start_time',
  Created: 'start_time',
  'run name': 'run_name',
  'Run name': 'run_name',
  'Run Name': 'run_name',
};

export const ARTIFACT_URI =
  "'mlflow-artifacts:/' || runs.experiment_id || '/' || runs.run_id || '/artifacts'";

/** @throws UserError 'invalid' for an attribute that is none. */
export function attributeNamed<T>(name: Name, attributes: Readonly<Record<string, T>>): T {
  const found = Object.hasOwn(attributes, name.key) ? attributes[name.key] : undefined;
  if (found === undefined) {
    throw invalid(
      `Invalid attribute key '${name.key}' specified. Valid keys are '{'${Object.keys(attributes).join("', '")}'}'`,
      name,
    );
  }
  return found;
}
