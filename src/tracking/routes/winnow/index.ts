import type { Context, Hono } from 'hono';
import * as z from 'zod/mini';
import { type AnswerOf, type EndpointName, type Endpoints, endpoints } from '../../../api/endpoints';
import { SERIES_PATH, seriesFramesRequest } from '../../../api/seriesFrame';
import { numbersToWire } from '../../../api/wire';
import type { Ingest } from '../../../ingest/ingest';
import type { Store } from '../../../store/store';
import type { AppEnv } from '../../http';
import type { Artifacts } from '../../artifacts';
import type { Feed } from '../../feed';
import type { Principal } from '../../gate';
import { parseBody } from '../../json';
import { streamSeries } from '../../readSeries';
import { type AttemptDeps, attemptHandlers } from './attempts';
import { experimentFactHandlers } from './experimentFacts';
import { experimentHandlers } from './experiments';
import { type LifeDeps, lifeHandlers } from './life';
import { type PrintedDeps, printedHandlers } from './printed';
import { type PromotionDeps, promotionHandlers } from './promotions';
import { type PurgeDeps, purgeHandlers } from './purge';
import { type QueueDeps, queueHandlers } from './queue';
import { runHandlers } from './runs';
import { runArtifactHandlers } from './runArtifacts';
import { runCodeHandlers } from './runCode';
import { runNoteHandlers } from './runNotes';
import { type SnapshotDeps, snapshotHandlers } from './snapshots';
import { tableHandlers } from './table';
import { viewHandlers } from './views';

export interface HandlerContext {
  readonly signal: AbortSignal;
  readonly principal: Principal;
}

/** One function an endpoint, named as in `api/endpoints.ts`. */
export type Handler<Name extends EndpointName> = (
  request: z.output<ReturnType<Endpoints[Name]['request']>>,
  context: HandlerContext,
) => Frozen<AnswerOf<Name>> | Promise<Frozen<AnswerOf<Name>>>;

/** An answer that is only written out: the model's types are readonly. */
type Frozen<T> = T extends object ? { readonly [Key in keyof T]: Frozen<T[Key]> } : T;

export type Handlers<Names extends EndpointName = EndpointName> = { readonly [Name in Names]: Handler<Name> };

/** What the handlers need beside the store; each file of the family says what it takes. */
export type WinnowDeps = LifeDeps &
  AttemptDeps &
  QueueDeps &
  SnapshotDeps &
  PromotionDeps &
  PrintedDeps &
  PurgeDeps;

interface Deps {
  readonly store: Store;
  readonly ingest: Ingest;
  readonly feed: Feed;
  readonly artifacts: Pick<Artifacts, 'list' | 'open'>;
  readonly winnow: WinnowDeps;
}

/** Registers a handler for every endpoint of the API, and the feed. */
export function registerWinnow(
  app: Hono<AppEnv>,
  { store, ingest, feed, artifacts, winnow }: Deps,
  readText: (c: Context<AppEnv>) => Promise<string>,
): void {
  const handlers: Handlers = {
    ...lifeHandlers({ ...winnow, store }),
    ...experimentHandlers({ store, ingest }),
    ...runHandlers({ store, ingest }),
    ...experimentFactHandlers({ store }),
    ...tableHandlers({ store, ingest }),
    ...viewHandlers({ store, ingest }),
    ...runArtifactHandlers({ store, artifacts }),
    ...runNoteHandlers({ store, ingest }),
    ...runCodeHandlers({ ...winnow, store }),
    ...purgeHandlers(winnow),
    ...attemptHandlers(winnow),
    ...queueHandlers(winnow),
    ...snapshotHandlers({ ...winnow, store }),
    ...printedHandlers({ ...winnow, store, ingest }),
    ...promotionHandlers({ ...winnow, store }),
  };

  for (const name of Object.keys(endpoints) as EndpointName[]) {
    const { path, request } = endpoints[name];
    // The table pairs every schema with its handler; TypeScript cannot follow that pair through a loop.
    const handle = handlers[name] as (request: unknown, context: HandlerContext) => object | Promise<object>;
    app.post(`/api/winnow/${path}`, async (c) => {
      const input = request().parse(parseBody(await readText(c)));
      const answer = await handle(input, { signal: c.req.raw.signal, principal: c.get('principal') });
      return new Response(JSON.stringify(answer, numbersToWire), {
        headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
      });
    });
  }

  app.post(`/api/winnow/${SERIES_PATH}`, async (c) => {
    const request = seriesFramesRequest().parse(parseBody(await readText(c)));
    return new Response(streamSeries({ store, ingest }, request, c.req.raw.signal), {
      headers: { 'content-type': 'application/octet-stream', 'cache-control': 'no-store' },
    });
  });

  app.get('/api/winnow/feed', (c) => {
    const since = z.optional(z.coerce.number().check(z.int(), z.minimum(0))).parse(c.req.query('since'));
    return new Response(feed.open(since, c.req.raw.signal), {
      headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
    });
  });
}
