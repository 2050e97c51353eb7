import { type Context, Hono } from 'hono';
import type { Ingest } from '../ingest/ingest';
import { challengeProof } from '../platform/server';
import type { Store } from '../store/store';
import type { Artifacts } from './artifacts';
import { RequestError, failureOf, responseOf } from './failures';
import type { Feed } from './feed';
import { type FileRoute, restOf, webResponse } from './files';
import { CHALLENGE_PATH, type GateRequest, type Verdict } from './gate';
import { type AppEnv, bodyOf, gateRequest, json, queryOf, readText } from './http';
import { parseBody } from './json';
import type { Delivery } from './routes/mlflow/deliveries';
import type { MlflowRoute } from './routes/mlflow/route';
import { PLAIN_ANSWERS } from './routes/mlflow/server';
import { type WinnowDeps, registerWinnow } from './routes/winnow';

export interface AppDeps {
  readonly store: Store;
  readonly ingest: Ingest;
  readonly artifacts: Artifacts;
  readonly feed: Feed;
  readonly judge: (request: GateRequest) => Verdict;
  /** The server's token, for the challenge. */
  readonly token: () => string;
  readonly routes: readonly MlflowRoute[];
  readonly files: readonly FileRoute[];
  readonly winnow: WinnowDeps;
  /** Somebody who may ask asked something. */
  readonly onRequest: () => void;
  readonly logBug: (error: unknown) => void;
}

/** Every route of the tracking server without its port: requests in, answers out. */
export function createApp(deps: AppDeps): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  const { judge, routes, files } = deps;
  const isMlflow = (path: string) => !path.startsWith('/api/winnow/');

  app.use(async (c, next) => {
    const verdict = judge(gateRequest(c));
    if ('refusal' in verdict) return responseOf(verdict.refusal);
    if (verdict.principal !== null) c.set('principal', verdict.principal);
    deps.onRequest();
    return next();
  });
  app.notFound((c) =>
    responseOf(
      failureOf(
        new RequestError('ENDPOINT_NOT_FOUND', `There is no ${c.req.method} ${c.req.path} on this server.`),
        true,
        deps.logBug,
      ),
    ),
  );
  app.onError((error, c) => responseOf(failureOf(error, isMlflow(c.req.path), deps.logBug, c.get('input'))));

  app.post(CHALLENGE_PATH, async (c) => {
    const { nonce } = parseBody(await readText(c));
    if (typeof nonce !== 'string' || nonce.length < 8 || nonce.length > 200) {
      throw new RequestError('INVALID_PARAMETER_VALUE', 'A challenge needs a nonce of 8 to 200 characters.');
    }
    return json({ proof: challengeProof(deps.token(), nonce) });
  });
  for (const [path, text] of Object.entries(PLAIN_ANSWERS)) app.get(path, () => new Response(text));

  for (const route of routes) {
    const path = `/api/${route.major ?? 2}.0/mlflow/${route.path}`;
    const paths = route.ajax === true ? [path, `/ajax-${path.slice(1)}`] : [path];
    app.on([route.method], paths, async (c) => {
      const input = await inputOf(c);
      c.set('input', input);
      const call = { input, params: c.req.param(), principal: c.get('principal'), delivery: deliveryOf(c) };
      return json(await route.handle(call));
    });
  }
  for (const route of files) {
    app.on(route.method, route.path, async (c) => {
      const request = gateRequest(c);
      return webResponse(
        await route.handle({ request, rest: restOf(route, request.target) ?? '', body: bodyOf(c) }),
      );
    });
  }
  registerWinnow(app, deps, readText);
  return app;
}

/** What a request says: in its query, or in its body. A DELETE may say nothing. */
async function inputOf(c: Context<AppEnv>): Promise<Record<string, unknown>> {
  if (c.req.method === 'GET') return queryOf(gateRequest(c).target);
  const text = await readText(c);
  return text === '' && c.req.method === 'DELETE' ? {} : parseBody(text);
}

function deliveryOf(c: Context<AppEnv>): Delivery {
  return {
    whenDone(report) {
      const outgoing = c.env?.outgoing;
      if (outgoing === undefined) report(true);
      else outgoing.once('close', () => report(outgoing.writableFinished));
    },
  };
}
