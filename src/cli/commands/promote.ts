import type { PromotionPlan } from '../../model/promotion';
import type { Command } from '../command';
import { plain, table } from '../table';

/** Writes a run's code, params and results to the repository. */
export const promote: Command = {
  name: 'promote',
  synopsis: 'promote RUN [--folder DIR] [--branch B] [--tag T] [--message M] [--dry-run] [--json]',
  summary: 'Commits the code and the results of a run on a branch with a tag; nothing else is touched.',
  options: {
    branch: { type: 'string', value: 'B', help: 'the branch to commit on' },
    tag: { type: 'string', value: 'T', help: 'the tag of the commit' },
    message: { type: 'string', value: 'M', help: 'the message of the commit' },
    'dry-run': { type: 'boolean', help: 'print what would be done, and do nothing' },
  },
  words: { least: 1, most: 1 },

  async run(call) {
    const { client } = await call.server();
    const { run } = await client.call('resolveRun', { ref: call.words[0] ?? '' });
    const [branch, tag, message] = [call.text('branch'), call.text('tag'), call.text('message')];
    const { plan } = await client.call('planPromotion', {
      runId: run.runId,
      ...(branch === undefined ? {} : { branch }),
      ...(tag === undefined ? {} : { tag }),
      ...(message === undefined ? {} : { message }),
    });
    if (call.flag('dry-run')) {
      const { base, files, gates } = plan;
      const undone = {
        promotionId: null,
        branch: plan.branch,
        tag: plan.tag,
        commit: null,
        base,
        files,
        gates,
      };
      if (call.json) call.printJson({ ...undone, message: plan.message, notes: plan.notes });
      else call.print(textOf(plan));
      return 0;
    }
    if (!call.json) for (const note of plan.notes) call.note(note);
    const { promotion } = await client.call('applyPromotion', { plan });
    const { promotionId, commit, base, files, gates } = promotion;
    if (call.json) {
      call.printJson({
        promotionId,
        branch: promotion.branch,
        tag: promotion.tag,
        commit,
        base,
        files,
        gates,
      });
    } else {
      call.print(
        `Run ${plain(run.name)} is commit ${commit.slice(0, 10)} on ${promotion.branch}, tag ${promotion.tag}.`,
      );
      call.note(`To undo it: winnow undo ${promotionId}`);
    }
    return 0;
  },
};

function textOf(plan: PromotionPlan): string {
  const facts = table([
    ['repository', plan.repository],
    ['base', plan.base],
    [
      'branch',
      plan.branchFrom === null ? `${plan.branch} (new)` : `${plan.branch}, moved from ${plan.branchFrom}`,
    ],
    ['tag', plan.tag],
  ]);
  const files = table(plan.files.map(({ path, change, origin }) => [`  ${change}`, origin, plain(path)]));
  const gates = plan.gates.map(
    ({ gate, passed, detail }) => `${passed ? 'passed' : 'FAILED'}  ${gate}: ${detail}`,
  );
  return [facts, plan.message, files, ...gates, ...plan.notes].filter((part) => part !== '').join('\n\n');
}
