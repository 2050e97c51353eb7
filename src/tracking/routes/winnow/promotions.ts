import { UserError } from '../../../base/errors';
import type { RunDetail } from '../../../model/run';
import { applyPromotion } from '../../../promotion/apply';
import { planPromotion } from '../../../promotion/plan';
import { readPlannedFile } from '../../../promotion/readPlannedFile';
import type { PromotionTools } from '../../../promotion/tools';
import { undoPromotion } from '../../../promotion/undo';
import type { Store } from '../../../store/store';
import type { Handlers } from './index';

export interface PromotionDeps {
  readonly promotionTools: PromotionTools;
}

export function promotionHandlers({
  promotionTools: tools,
  store,
}: PromotionDeps & {
  readonly store: Pick<Store, 'getRun' | 'getPromotion' | 'listPromotions' | 'readOnly'>;
}): Handlers<'planPromotion' | 'readPlannedFile' | 'applyPromotion' | 'undoPromotion' | 'listPromotions'> {
  /** Said before anything is prepared: refs must not move when that cannot be recorded. */
  function requireWritable(): void {
    if (store.readOnly !== null) throw new UserError('store-read-only', store.readOnly);
  }

  function run(runId: string): RunDetail {
    const found = store.getRun(runId);
    if (found === null) throw new UserError('not-found', `Run with id=${runId} not found`);
    return found;
  }

  return {
    async planPromotion({ runId, ...options }, { signal }) {
      requireWritable();
      return { plan: await planPromotion(tools, run(runId), options, signal) };
    },
    async readPlannedFile({ plan, path, side }, { signal }) {
      const content = await readPlannedFile(tools, plan, path, side, signal);
      return { content: content === null ? null : content.toString('base64') };
    },
    // Not left in the middle when the client goes: what was confirmed is carried out.
    async applyPromotion({ plan }) {
      requireWritable();
      return { promotion: await applyPromotion(tools, plan) };
    },
    async undoPromotion({ promotionId }) {
      requireWritable();
      const promotion = store.getPromotion(promotionId);
      if (promotion === null) {
        throw new UserError(
          'not-found',
          `There is no promotion "${promotionId}" to undo. Give the id that was printed when it was made, or its tag.`,
        );
      }
      return { promotion: await undoPromotion(tools, promotion) };
    },
    listPromotions: () => ({ promotions: store.listPromotions() }),
  };
}
