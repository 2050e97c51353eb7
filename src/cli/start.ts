import module from 'node:module';
import path from 'node:path';
import { stateHome } from '../platform/stateHome';
import type * as Whole from './main';
import { runQuickly } from './runQuickly';

/**
 * What `winnow` starts with. `winnow run` is carried out by what is in this bundle whenever that can be; the rest is
 * a bundle of its own, which Node takes compiled from a cache in the private state folder. Compiling it anew would
 * cost every command a quarter of its start.
 */
async function main(): Promise<number> {
  const argv = process.argv.slice(2);
  const quick =
    argv[0] === 'run' ? await runQuickly(argv.slice(1), (folder) => whole().accessTo(folder)) : null;
  return quick ?? whole().runCommandLine(argv);
}

function whole(): typeof Whole {
  module.enableCompileCache?.(path.join(stateHome(), 'compiled')); // Node 22 and later.
  const loaded: typeof Whole = require(path.join(__dirname, 'command.js'));
  return loaded;
}

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

void main().then((code) => process.exit(code));
