import { ATTRIBUTES, type Attribute, type Column, METRIC_FACETS, type MetricFacet } from '../table';
import { quotedAt } from './tokens';

/** What of a run a clause is about. */
export type FilterName =
  | {
      readonly kind: 'metric';
      readonly name: string;
      readonly of: MetricFacet;
      /**
       * Of a bare name such as metrics.loss.min: what it means when there is no metric called "loss.min". Only the
       * store knows which are there.
       */
      readonly otherwise: { readonly name: string; readonly of: MetricFacet } | null;
    }
  | { readonly kind: 'param' | 'tag'; readonly name: string }
  | { readonly kind: 'attribute'; readonly name: FilterAttribute }
  | { readonly kind: 'dataset'; readonly name: 'name' | 'digest' | 'context' };

/** What a run has beside params, metrics and tags, as it is searched by. */
export type FilterAttribute = Attribute | 'name' | 'id' | 'starred' | 'archived' | 'status';

/** How an attribute is compared. */
export type AttributeType = 'text' | 'number' | 'duration' | 'instant' | 'flag' | 'state' | 'status';

export const ATTRIBUTE_TYPES: Readonly<Record<FilterAttribute, AttributeType>> = {
  name: 'text',
  id: 'text',
  state: 'state',
  status: 'status',
  started: 'instant',
  ended: 'instant',
  duration: 'duration',
  cost: 'number',
  energy: 'number',
  branch: 'text',
  commit: 'text',
  dirty: 'flag',
  data: 'text',
  user: 'text',
  script: 'text',
  note: 'text',
  starred: 'flag',
  archived: 'flag',
};

/** Other words for attributes; MLflow's among them. */
const ALIASES: Readonly<Record<string, FilterAttribute>> = {
  run_name: 'name',
  'run name': 'name',
  run_id: 'id',
  start_time: 'started',
  created: 'started',
  end_time: 'ended',
  user_id: 'user',
};

const ENTITIES = {
  metric: 'metric',
  metrics: 'metric',
  param: 'param',
  params: 'param',
  parameter: 'param',
  parameters: 'param',
  tag: 'tag',
  tags: 'tag',
  attribute: 'attribute',
  attributes: 'attribute',
  attr: 'attribute',
  run: 'attribute',
  dataset: 'dataset',
  datasets: 'dataset',
} as const;
export type FilterEntity = (typeof ENTITIES)[keyof typeof ENTITIES];

/** The entity that a word before the first dot means, in any case; null when it is none. */
export function entityOf(word: string): FilterEntity | null {
  const lower = word.toLowerCase();
  return Object.hasOwn(ENTITIES, lower) ? (ENTITIES[lower as keyof typeof ENTITIES] ?? null) : null;
}

/** What a name means as it was written, or a sentence that says why nothing. */
export function nameOf(source: string): FilterName | string {
  const whole = quotedAt(source, 0);
  if (whole !== null) return attributeOf(whole.text);
  const dot = source.indexOf('.');
  if (dot < 0) return attributeOf(source);
  const first = source.slice(0, dot);
  const quoted = quotedAt(source, dot + 1);
  const key = quoted?.text ?? source.slice(dot + 1);
  const suffix = quoted === null || quoted.to >= source.length ? null : source.slice(quoted.to + 1);
  const prefix = facetOf(first);
  const entity = entityOf(first);
  if (key === '') return `a name after "${first}."`;
  if (prefix !== null && suffix === null) return { kind: 'metric', name: key, of: prefix, otherwise: null };
  switch (entity) {
    case null:
      return `metrics, params, tags or attributes before the dot instead of "${first}"`;
    case 'metric':
      return metricOf(key, suffix, quoted !== null);
    case 'param':
    case 'tag':
      return suffix === null
        ? { kind: entity, name: key }
        : `nothing after the quoted name: only a metric has ${METRIC_FACETS.join(', ')}`;
    case 'dataset':
      return key === 'name' || key === 'digest' || key === 'context'
        ? { kind: 'dataset', name: key }
        : 'dataset.name, dataset.digest or dataset.context';
    case 'attribute':
      return attributeOf(key);
  }
}

function metricOf(key: string, suffix: string | null, isQuoted: boolean): FilterName | string {
  if (suffix !== null) {
    const of = facetOf(suffix);
    return of === null
      ? `one of ${METRIC_FACETS.join(', ')} after the metric's name instead of "${suffix}"`
      : { kind: 'metric', name: key, of, otherwise: null };
  }
  const dot = key.lastIndexOf('.');
  const of = isQuoted || dot <= 0 ? null : facetOf(key.slice(dot + 1));
  const otherwise = of === null ? null : { name: key.slice(0, dot), of };
  return { kind: 'metric', name: key, of: 'last', otherwise };
}

function attributeOf(key: string): FilterName | string {
  const lower = key.toLowerCase();
  const alias = Object.hasOwn(ALIASES, lower) ? ALIASES[lower] : undefined;
  const name = alias ?? (Object.keys(ATTRIBUTE_TYPES) as FilterAttribute[]).find((one) => one === lower);
  if (name !== undefined) return { kind: 'attribute', name };
  return `an attribute such as state, duration or started, or metrics.${key}, params.${key} or tags.${key}, instead of "${key}"`;
}

function facetOf(word: string): MetricFacet | null {
  const lower = word.toLowerCase();
  return METRIC_FACETS.find((facet) => facet.toLowerCase() === lower) ?? null;
}

/** How the language writes a column, or the run's name: in backticks where it must be. */
export function nameFor(column: Column | { readonly kind: 'name' }): string {
  switch (column.kind) {
    case 'name':
      return 'name';
    case 'attribute':
      return column.name;
    case 'param':
    case 'tag':
      return `${column.kind}s.${keyFor(column.name)}`;
    case 'metric': {
      const last = column.name.slice(column.name.lastIndexOf('.') + 1);
      // "loss.min" in backticks is certainly a name, and not the least of "loss".
      const key =
        column.name.includes('.') && facetOf(last) !== null ? quotedKey(column.name) : keyFor(column.name);
      return `metrics.${key}${column.of === 'last' ? '' : `.${column.of}`}`;
    }
  }
}

/** The column that a name of a filter stands for; null for what no column shows. */
export function columnOf(name: FilterName): Column | { readonly kind: 'name' } | null {
  switch (name.kind) {
    case 'metric':
      return { kind: 'metric', name: name.name, of: name.of };
    case 'param':
    case 'tag':
      return { kind: name.kind, name: name.name };
    case 'dataset':
      return null;
    case 'attribute': {
      if (name.name === 'name') return { kind: 'name' };
      const attribute = ATTRIBUTES.find((one) => one === name.name);
      return attribute === undefined ? null : { kind: 'attribute', name: attribute };
    }
  }
}

function keyFor(name: string): string {
  return /^[^\s,()=<>!~'"`;]+$/.test(name) ? name : quotedKey(name);
}

function quotedKey(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
