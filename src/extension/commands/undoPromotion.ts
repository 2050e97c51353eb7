import * as vscode from 'vscode';
import { formatAge } from '../../model/format';
import { COMMANDS } from '../ids';
import { undo } from '../promotionUndo';
import type { FolderLink } from '../serverConnection';
import type { Services } from '../services';

/** Takes a promotion back: its branch and tag go where they were before. */
export const undoPromotion = {
  id: COMMANDS.undoPromotion,
  async run(services: Services) {
    const items = promotionsOf(services);
    const chosen = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t('Undo Promotion'),
      placeHolder: vscode.l10n.t('Its branch and tag go where they were before'),
    });
    if (chosen === undefined || chosen.promotion === null) return;
    await undo(chosen.promotion.link, chosen.promotion.promotionId);
  },
};

interface PromotionItem extends vscode.QuickPickItem {
  readonly promotion: { readonly link: FolderLink; readonly promotionId: string } | null;
}

async function promotionsOf({ folders }: Services): Promise<PromotionItem[]> {
  const lists = await Promise.all(
    folders.all.map(async (link): Promise<PromotionItem[]> => {
      if (link.status.kind !== 'connected' && !(await link.hasStore())) return [];
      const { promotions } = await (await link.client()).call('listPromotions', {});
      return promotions
        .filter(({ undoneAt }) => undoneAt === null)
        .map(({ tag, branch, commit, promotedAt, promotionId }) => ({
          label: tag,
          description: `${branch} · ${commit.slice(0, 7)} · ${formatAge(promotedAt, Date.now())}`,
          promotion: { link, promotionId },
        }));
    }),
  );
  const found = lists.flat();
  return found.length > 0
    ? found
    : [{ label: vscode.l10n.t('There is no promotion that could be undone'), promotion: null }];
}
