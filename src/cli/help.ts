import type { Command, CommandOption } from './command';
import { table } from './table';

/** The help of one command. */
export function helpOf(command: Command, options: Readonly<Record<string, CommandOption>>): string {
  const rows = Object.entries(options).map(([name, { value, help }]) => [
    `  --${name}${value === undefined ? '' : ` ${value}`}`,
    help,
  ]);
  return `Usage: winnow ${command.synopsis}\n\n${command.summary}\n\n${table(rows)}`;
}

/** The list of all commands. */
export function helpOfAll(commands: readonly Command[]): string {
  const rows = commands.map(({ name, summary }) => [`  ${name}`, summary]);
  return `Usage: winnow COMMAND [OPTION…]

Runs machine-learning experiments, and keeps the winners in the repository.

${table(rows)}

"winnow COMMAND --help" tells more about one.
Exit codes: the script's own; 128 + n when signal n ended it; 125 when Winnow failed; 2 for wrong usage.`;
}
