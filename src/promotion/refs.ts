import { UserError } from '../base/errors';
import { type Git, GitFailure } from '../git/git';
import { listRefs } from '../git/repository';

/** A ref that moves from one object to another; null is "not there". */
export interface RefChange {
  readonly ref: string;
  readonly from: string | null;
  readonly to: string | null;
}

/**
 * Moves all refs or none, and only while each still is where `from` says.
 * @throws UserError 'promotion-conflict' when one is not, or another git holds it.
 */
export async function moveRefs(
  git: Git,
  repository: string,
  changes: readonly RefChange[],
  reason: string,
  signal?: AbortSignal,
): Promise<void> {
  const commands = ['start', ...changes.map(command), 'prepare', 'commit'];
  const input = commands.map((line) => `${line}\0`).join('');
  try {
    await git.run({ folder: repository }, ['update-ref', '-m', reason, '-z', '--stdin'], { input }, signal);
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
    throw new UserError(
      'promotion-conflict',
      `Nothing was changed in ${repository}: ${whyRefused(error.stderr)}. Plan the promotion again.`,
      { cause: error },
    );
  }
}

/** Where refs stand now. */
export async function readRefs(
  git: Git,
  repository: string,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<(string | null)[]> {
  const refs = await listRefs(git, repository, signal);
  return names.map((name) => refs.get(name) ?? null);
}

function command({ ref, from, to }: RefChange): string {
  if (from === null) return `create ${ref}\0${to ?? ''}`;
  if (to === null) return `delete ${ref}\0${from}`;
  return `update ${ref}\0${to}\0${from}`;
}

function whyRefused(stderr: string): string {
  const lock = /Unable to create '(.+?\.lock)': File exists/.exec(stderr);
  if (lock?.[1] !== undefined) return `another git program holds ${lock[1]}`;
  const name = /cannot lock ref '([^']+)'/.exec(stderr)?.[1];
  const shown = name?.replace(/^refs\/heads\//, 'the branch ').replace(/^refs\/tags\//, 'the tag ');
  return shown === undefined ? stderr.trim() : `${shown} was made or moved by somebody else meanwhile`;
}
