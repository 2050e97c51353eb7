import path from 'node:path';
import { parseArgs } from 'node:util';
import { UserError, errorCode, messageOf } from '../base/errors';
import { numbersToWire } from '../api/wire';
import { ensureServer } from '../platform/server';
import { type StoreLocation, locateStore } from '../platform/storeLocation';
import { VERSION } from '../platform/version';
import { type Call, type Command, type CommandOption, UsageError } from './command';
import { commands } from './commands';
import { helpOf, helpOfAll } from './help';

const USAGE_CODE = 2;
const FAILURE_CODE = 125; // As docker and env use it: no script that ran has ended with it on purpose.

const COMMON: Readonly<Record<string, CommandOption>> = {
  folder: { type: 'string', value: 'DIR', help: 'the folder of the experiments; where you stand by default' },
  json: { type: 'boolean', help: 'print JSON for programs' },
  help: { type: 'boolean', help: 'print this help' },
};

/** Carries out what was typed after `winnow`, and resolves with the exit code. */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  const [name = 'help', ...rest] = argv;
  if (['help', '--help', '-h'].includes(name)) return print(helpOfAll(commands));
  if (['--version', '-v', 'version'].includes(name)) return print(VERSION);
  const command = commands.find((each) => each.name === name);
  if (command === undefined) {
    console.error(`winnow: there is no command "${name}". "winnow help" lists all of them.`);
    return USAGE_CODE;
  }
  const options = { ...command.options, ...COMMON };
  let json = beforeSeparator(rest).includes('--json');
  try {
    const call = parseCall(command, options, rest);
    if (call === null) return print(helpOf(command, options));
    json = call.json;
    return await command.run(call);
  } catch (error) {
    return report(error, command, json);
  }
}

function parseCall(
  command: Command,
  options: Readonly<Record<string, CommandOption>>,
  argv: readonly string[],
): Call | null {
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
  let located: Promise<StoreLocation> | undefined;
  const location = () => (located ??= locateStore(folder));
  return {
    words,
    text,
    flag: (option) => values[option] === true,
    json: values['json'] === true,
    folder,
    env: process.env,
    location,
    server: serverOf(location),
    print: (line) => void process.stdout.write(`${line}\n`),
    printJson: (value) => void process.stdout.write(`${JSON.stringify(value, numbersToWire)}\n`),
    note,
  };
}

/** Finds or starts the folder's server, and says once what became of its store, be it in the middle of a run. */
function serverOf(location: Call['location']): Call['server'] {
  let told: string | null = null;
  return async () => {
    const server = await ensureServer(await location(), { dist: __dirname });
    const { notice } = server.info;
    if (notice !== null && notice !== told) note(notice);
    told = notice;
    return server;
  };
}

function note(line: string): void {
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

function beforeSeparator(argv: readonly string[]): readonly string[] {
  const separator = argv.indexOf('--');
  return separator < 0 ? argv : argv.slice(0, separator);
}

function report(error: unknown, command: Command, json: boolean): number {
  const isUsage = error instanceof UsageError;
  const code = isUsage ? 'usage' : error instanceof UserError ? error.code : 'bug';
  if (json) {
    process.stdout.write(`${JSON.stringify({ error: { code, message: messageOf(error) } })}\n`);
  } else {
    console.error(`winnow ${command.name}: ${messageOf(error)}`);
    if (isUsage) console.error(`"winnow ${command.name} --help" tells how it is used.`);
    if (code === 'bug' && error instanceof Error) console.error(error.stack);
  }
  return isUsage ? USAGE_CODE : FAILURE_CODE;
}

function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}
