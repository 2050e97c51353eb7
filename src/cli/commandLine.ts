import { ensureServer } from '../platform/server';
import { type StoreLocation, locateStore } from '../platform/storeLocation';
import { VERSION } from '../platform/version';
import type { Access } from './command';
import { commands } from './commands';
import { helpOf, helpOfAll } from './help';
import { note, optionsOf, parseCall } from './parseCall';
import { report } from './report';
import { runServerOf } from './runServer';

const USAGE_CODE = 2;

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
  let json = beforeSeparator(rest).includes('--json');
  try {
    const typed = parseCall(command, rest);
    if (typed === null) return print(helpOf(command, optionsOf(command)));
    json = typed.json;
    return await command.run({ ...typed, ...accessTo(typed.folder) });
  } catch (error) {
    return report(error, command.name, json);
  }
}

/** How a call gets at the folder that it means. */
export function accessTo(folder: string): Access {
  let located: Promise<StoreLocation> | undefined;
  const location = () => (located ??= locateStore(folder));
  const server = serverOf(location);
  return { location, server, runServer: async () => runServerOf(await server()) };
}

/** Finds or starts the folder's server, and says once what became of its store, be it in the middle of a run. */
function serverOf(location: Access['location']): Access['server'] {
  let told: string | null = null;
  return async () => {
    const server = await ensureServer(await location(), { dist: __dirname });
    const { notice } = server.info;
    if (notice !== null && notice !== told) note(notice);
    told = notice;
    return server;
  };
}

function beforeSeparator(argv: readonly string[]): readonly string[] {
  const separator = argv.indexOf('--');
  return separator < 0 ? argv : argv.slice(0, separator);
}

function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}
