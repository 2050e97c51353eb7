import type { Executor } from './executor';
import { local } from './local';

export type { Executor, LaunchPlan } from './executor';

/** Every way to run a script; the first is the one when nobody chose. */
export const executors: readonly [Executor, ...Executor[]] = [local];
