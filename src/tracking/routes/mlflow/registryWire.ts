import { UserError } from '../../../base/errors';
import { STAGES, type Stage, stageNamed } from '../../../model/modelVersion';
import type { ModelVersionRecord, RegisteredModelRecord } from '../../../store/registry/records';
import type { Page, RegistrySearch } from '../../../store/registry/search';
import { checkKey, invalidValue, missingValue, pageToken, readInt64, readPageToken } from './wire';

/* What requests of the model registry say, and its messages as they travel. Texts of errors are MLflow's. */

const MAX_TAG_KEY = 250;
const MAX_TAG_VALUE = 100_000;
const MAX_ALIAS = 255;
const MAX_TEXT = 100_000; // More than any description; a source or a link is far shorter.

/** The name of a registered model. */
export function readModelName(value: unknown, name = 'name'): string {
  if (value === undefined || value === null) throw missingValue(name);
  if (typeof value !== 'string') throw invalidValue(value, name);
  if (value.trim() === '') throw missingValue(name);
  if (/[/:\0]/.test(value)) {
    throw invalid(`Invalid model name '${value}'. Names cannot contain '/' or ':'.`);
  }
  if (value === '.' || value.startsWith('..')) {
    throw invalid(
      `Invalid value ${JSON.stringify(value)} for parameter '${name}' supplied: Names may be treated as files in certain cases, and must not resolve to other names when treated as such. This name would resolve to '${value}'`,
    );
  }
  return checkedLength(value, name, MAX_TEXT);
}

/** The number of a version: text, as MLflow's clients send it, or a number. */
export function readVersion(value: unknown): number {
  if (value === undefined || value === null || value === '') throw missingValue('version');
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || !/^\s*[+-]?\d+\s*$/.test(text)) {
    throw invalid(`Parameter 'version' must be an integer, got '${String(value).slice(0, 200)}'.`);
  }
  // A number that nobody can have reached is a version that is not there.
  return Math.max(-1, Math.min(Number(text), Number.MAX_SAFE_INTEGER));
}

/** An alias that may exist. */
export function readAlias(value: unknown): string {
  if (value === undefined || value === null || value === '') throw missingValue('alias');
  if (typeof value !== 'string') throw invalidValue(value, 'alias');
  if (!/^[\p{L}\p{N}_-]*$/u.test(value)) {
    throw invalid(
      `Invalid alias name: '${value}'. Names may only contain alphanumerics, underscores (_), and dashes (-).`,
    );
  }
  return checkedLength(value, 'Registered model alias name', MAX_ALIAS);
}

/** An alias that may be given: not a word that means a version already. */
export function readNewAlias(value: unknown): string {
  const alias = readAlias(value);
  if (isLatest(alias)) throw invalid("'latest' alias name (case insensitive) is reserved.");
  if (/^v\d+$/i.test(alias)) throw invalid(`Version alias name '${alias}' is reserved.`);
  return alias;
}

/** The alias that every model has without being given it: its newest version. */
export function isLatest(alias: string): boolean {
  return alias.toLowerCase() === 'latest';
}

export function readStage(value: unknown): Stage {
  if (value === undefined || value === null || value === '') throw missingValue('stage');
  if (typeof value !== 'string') throw invalidValue(value, 'stage');
  const stage = stageNamed(value);
  if (stage === null) {
    throw invalid(`Invalid Model Version stage: ${value}. Value must be one of ${STAGES.join(', ')}.`);
  }
  return stage;
}

export function readTagKey(value: unknown): string {
  if (typeof value === 'string') checkedLength(value, 'key', MAX_TAG_KEY);
  return checkKey(value, 'tag', 'key');
}

/** The key and value of a tag, of a model or of a version. */
export function readRegistryTag(value: unknown, name: string): { key: string; value: string } {
  if (typeof value !== 'object' || value === null) throw invalidValue(value, name);
  const fields: { readonly key?: unknown; readonly value?: unknown } = value;
  const key = readTagKey(fields.key);
  const text = fields.value ?? '';
  if (typeof text !== 'string' && typeof text !== 'number' && typeof text !== 'boolean') {
    throw invalidValue(text, 'value');
  }
  if (key === 'mlflow.prompt.text' && String(text).length > MAX_TAG_VALUE) {
    throw invalid(`Prompt text exceeds max length of ${MAX_TAG_VALUE} characters.`);
  }
  return { key, value: checkedLength(String(text).replaceAll('\0', '\uFFFD'), 'value', MAX_TAG_VALUE) };
}

/** Tags of something new; of two with one key the last one counts. */
export function readRegistryTags(value: unknown): Record<string, string> {
  const tags = value ?? [];
  if (!Array.isArray(tags) || tags.length > 1000) throw invalidValue(value, 'tags');
  return Object.fromEntries(
    tags.map((tag: unknown, i) => {
      const read = readRegistryTag(tag, `tags[${i}]`);
      return [read.key, read.value];
    }),
  );
}

/** A text that may be left out. */
export function readText(value: unknown, name: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalidValue(value, name);
  return checkedLength(value, name, MAX_TEXT).replaceAll('\0', '\uFFFD');
}

/** A list of texts; in a query one of them is a text. */
export function readTexts(value: unknown, name: string): string[] {
  if (value === undefined || value === null) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((item) => {
    if (typeof item !== 'string') throw invalidValue(value, name);
    return item;
  });
}

/** What registered-models/search and model-versions/search say. */
export function readSearch(
  input: Record<string, unknown>,
  results: { readonly usual: number; readonly most: number },
): RegistrySearch {
  const limit = Number(readInt64(input.max_results ?? results.usual, 'max_results'));
  if (limit < 1) {
    throw invalid(`Invalid value for max_results. It must be a positive integer, but got ${limit}`);
  }
  if (limit > results.most) {
    throw invalid(
      `Invalid value for request parameter max_results. It must be at most ${results.most}, but got value ${limit}`,
    );
  }
  return {
    filter: readText(input.filter, 'filter'),
    orderBy: readTexts(input.order_by, 'order_by').filter((text) => text.trim() !== ''),
    limit,
    offset: readPageToken(readText(input.page_token, 'page_token')),
  };
}

/** A page under its name, with the token of the next one. */
export function pageMessage<T>(
  name: string,
  page: Page<T>,
  search: RegistrySearch,
  message: (one: T) => object,
): object {
  return {
    ...(page.found.length > 0 ? { [name]: page.found.map(message) } : {}),
    ...(page.hasMore ? { next_page_token: pageToken(search.offset + page.found.length) } : {}),
  };
}

export function registeredModelMessage(model: RegisteredModelRecord): object {
  const tags = tagMessages(model.tags);
  const aliases = Object.entries(model.aliases).map(([alias, version]) => ({
    alias,
    version: String(version),
  }));
  return {
    name: model.name,
    creation_timestamp: model.createdAt,
    last_updated_timestamp: model.updatedAt,
    ...(model.description === '' ? {} : { description: model.description }),
    ...(model.latestVersions.length > 0
      ? { latest_versions: model.latestVersions.map(modelVersionMessage) }
      : {}),
    ...(tags.length > 0 ? { tags } : {}),
    ...(aliases.length > 0 ? { aliases } : {}),
  };
}

export function modelVersionMessage(version: ModelVersionRecord): object {
  const tags = tagMessages(version.tags);
  return {
    name: version.name,
    version: String(version.version),
    creation_timestamp: version.createdAt,
    last_updated_timestamp: version.updatedAt,
    current_stage: version.stage,
    ...(version.description === null ? {} : { description: version.description }),
    source: version.source,
    run_id: version.runId,
    status: 'READY',
    ...(tags.length > 0 ? { tags } : {}),
    run_link: version.runLink,
    ...(version.aliases.length > 0 ? { aliases: version.aliases } : {}),
    ...(version.modelId === null ? {} : { model_id: version.modelId }),
  };
}

function tagMessages(tags: Readonly<Record<string, string>>): object[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}

function checkedLength(value: string, name: string, most: number): string {
  if (value.length <= most) return value;
  throw invalid(`'${name}' exceeds the maximum length of ${most} characters`);
}

function invalid(message: string): UserError {
  return new UserError('invalid', message);
}
