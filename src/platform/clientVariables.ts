import { createHmac } from 'node:crypto';

/**
 * A token that opens MLflow's routes of a server and none of Winnow's own: what a terminal or a kernel gets, which
 * shows its environment to everything that runs in it. It follows from the server's token and lives as long.
 */
export function loggingToken(token: string): string {
  return createHmac('sha256', token).update('winnow: logging only').digest('hex');
}

/**
 * The variables that let an unmodified MLflow client log to a server.
 * @param env the environment that they are added to: a proxy of it must not be asked for this machine.
 */
export function clientVariables(
  server: { readonly trackingUri: string; readonly token: string },
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const token = loggingToken(server.token);
  return {
    MLFLOW_TRACKING_URI: server.trackingUri,
    MLFLOW_TRACKING_TOKEN: token,
    // The client prefers a user and a password, also those of ~/.mlflow/credentials, over the token.
    MLFLOW_TRACKING_USERNAME: 'winnow',
    MLFLOW_TRACKING_PASSWORD: token,
    NO_PROXY: withLoopback(env['NO_PROXY']),
    no_proxy: withLoopback(env['no_proxy']),
  };
}

function withLoopback(list: string | undefined): string {
  const hosts = (list ?? '').split(',').filter((host) => host.trim() !== '');
  return [...new Set([...hosts, '127.0.0.1', 'localhost'])].join(',');
}
