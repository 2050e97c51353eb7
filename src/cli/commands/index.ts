import type { Command } from '../command';
import { env } from './env';
import { output } from './output';
import { promote } from './promote';
import { purge } from './purge';
import { queue } from './queue';
import { resume } from './resume';
import { run } from './run';
import { runs } from './runs';
import { server } from './server';
import { show } from './show';
import { stop } from './stop';
import { undo } from './undo';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  run,
  runs,
  show,
  output,
  stop,
  resume,
  queue,
  promote,
  undo,
  purge,
  server,
  env,
];
