import module from 'node:module';
import path from 'node:path';
import { stateHome } from '../platform/stateFolder';

/**
 * What `winnow` starts with: the rest is a bundle of its own, so that Node can take its compiled code from a cache
 * in the private state folder. Compiling it anew would cost every command a quarter of its start.
 */
module.enableCompileCache?.(path.join(stateHome(), 'compiled')); // Node 22 and later.
require(path.join(__dirname, 'command.js'));
