import type { ParamSpec } from '../model/param';
import { findParams } from './params';

/** By what a script is told to go on from a checkpoint. */
export interface ResumeFlag {
  readonly flag: string;
  /** Whether it takes the checkpoint's path; a switch makes the script find it by itself. */
  readonly takesPath: boolean;
}

/** What scripts call it, the most telling first: `checkpoint` may also be where one is written. */
const NAMES = [
  'resume_from_checkpoint',
  'resume_checkpoint',
  'resume_from',
  'resume_path',
  'resume',
  'ckpt_path',
  'from_checkpoint',
  'load_checkpoint',
  'checkpoint_path',
  'checkpoint',
  'ckpt',
] as const;

/** The flag by which a script's code takes a checkpoint to go on from, or null. The code is read, not executed. */
export function findResumeFlag(source: string): ResumeFlag | null {
  const specs = findParams(source);
  for (const name of NAMES) {
    const spec = specs.find((each) => each.flag !== null && nameOf(each) === name);
    if (spec?.flag) return { flag: spec.flag, takesPath: spec.action === 'store' };
  }
  return null;
}

function nameOf({ flag, name }: ParamSpec): string {
  return (flag ?? name).replace(/^-+/, '').replaceAll('-', '_').toLowerCase();
}

/** A script's arguments with the checkpoint in its place: the value of a flag that is there is replaced. */
export function withResume(
  args: readonly string[],
  found: ResumeFlag,
  checkpoint: string,
): readonly string[] {
  const { flag, takesPath } = found;
  const at = args.findIndex((arg) => arg === flag || arg.startsWith(`${flag}=`));
  if (!takesPath) return at === -1 ? [...args, flag] : args;
  if (at === -1) return [...args, flag, checkpoint];
  const before = args.slice(0, at);
  return args[at] === flag
    ? [...before, flag, checkpoint, ...args.slice(at + 2)]
    : [...before, `${flag}=${checkpoint}`, ...args.slice(at + 1)];
}
