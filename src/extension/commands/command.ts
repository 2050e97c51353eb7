import type { CommandId } from '../ids';
import type { Services } from '../services';

/**
 * One command. It names the services it needs in the type of its first argument; the arguments behind come from
 * menus, links and other extensions and are foreign. What it throws is shown by errors.ts.
 */
export interface Command {
  readonly id: CommandId;
  run(services: Services, ...args: readonly unknown[]): unknown;
}
