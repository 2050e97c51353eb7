import type { Clause, Order } from './parse';
import { attributeNamed } from './attributes';
import {
  NUMERIC,
  type Sql,
  TEXT,
  TEXT_AND_LISTS,
  TEXT_AND_NULL,
  checkOperator,
  checkText,
  compare,
  invalid,
  listed,
} from './sql';

type ExperimentAttribute = 'name' | 'experiment_id' | 'creation_time' | 'last_update_time';

const ATTRIBUTES: Readonly<Record<string, ExperimentAttribute>> = {
  name: 'name',
  experiment_id: 'experiment_id',
  creation_time: 'creation_time',
  last_update_time: 'last_update_time',
};

const COLUMNS: Readonly<Record<ExperimentAttribute, string>> = {
  name: 'experiments.name',
  experiment_id: 'experiments.experiment_id',
  creation_time: 'experiments.created_at',
  last_update_time: 'experiments.updated_at',
};

/** The condition of a clause on experiments: their attributes and tags. @throws UserError 'invalid'. */
export function experimentCondition(clause: Clause): Sql {
  const { name, operator, value } = clause;
  if (name.entity === 'attribute') return attributeCondition(clause, attributeNamed(name, ATTRIBUTES));
  if (name.entity !== 'tag') {
    throw invalid(
      `Invalid entity type '${name.entity}'. Valid entity types are ('attribute', 'tag', 'tags')`,
      name,
    );
  }
  checkOperator(clause, TEXT_AND_NULL);
  const from = 'FROM experiment_tags AS t WHERE t.experiment_id = experiments.experiment_id AND t.key = ?';
  if (operator === 'IS NULL') return { text: `(SELECT 1 ${from}) IS NULL`, values: [name.key] };
  if (operator === 'IS NOT NULL') return { text: `(SELECT 1 ${from})`, values: [name.key] };
  checkText(
    clause,
    () => `Expected a quoted string value for tag (e.g. 'my-value'). Got value ${String(value)}`,
  );
  const condition = compare('t.value', clause, TEXT);
  return { text: `(SELECT ${condition.text} ${from})`, values: [...condition.values, name.key] };
}

function attributeCondition(clause: Clause, attribute: ExperimentAttribute): Sql {
  const { name, operator, value } = clause;
  const column = COLUMNS[attribute];
  switch (attribute) {
    case 'creation_time':
    case 'last_update_time':
      checkOperator(clause, NUMERIC);
      if (typeof value !== 'number') {
        throw invalid(
          `Expected numeric value type for numeric attribute: ${name.key}. Found '${String(value)}'`,
          name,
        );
      }
      return compare(column, clause, NUMERIC);
    case 'experiment_id': {
      checkOperator(clause, ['=', '!=', 'IN', 'NOT IN']);
      const ids = (Array.isArray(value) ? value : [value]).map((id: unknown) => {
        if (typeof id === 'string' && /^\d{1,15}$/.test(id)) return Number(id);
        throw invalid(`Invalid experiment ID '${String(id)}'. It must be a whole number in quotes.`, name);
      });
      const list = listed(ids);
      return {
        text: `${column} ${operator === '!=' || operator === 'NOT IN' ? 'NOT IN' : 'IN'} ${list.text}`,
        values: list.values,
      };
    }
    case 'name':
      checkOperator(clause, TEXT_AND_LISTS);
      if (Array.isArray(value)) {
        throw invalid(
          `Only ['experiment_id'] attributes support comparison with a list of quoted string values. '${name.key}' does not.`,
          name,
        );
      }
      checkText(clause, (shown) => `Expected a quoted string value for attributes. Got value ${shown}`);
      return compare(column, clause, TEXT);
  }
}

/** The terms of an order of experiments, ties included. @throws UserError 'invalid', for a field twice too. */
export function experimentOrder(orders: readonly Order[]): string[] {
  if (orders.length === 0) return ['experiments.created_at DESC', 'experiments.experiment_id ASC'];
  const seen = new Set<ExperimentAttribute>();
  const terms = orders.map(({ name, descending }) => {
    if (name.entity !== 'attribute') throw invalid(`Invalid order_by entity: ${name.entity}`, name);
    const attribute = attributeNamed(name, ATTRIBUTES);
    if (seen.has(attribute)) {
      throw invalid(`\`order_by\` contains duplicate fields: '${attribute}'`, name);
    }
    seen.add(attribute);
    return `${COLUMNS[attribute]} ${descending ? 'DESC' : 'ASC'}`;
  });
  return [...terms, 'experiments.experiment_id DESC'];
}
