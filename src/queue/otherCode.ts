import { compareCode } from '../capture/codeChanges';

/** What a run writes beside its script is no code of it: checkpoints, logs and results are passed over. */
const CODE = /\.(py|pyi|ipynb|ya?ml|toml|cfg|ini|sh)$/;

/** Whether the code of one snapshot is other code than that of another; files that a run wrote do not count. */
export async function isOtherCode(
  snapshots: string,
  before: string,
  after: string,
  signal: AbortSignal,
): Promise<boolean> {
  const changes = await compareCode(snapshots, before, after, signal);
  return changes.some(({ path }) => CODE.test(path));
}
