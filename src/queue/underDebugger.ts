import type { LaunchPlan } from '../executors';

/** A debugger that waits for a script to report to it. */
export interface Debugging {
  /** Where it listens, such as `127.0.0.1:40123`. */
  readonly address: string;
  /** The folder of the package debugpy to use; null: the one of the script's own environment. */
  readonly package: string | null;
}

/**
 * The same start with debugpy in front, which waits for the debugger's breakpoints before the first line of the
 * script. The script connects to the debugger and listens for nobody: on a shared machine an open port of it would
 * be a way to run code as its user. The run's command stays what a person typed.
 */
export function underDebugger(plan: LaunchPlan, { address, package: folder }: Debugging): LaunchPlan {
  const debugpy = folder === null ? ['-m', 'debugpy'] : [folder];
  return { ...plan, args: [...debugpy, '--connect', address, '--wait-for-client', ...plan.args] };
}
