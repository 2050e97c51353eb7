import type { Condition } from './conditions';
import { type Lead, type OrderTerm, type Stage, TIES } from './order';
import { type Sql, joined } from './sql';

/** A search that was understood, and what is to be known for choosing how to do it. */
export interface Question {
  readonly conditions: readonly Condition[];
  readonly order: readonly OrderTerm[];
  /** How runs are walked, newest first: the FROM with the index that fits. Null: they must be sorted. */
  readonly walk: string | null;
  readonly limit: number;
  readonly offset: number;
}

/** What the planner asks the store. */
export interface Database {
  /** The first column of all rows. */
  column(sql: Sql): number[];
  /** About how many runs there are. */
  runCount(): number;
}

/** Counts stop here: reading so many entries of an index takes a third of a millisecond, of a slow one a whole. */
const MOST_COUNTED = 10_000;
const MOST_COUNTED_SLOWLY = 4_000;
const LEAST_COUNTED = 500;
/** How much of the runs a condition that cannot be counted is taken to leave. */
const USUAL_SHARE = 0.5;

/**
 * The keys of a page of runs. There are two ways to it, and the one that looks at fewer runs is taken:
 * - drive: begin with the condition that the fewest runs fulfil, check the others and sort what is left;
 * - walk: read an index in the order that is asked for, check all conditions and stop when the page is full.
 */
export function pageOfKeys(db: Database, question: Question): number[] {
  const { conditions, order, limit, offset } = question;
  const best = rarest(db, conditions);
  if (best.count === 0) return [];
  const lead = leadOf(question);
  if (lead === null) return db.column(sorted(question, best.driver));
  if (best.driver !== null) {
    const walked = Math.min(best.runs, (offset + limit) / Math.max(best.share, 1e-9));
    if (best.count <= walked) return db.column(sorted(question, best.driver));
  }
  return walkStages(db, question, lead, order.slice(1));
}

/** How many runs fulfil the conditions. */
export function countOfRuns(db: Database, conditions: readonly Condition[]): number {
  const best = rarest(db, conditions);
  if (best.count === 0) return 0;
  const where = joined(conditions);
  const driver = best.driver;
  const from = driver === null ? 'runs' : driven(driver.text);
  const [count] = db.column({
    text: `SELECT count(*) FROM ${from} WHERE ${where.text}`,
    values: [...(driver?.values ?? []), ...where.values],
  });
  return count ?? 0;
}

interface Rarest {
  /** The driver that gives the fewest runs; null when all of them give too many to be counted. */
  readonly driver: Sql | null;
  readonly count: number;
  /** The share of all runs that is taken to fulfil every condition. */
  readonly share: number;
  readonly runs: number;
}

function rarest(db: Database, conditions: readonly Condition[]): Rarest {
  const runs = Math.max(1, db.runCount());
  let share = 1;
  let best: { driver: Sql | null; count: number } = { driver: null, count: Infinity };
  for (const condition of conditions) {
    const { driver } = condition;
    if (driver === null) {
      share *= condition.share ?? USUAL_SHARE;
      continue;
    }
    const most = Math.min(
      driver.isSlow === true ? MOST_COUNTED_SLOWLY : MOST_COUNTED,
      Math.max(LEAST_COUNTED, Math.floor(runs / 10)), // What a tenth fulfil is walked to soon enough.
    );
    const [count = 0] = db.column({
      text: `SELECT count(*) FROM (${driver.text} LIMIT ?)`,
      values: [...driver.values, most],
    });
    if (count === most) {
      share *= Math.max(USUAL_SHARE, Math.min(1, count / runs));
    } else {
      share *= count / runs;
      if (count < best.count) best = { driver, count };
      if (count === 0) break;
    }
  }
  return { ...best, share, runs };
}

/** The index to walk: of the first entry of the order, or newest first when nothing is asked for. */
function leadOf({ order, walk, conditions }: Question): Lead | null {
  if (walk === null) return null;
  const [first] = order;
  if (first === undefined) {
    return { stages: [{ from: 'walk', where: { text: 'TRUE', values: [] }, order: '', kind: 'values' }] };
  }
  const { lead } = first;
  if (lead === null) return null;
  // What the filter compares with a number is there, so nobody lacks it.
  const isCertain = lead.metric !== undefined && conditions.some(({ metric }) => metric === lead.metric);
  return isCertain ? { ...lead, stages: lead.stages.filter(({ kind }) => kind !== 'missing') } : lead;
}

function walkStages(db: Database, question: Question, lead: Lead, rest: readonly OrderTerm[]): number[] {
  const keys: number[] = [];
  let { offset } = question;
  for (const stage of lead.stages) {
    const limit = question.limit - keys.length;
    if (limit <= 0) break;
    const { from, where } = stageParts(question, stage, rest);
    const order = [stage.order, ...rest.map(({ text }) => text), TIES].filter((text) => text !== '');
    const found = db.column({
      text: `SELECT runs.run_key FROM ${from.text} WHERE ${where.text} ORDER BY ${order.join(', ')} LIMIT ? OFFSET ?`,
      values: [...from.values, ...where.values, limit, offset],
    });
    keys.push(...found);
    if (found.length > 0) offset = 0;
    else if (offset > 0) offset -= countOfStage(db, question, stage);
  }
  return keys;
}

function countOfStage(db: Database, question: Question, stage: Stage): number {
  const { from, where } = stageParts(question, stage, []);
  const [count] = db.column({
    text: `SELECT count(*) FROM ${from.text} WHERE ${where.text}`,
    values: [...from.values, ...where.values],
  });
  return count ?? 0;
}

function stageParts(
  { conditions, walk }: Question,
  stage: Stage,
  rest: readonly OrderTerm[],
): { from: Sql; where: Sql } {
  const first: Sql = stage.from === 'walk' ? { text: walk ?? 'runs', values: [] } : stage.from;
  return { from: withJoins(first, rest), where: joined([stage.where, ...conditions]) };
}

/** All that fulfil the conditions, sorted. */
function sorted({ conditions, order, limit, offset }: Question, driver: Sql | null): Sql {
  const first: Sql =
    driver === null ? { text: 'runs', values: [] } : { text: driven(driver.text), values: driver.values };
  const from = withJoins(first, order);
  const where = joined(conditions);
  const terms = [...order.map(({ text }) => text), TIES];
  return {
    text: `SELECT runs.run_key FROM ${from.text} WHERE ${where.text} ORDER BY ${terms.join(', ')} LIMIT ? OFFSET ?`,
    values: [...from.values, ...where.values, limit, offset],
  };
}

/** CROSS JOIN keeps SQLite from beginning elsewhere. */
function driven(driver: string): string {
  return `(${driver}) AS driver CROSS JOIN runs ON runs.run_key = driver.run_key`;
}

function withJoins(first: Sql, terms: readonly OrderTerm[]): Sql {
  const joins = terms.flatMap(({ join }) => join ?? []);
  return {
    text: [first.text, ...joins.map(({ text }) => text)].join(' '),
    values: [...first.values, ...joins.flatMap(({ values }) => values)],
  };
}
