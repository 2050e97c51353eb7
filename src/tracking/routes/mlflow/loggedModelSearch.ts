import * as z from 'zod/mini';
import { UserError } from '../../../base/errors';
import type { Store } from '../../../store/store';
import { loggedModelMessage } from './loggedModelWire';
import { experimentIdText, optionalText, text } from './wire';

const request = z.object({
  experiment_ids: z.array(experimentIdText).check(z.maxLength(10_000)),
  filter: optionalText,
  datasets: z.nullish(
    z.array(z.object({ dataset_name: optionalText, dataset_digest: optionalText })).check(z.maxLength(100)),
  ),
  max_results: z.nullish(z.coerce.number().check(z.int(), z.minimum(0), z.maximum(50_000))),
  order_by: z.nullish(
    z
      .array(
        z.object({
          field_name: text,
          ascending: z.nullish(z.boolean()),
          dataset_name: optionalText,
          dataset_digest: optionalText,
        }),
      )
      .check(z.maxLength(50)),
  ),
  page_token: optionalText,
});

const DEFAULT_RESULTS = 100;

type SearchStoreParts = Pick<Store, 'searchLoggedModelKeys' | 'readLoggedModels'>;

/** logged-models/search. @throws UserError 'invalid', also when a page's token belongs to another question. */
export function searchLoggedModels(store: SearchStoreParts, input: Record<string, unknown>): object {
  const query = request.parse(input);
  const limit = (query.max_results ?? 0) === 0 ? DEFAULT_RESULTS : (query.max_results ?? 0);
  const datasets = (query.datasets ?? []).map((dataset) => {
    if ((dataset.dataset_name ?? '') === '') {
      throw new UserError('invalid', '`dataset_name` in the `datasets` clause must be specified.');
    }
    return choice(dataset);
  });
  const orderBy = (query.order_by ?? []).map((order) => ({
    field: order.field_name.trim(),
    ascending: order.ascending ?? true,
    dataset: choice(order),
  }));
  const question = {
    experiment_ids: query.experiment_ids,
    filter_string: query.filter ?? '',
    order_by: orderBy,
  };
  const offset = readToken(query.page_token, question);
  const keys = store.searchLoggedModelKeys({
    experimentIds: query.experiment_ids,
    filter: question.filter_string,
    datasets,
    orderBy,
    limit: limit + 1,
    offset,
  });
  const models = store.readLoggedModels(keys.slice(0, limit)).map(loggedModelMessage);
  return {
    ...(models.length > 0 ? { models } : {}),
    ...(keys.length > limit ? { next_page_token: encode({ ...question, offset: offset + limit }) } : {}),
  };
}

function choice(dataset: {
  readonly dataset_name: string | undefined;
  readonly dataset_digest: string | undefined;
}): { readonly name: string | null; readonly digest: string | null } {
  const given = (value: string | undefined) => (value === undefined || value === '' ? null : value);
  return { name: given(dataset.dataset_name), digest: given(dataset.dataset_digest) };
}

type Question = Readonly<Record<'experiment_ids' | 'filter_string' | 'order_by', unknown>>;

const PARTS = [
  ['experiment_ids', 'Experiment IDs in the page token do not match the requested experiment IDs.'],
  ['filter_string', 'Filter string in the page token does not match the requested filter string.'],
  ['order_by', 'Order by in the page token does not match the requested order by.'],
] as const;

/** The offset of a token, which counts for the question that it was given for. */
function readToken(token: string | undefined, question: Question): number {
  if (token === undefined || token === '') return 0;
  const known = decode(token);
  const { offset } = known;
  if (typeof offset !== 'number' || !Number.isSafeInteger(offset) || offset < 0) throw noToken();
  for (const [part, message] of PARTS) {
    if (JSON.stringify(known[part]) !== JSON.stringify(question[part])) {
      throw new UserError('invalid', `${message} Ask for the first page of the new search.`);
    }
  }
  return offset;
}

function encode(content: object): string {
  return Buffer.from(JSON.stringify(content)).toString('base64');
}

const tokenContent = z.record(z.string(), z.unknown());

function decode(token: string): Record<string, unknown> {
  try {
    return tokenContent.parse(JSON.parse(Buffer.from(token, 'base64').toString('utf8')));
  } catch (error) {
    throw noToken(error);
  }
}

function noToken(cause?: unknown): UserError {
  return new UserError('invalid', 'Invalid page token, could not base64-decode', { cause });
}
