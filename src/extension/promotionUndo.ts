import * as vscode from 'vscode';
import type { AnswerOf } from '../api/endpoints';
import type { FolderLink } from './serverConnection';
import type { Services } from './services';

type Promotion = AnswerOf<'applyPromotion'>['promotion'];

/** Says what is true after a promotion, and offers the way back. */
export async function offerUndo(
  { errors }: Pick<Services, 'errors'>,
  link: FolderLink,
  name: string,
  promotion: Promotion,
  showDiff: () => Promise<void>,
): Promise<void> {
  const undoIt = vscode.l10n.t('Undo');
  const copy = vscode.l10n.t('Copy Commit');
  const diff = vscode.l10n.t('Show Diff');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t(
      'Promoted {0}: commit {1} on {2}, tag {3}. HEAD, index and working tree are as they were.',
      name,
      promotion.commit.slice(0, 7),
      promotion.branch,
      promotion.tag,
    ),
    undoIt,
    copy,
    diff,
  );
  if (chosen === undoIt) await errors.guard(() => undo(link, promotion.promotionId));
  if (chosen === diff) await errors.guard(showDiff);
  if (chosen === copy) await vscode.env.clipboard.writeText(promotion.commit);
}

/** Takes a promotion back and says what is true then. */
export async function undo(link: FolderLink, promotionId: string): Promise<void> {
  const client = await link.client();
  const { promotion } = await client.call('undoPromotion', { promotionId });
  void vscode.window.showInformationMessage(
    vscode.l10n.t(
      'Undone: branch {0} and tag {1} are where they were before. The commit {2} stays until git cleans up.',
      promotion.branch,
      promotion.tag,
      promotion.commit.slice(0, 7),
    ),
  );
}
