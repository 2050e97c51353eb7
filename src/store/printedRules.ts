import { randomUUID } from 'node:crypto';
import type { KeptPrintedRule, PrintedRule } from '../model/printed';
import type { Db } from './database';

export interface PrintedRuleStore {
  /** What a person decided for the folder, and for the experiment if one is named; the oldest first. */
  printedRules(experimentId?: string): KeptPrintedRule[];
  /** Keeps a decision and answers with its id. The same one again changes nothing. */
  addPrintedRule(rule: PrintedRule, experimentId: string | null): string;
  removePrintedRule(ruleId: string): void;
}

interface Row {
  rule_id: string;
  rule: string;
  experiment_id: number | null;
}

export function printedRuleStore(db: Db): PrintedRuleStore {
  const all = db.prepare<[], Row>(
    'SELECT rule_id, rule, experiment_id FROM printed_rules ORDER BY created_at, rule_id',
  );
  const insert = db.prepare<[string, string | null, string, number]>(
    'INSERT INTO printed_rules (rule_id, experiment_id, rule, created_at) VALUES (?, CAST(? AS INTEGER), ?, ?)',
  );
  const remove = db.prepare<[string]>('DELETE FROM printed_rules WHERE rule_id = ?');

  function printedRules(experimentId?: string): KeptPrintedRule[] {
    return all
      .all()
      .map(({ rule_id: ruleId, rule, experiment_id: experiment }) => ({
        ruleId,
        rule: JSON.parse(rule) as PrintedRule, // Written by addPrintedRule below.
        experimentId: experiment === null ? null : String(experiment),
      }))
      .filter((kept) => experimentId === undefined || [null, experimentId].includes(kept.experimentId));
  }

  return {
    printedRules,
    addPrintedRule(rule, experimentId) {
      const text = JSON.stringify(rule);
      const known = printedRules().find(
        (kept) => JSON.stringify(kept.rule) === text && kept.experimentId === experimentId,
      );
      if (known !== undefined) return known.ruleId;
      const ruleId = randomUUID();
      insert.run(ruleId, experimentId, text, Date.now());
      return ruleId;
    },
    removePrintedRule: (ruleId) => void remove.run(ruleId),
  };
}
