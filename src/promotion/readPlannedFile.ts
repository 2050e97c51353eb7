import { UserError } from '../base/errors';
import { type GitPlace } from '../git/git';
import { findRepository } from '../git/repository';
import type { PromotionPlan } from '../model/promotion';
import { parseTree } from '../capture/readSnapshot';
import { bytePath } from '../git/bytePath';
import { findPlannedTree } from './plannedTree';
import type { PromotionTools } from './tools';

/**
 * A file as the plan would write it ('after') or as it is at the base ('before'); null when it is not there.
 * @throws UserError 'plan-unknown' for 'after' when the plan is no longer kept.
 */
export async function readPlannedFile(
  tools: PromotionTools,
  plan: PromotionPlan,
  path: string,
  side: 'before' | 'after',
  signal?: AbortSignal,
): Promise<Buffer | null> {
  const repository = await findRepository(tools.git, plan.repository, signal);
  if (repository === null) {
    throw new UserError('not-a-repository', `${plan.repository} is no longer a git repository.`);
  }
  if (side === 'before') {
    return plan.base === '' ? null : readFrom(tools, { folder: plan.repository }, plan.base, path, signal);
  }
  const { place, tree } = await findPlannedTree(tools, plan, repository);
  return readFrom(tools, place, tree, path, signal);
}

async function readFrom(
  { git }: PromotionTools,
  place: GitPlace,
  tree: string,
  path: string,
  signal?: AbortSignal,
): Promise<Buffer | null> {
  if (!/^[0-9a-f]{40,64}$/.test(tree))
    throw new UserError('plan-unknown', 'This plan names no commit to build on.');
  const listing = await git.run(place, ['ls-tree', '-r', '-z', '--full-tree', tree], {}, signal);
  const entry = parseTree(listing.stdout).get(bytePath(path));
  if (entry === undefined) return null;
  return (await git.run(place, ['cat-file', 'blob', entry.id], {}, signal)).stdout;
}
