import { UserError } from '../base/errors';
import { inTurn } from '../base/inTurn';
import { findRepository, whereCheckedOut } from '../git/repository';
import type { Promotion } from '../model/promotion';
import { carryOut } from './journal';
import { readRefs } from './refs';
import type { PromotionTools } from './tools';

/**
 * Puts the branch and the tag of a promotion back to where they were: a new branch goes, a moved one moves
 * back. Undoing twice is the same as once.
 * @throws UserError 'undo-refused' when the branch or the tag has moved on since, or is checked out somewhere;
 *   'promotion-conflict' when that happens this moment.
 */
export function undoPromotion(
  tools: PromotionTools,
  promotion: Promotion,
  signal?: AbortSignal,
): Promise<Promotion> {
  return inTurn(promotion.repository, async () => {
    if (promotion.undoneAt !== null) return promotion;
    const { git } = tools;
    const { repository, branch, branchFrom, tag, tagObject, commit } = promotion;
    if ((await findRepository(git, repository, signal)) === null) {
      throw new UserError(
        'not-a-repository',
        `The promotion cannot be undone: ${repository} is not a git repository.`,
      );
    }
    const [branchRef, tagRef] = [`refs/heads/${branch}`, `refs/tags/${tag}`];
    const [branchAt = null, tagAt = null] = await readRefs(git, repository, [branchRef, tagRef], signal);
    if (branchAt !== commit && branchAt !== branchFrom) {
      throw refused(
        branchAt === null
          ? `the branch ${branch} is gone. The tag goes with: git tag -d ${tag}`
          : `the branch ${branch} has moved on since. To take the files back on top of it, switch to it and type: git revert ${commit.slice(0, 10)}`,
      );
    }
    if (tagAt !== tagObject && tagAt !== null) {
      throw refused(`the tag ${tag} was moved since. If nobody needs it there, type: git tag -d ${tag}`);
    }
    const where = branchAt === commit ? await whereCheckedOut(git, repository, branch, signal) : null;
    if (where !== null) {
      throw refused(`the branch ${branch} is checked out in ${where}; switch to another branch there first.`);
    }
    const undone: Promotion = { ...promotion, undoneAt: Date.now() };
    // What somebody took away by hand needs no undoing.
    const changes = [
      ...(branchAt === commit ? [{ ref: branchRef, from: commit, to: branchFrom }] : []),
      ...(tagAt === tagObject ? [{ ref: tagRef, from: tagObject, to: null }] : []),
    ];
    if (changes.length === 0) await tools.save(undone);
    else
      await carryOut(
        tools,
        { promotion: undone, changes },
        `winnow: undo promotion of run ${promotion.runId}`,
        signal,
      );
    return undone;
  });
}

function refused(why: string): UserError {
  return new UserError('undo-refused', `The promotion was not undone and nothing was changed: ${why}`);
}
