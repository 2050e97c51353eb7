import path from 'node:path';
import { parseArgs } from 'node:util';
import { errorCode, messageOf } from '../base/errors';
import { numbersToWire } from '../api/wireNumbers';
import { type Command, type CommandOption, type Typed, UsageError } from './command';

const COMMON: Readonly<Record<string, CommandOption>> = {
  folder: { type: 'string', value: 'DIR', help: 'the folder of the experiments; where you stand by default' },
  json: { type: 'boolean', help: 'print JSON for programs' },
  help: { type: 'boolean', help: 'print this help' },
};

/** All options that a command takes. */
export function optionsOf(command: Pick<Command, 'options'>): Readonly<Record<string, CommandOption>> {
  return { ...command.options, ...COMMON };
}

/** What was typed after a command's name; null when its help is asked for. @throws UsageError */
export function parseCall(
  command: Pick<Command, 'options' | 'words' | 'synopsis'>,
  argv: readonly string[],
): Typed | null {
  const options = optionsOf(command);
  const types = Object.fromEntries(Object.entries(options).map(([name, { type }]) => [name, { type }]));
  let parsed;
  try {
    parsed = parseArgs({ args: [...argv], options: types, allowPositionals: true, strict: true });
  } catch (error) {
    if (errorCode(error)?.startsWith('ERR_PARSE_ARGS') !== true) throw error;
    throw new UsageError(messageOf(error), { cause: error });
  }
  const values: Record<string, unknown> = parsed.values;
  const words = parsed.positionals;
  if (values['help'] === true) return null;
  const { least, most } = command.words;
  if (words.length < least) throw new UsageError(`Something is missing: winnow ${command.synopsis}`);
  if (words.length > most) throw new UsageError(`"${words[most]}" is one word too many.`);

  const text = (option: string) => (typeof values[option] === 'string' ? values[option] : undefined);
  const folder = path.resolve(standingIn(), text('folder') ?? '.');
  return {
    words,
    text,
    flag: (option) => values[option] === true,
    json: values['json'] === true,
    folder,
    env: process.env,
    print: (line) => void process.stdout.write(`${line}\n`),
    printJson: (value) => void process.stdout.write(`${JSON.stringify(value, numbersToWire)}\n`),
    note,
  };
}

/** One line to standard error: what a person may want to know beside the answer. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

/**
 * Where the person stands. `npm run winnow` changes to the checkout and says where it was called; the variable
 * is inherited by whatever npm starts, so it counts for that script only.
 */
function standingIn(): string {
  const { INIT_CWD, npm_lifecycle_event } = process.env;
  return npm_lifecycle_event === 'winnow' && INIT_CWD ? INIT_CWD : process.cwd();
}
