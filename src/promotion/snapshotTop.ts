import { UserError } from '../base/errors';
import type { Git } from '../git/git';

/**
 * The folder that the paths of a snapshot were relative to when it was taken.
 * @throws UserError 'snapshot-missing'.
 */
export async function readSnapshotTop(
  git: Git,
  snapshots: string,
  commit: string,
  signal?: AbortSignal,
): Promise<string> {
  const place = { gitDirectory: snapshots };
  const ended = await git.run(place, ['cat-file', 'commit', commit], { accept: [0, 128] }, signal);
  const line = /^Winnow-Top: (".*")$/m.exec(ended.code === 0 ? ended.stdout.toString('utf8') : '');
  const top: unknown = line?.[1] === undefined ? null : JSON.parse(line[1]);
  if (typeof top === 'string') return top;
  throw new UserError(
    'snapshot-missing',
    `The code of this run is no longer there: the snapshot ${commit.slice(0, 12)} is not in ${snapshots}.`,
  );
}
