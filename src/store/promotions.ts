import { UserError } from '../base/errors';
import type { Promotion } from '../model/promotion';
import type { Db } from './database';
import type { Journal } from './journal';

export interface PromotionStore {
  addPromotion(promotion: Promotion): void;
  markUndone(promotionId: string, undoneAt: number): Promotion;
  getPromotion(promotionId: string): Promotion | null;
  /** Newest first. */
  listPromotions(): Promotion[];
}

export function promotionStore(db: Db, journal: Journal): PromotionStore {
  type Row = { record: string; undone_at: number | null };
  const byId = db.prepare<[string], Row>('SELECT record, undone_at FROM promotions WHERE promotion_id = ?');
  const all = db.prepare<[], Row>('SELECT record, undone_at FROM promotions ORDER BY promoted_at DESC');
  const insert = db.prepare<[string, string, number, number | null, string, number]>(
    `INSERT INTO promotions (promotion_id, run_id, promoted_at, undone_at, record, seq) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  );
  const undo = db.prepare<[number, number, string]>(
    'UPDATE promotions SET undone_at = ?, seq = ? WHERE promotion_id = ?',
  );
  const promotionOf = (row: Row): Promotion => ({
    ...(JSON.parse(row.record) as Promotion),
    undoneAt: row.undone_at,
  });

  return {
    addPromotion(promotion) {
      const { promotionId, runId, promotedAt, undoneAt } = promotion;
      insert.run(promotionId, runId, promotedAt, undoneAt, JSON.stringify(promotion), journal.next());
      journal.promotion();
    },
    markUndone(promotionId, undoneAt) {
      undo.run(undoneAt, journal.next(), promotionId);
      journal.promotion();
      const row = byId.get(promotionId);
      if (row === undefined) {
        throw new UserError('not-found', `There is no promotion "${promotionId}".`);
      }
      return promotionOf(row);
    },
    getPromotion(promotionId) {
      const row = byId.get(promotionId);
      return row === undefined ? null : promotionOf(row);
    },
    listPromotions: () => all.all().map(promotionOf),
  };
}
