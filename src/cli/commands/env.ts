import type { Command } from '../command';
import { holdServer } from '../hold';

/** The server's address as shell exports, for `eval "$(winnow env)"`. */
export const env: Command = {
  name: 'env',
  synopsis: 'env [--folder DIR] [--json]',
  summary: 'Prints the variables that let an MLflow client log to the folder: eval "$(winnow env)".',
  options: {},
  words: { least: 0, most: 0 },

  async run(call) {
    const handle = await call.server();
    await holdServer(handle);
    const { trackingUri, token } = handle.connection;
    const variables = {
      MLFLOW_TRACKING_URI: trackingUri,
      MLFLOW_TRACKING_TOKEN: token,
      // The client prefers a user and a password, also those of ~/.mlflow/credentials, over the token.
      MLFLOW_TRACKING_USERNAME: 'winnow',
      MLFLOW_TRACKING_PASSWORD: token,
      NO_PROXY: withLoopback(call.env['NO_PROXY']),
      no_proxy: withLoopback(call.env['no_proxy']),
    };
    if (call.json) call.printJson(variables);
    else for (const [name, value] of Object.entries(variables)) call.print(`export ${name}=${quote(value)}`);
    return 0;
  },
};

/** A word that every POSIX shell takes as it is. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function withLoopback(list: string | undefined): string {
  const hosts = (list ?? '').split(',').filter((host) => host.trim() !== '');
  return [...new Set([...hosts, '127.0.0.1', 'localhost'])].join(',');
}
