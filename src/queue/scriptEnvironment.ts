import path from 'node:path';
import { withoutHostVariables } from '../platform/environment';

export interface ScriptTracking {
  readonly trackingUri: string;
  /** The attempt's own token. */
  readonly token: string;
  readonly experimentId: string;
}

export interface ScriptHook {
  /** The folder of the hook's sitecustomize.py. */
  readonly folder: string;
  /** The file that it writes. */
  readonly file: string;
}

/**
 * Left over from elsewhere, they break unmodified scripts: set_experiment and start_run raise, two trainings end
 * in one run. A script's run is found by the token instead.
 */
const FOREIGN = [
  'WINNOW_HOOK_FILE',
  'WINNOW_HOLD_FD',
  'MLFLOW_RUN_ID',
  'MLFLOW_EXPERIMENT_NAME',
  'MLFLOW_TRACKING_AUTH',
];

/**
 * The whole environment of a script: that of whoever asked for the run, the variables of winnow.yaml, and what
 * an unmodified MLflow client needs to find this server.
 */
export function scriptEnvironment(
  asker: Readonly<Record<string, string>>,
  configured: Readonly<Record<string, string>>,
  tracking: ScriptTracking,
  hook: ScriptHook | null = null,
): Record<string, string> {
  const env = { ...withoutHostVariables(asker), ...configured };
  for (const name of FOREIGN) delete env[name];
  return {
    ...env,
    ...hookVariables(env, hook),
    PYTHONUNBUFFERED: '1',
    MLFLOW_TRACKING_URI: tracking.trackingUri,
    // The client prefers a user and a password, also those of ~/.mlflow/credentials, over the token.
    MLFLOW_TRACKING_TOKEN: tracking.token,
    MLFLOW_TRACKING_USERNAME: 'winnow',
    MLFLOW_TRACKING_PASSWORD: tracking.token,
    MLFLOW_EXPERIMENT_ID: tracking.experimentId,
    // The client prints links to pages of MLflow's own user interface, which is not here.
    MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT: env['MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT'] ?? 'true',
    NO_PROXY: withLoopback(env['NO_PROXY']),
    no_proxy: withLoopback(env['no_proxy']),
  };
}

/** First in the path, so that Python starts it; it then leaves the path as the person has it. */
function hookVariables(env: Record<string, string>, hook: ScriptHook | null): Record<string, string> {
  if (hook === null || env['WINNOW_HOOK'] === '0') return {};
  const own = env['PYTHONPATH'];
  return {
    PYTHONPATH: own ? `${hook.folder}${path.delimiter}${own}` : hook.folder,
    WINNOW_HOOK_FILE: hook.file,
  };
}

/** A proxy of the company must not be asked for this machine. */
function withLoopback(list: string | undefined): string {
  const hosts = (list ?? '').split(',').filter((host) => host.trim() !== '');
  for (const host of ['127.0.0.1', 'localhost']) if (!hosts.includes(host)) hosts.push(host);
  return hosts.join(',');
}
