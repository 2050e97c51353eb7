import type { Promotion } from '../model/promotion';
import type { Db } from './database';
import type { Journal } from './journal';

export interface PromotionStore {
  /** Stores a promotion that was carried out, or undone since. */
  savePromotion(promotion: Promotion): void;
  getPromotion(promotionId: string): Promotion | null;
  /** Newest first. */
  listPromotions(): Promotion[];
}

export function promotionStore(db: Db, journal: Journal): PromotionStore {
  type Row = { record: string; undone_at: number | null };
  const byId = db.prepare<[string], Row>('SELECT record, undone_at FROM promotions WHERE promotion_id = ?');
  const all = db.prepare<[], Row>('SELECT record, undone_at FROM promotions ORDER BY promoted_at DESC');
  const put = db.prepare<[string, string, number, number | null, string, number]>(
    `INSERT INTO promotions (promotion_id, run_id, promoted_at, undone_at, record, seq) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET undone_at = excluded.undone_at, record = excluded.record, seq = excluded.seq`,
  );
  const promotionOf = (row: Row): Promotion => ({
    ...(JSON.parse(row.record) as Promotion),
    undoneAt: row.undone_at,
  });

  return {
    savePromotion(promotion) {
      const { promotionId, runId, promotedAt, undoneAt } = promotion;
      put.run(promotionId, runId, promotedAt, undoneAt, JSON.stringify(promotion), journal.next());
      journal.promotion();
    },
    getPromotion(promotionId) {
      const row = byId.get(promotionId);
      return row === undefined ? null : promotionOf(row);
    },
    listPromotions: () => all.all().map(promotionOf),
  };
}
