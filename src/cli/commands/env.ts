import { clientVariables } from '../../platform/clientVariables';
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
    const variables = clientVariables(handle.connection, call.env);
    if (call.json) call.printJson(variables);
    else for (const [name, value] of Object.entries(variables)) call.print(`export ${name}=${quote(value)}`);
    return 0;
  },
};

/** A word that every POSIX shell takes as it is. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
