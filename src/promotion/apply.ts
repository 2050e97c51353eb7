import { randomBytes } from 'node:crypto';
import { UserError } from '../base/errors';
import { inTurn } from '../base/inTurn';
import { GitFailure } from '../git/git';
import { type Repository, findRepository, listRefs, readFlag, requireIdentity } from '../git/repository';
import type { Promotion, PromotionPlan } from '../model/promotion';
import { carryOut } from './journal';
import { type PlannedTree, findPlannedTree, forgetPlan } from './plannedTree';
import type { PromotionTools } from './tools';

/**
 * Carries out a plan that was shown: one commit, one annotated tag, and both names at once or none. HEAD, the
 * index and the working tree stay as they are. What fails before the names leaves no more than objects that
 * nothing refers to.
 * @throws UserError 'gate-failed', 'plan-unknown', 'not-a-repository', 'git-identity', 'signing-failed';
 *   'promotion-conflict' when a branch or a tag was made or moved since the plan: plan again.
 */
export function applyPromotion(
  tools: PromotionTools,
  plan: PromotionPlan,
  signal?: AbortSignal,
): Promise<Promotion> {
  return inTurn(plan.repository, async () => {
    requireGates(plan);
    const { git } = tools;
    const repository = await findRepository(git, plan.repository, signal);
    if (repository === null) {
      throw new UserError('not-a-repository', `${plan.repository} is no longer a git repository.`);
    }
    const planned = await findPlannedTree(tools, plan, repository);
    await requireIdentity(git, plan.repository, signal);
    await requireUnmoved(tools, plan, signal);
    const commit = await writeCommit(tools, plan, planned, signal);
    const tagObject = await writeTag(tools, plan, planned, commit, signal);
    await moveObjects(tools, plan, planned, repository, tagObject, signal);
    const promotion: Promotion = {
      promotionId: randomBytes(16).toString('hex'),
      runId: plan.runId,
      experiment: planned.experiment,
      repository: plan.repository,
      branch: plan.branch,
      branchFrom: plan.branchFrom,
      tag: plan.tag,
      tagObject,
      commit,
      base: plan.base,
      files: plan.files,
      gates: plan.gates,
      promotedAt: Date.now(),
      undoneAt: null,
    };
    const changes = [
      { ref: `refs/heads/${plan.branch}`, from: plan.branchFrom, to: commit },
      { ref: `refs/tags/${plan.tag}`, from: null, to: tagObject },
    ];
    await carryOut(tools, { promotion, changes }, `winnow: promote run ${plan.runId}`, signal);
    await forgetPlan(tools, plan);
    return promotion;
  });
}

function requireGates(plan: PromotionPlan): void {
  const failed = plan.gates.filter(({ passed }) => !passed);
  if (failed.length === 0) return;
  throw new UserError('gate-failed', failed.map(({ gate, detail }) => `${gate}: ${detail}`).join('\n'));
}

/** The same as the transaction asks, said before anything is written and in clearer words. */
async function requireUnmoved(
  tools: PromotionTools,
  plan: PromotionPlan,
  signal?: AbortSignal,
): Promise<void> {
  const refs = await listRefs(tools.git, plan.repository, signal);
  const branchMoved = (refs.get(`refs/heads/${plan.branch}`) ?? null) !== plan.branchFrom;
  const taken = [
    ...(branchMoved ? [`the branch ${plan.branch}`] : []),
    ...(refs.has(`refs/tags/${plan.tag}`) ? [`the tag ${plan.tag}`] : []),
  ];
  if (taken.length === 0) return;
  throw new UserError(
    'promotion-conflict',
    `Nothing was changed: since this plan was made, somebody made or moved ${taken.join(' and ')}. Plan the promotion again.`,
  );
}

async function writeCommit(
  tools: PromotionTools,
  plan: PromotionPlan,
  { place, tree }: PlannedTree,
  signal?: AbortSignal,
): Promise<string> {
  const sign = await readFlag(tools.git, plan.repository, 'commit.gpgsign', false, signal);
  const parents = plan.base === '' ? [] : ['-p', plan.base];
  const args = ['commit-tree', ...(sign ? ['-S'] : []), ...parents, tree];
  const input = plan.message.endsWith('\n') ? plan.message : `${plan.message}\n`;
  try {
    return (await tools.git.run(place, args, { input, sign }, signal)).stdout.toString('utf8').trim();
  } catch (error) {
    if (!sign || !(error instanceof GitFailure)) throw error;
    throw new UserError(
      'signing-failed',
      `The commit could not be signed, and commit.gpgsign is set: ${error.stderr.trim().split('\n')[0] ?? ''}. ` +
        'Nothing was changed. Check that "git commit -S" works, and try again.',
      { cause: error },
    );
  }
}

async function writeTag(
  tools: PromotionTools,
  plan: PromotionPlan,
  { place }: PlannedTree,
  commit: string,
  signal?: AbortSignal,
): Promise<string> {
  const ask = { folder: plan.repository };
  const tagger = (await tools.git.run(ask, ['var', 'GIT_COMMITTER_IDENT'], {}, signal)).stdout
    .toString('utf8')
    .trim();
  const title = plan.message.split('\n').find((line) => line.trim() !== '') ?? plan.tag;
  const input = [
    `object ${commit}`,
    'type commit',
    `tag ${plan.tag}`,
    `tagger ${tagger}`,
    '',
    title,
    '',
    `Winnow-Run: ${plan.runId}`,
    '',
  ].join('\n');
  return (await tools.git.run(place, ['mktag'], { input }, signal)).stdout.toString('utf8').trim();
}

/** Copies what the tag leads to and the repository lacks. */
async function moveObjects(
  tools: PromotionTools,
  plan: PromotionPlan,
  { place }: PlannedTree,
  repository: Repository,
  tagObject: string,
  signal?: AbortSignal,
): Promise<void> {
  const revisions = plan.base === '' ? [tagObject] : [tagObject, `^${plan.base}`];
  const pack = await tools.git.run(
    place,
    ['pack-objects', '--revs', '--stdout', '-q'],
    { input: `${revisions.join('\n')}\n` },
    signal,
  );
  // Synced to the disk before a name leads to them.
  const settings = { 'core.fsync': 'loose-object,pack,reference', 'core.fsyncMethod': 'batch' };
  const target = { gitDirectory: repository.gitDirectory };
  await tools.git.run(target, ['unpack-objects', '-q', '--strict'], { input: pack.stdout, settings }, signal);
}
