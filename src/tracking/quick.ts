import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { failureOf } from './failures';
import type { GateRequest, Verdict } from './gate';
import { JSON_HEADERS, incomingRequest, queryOf, readStream } from './http';
import { parseBody } from './json';
import type { MlflowRoute } from './routes/mlflow/route';
import { PLAIN_ANSWERS } from './routes/mlflow/server';

export interface QuickDeps {
  readonly routes: readonly MlflowRoute[];
  readonly judge: (request: GateRequest) => Verdict;
  readonly onRequest: () => void;
  readonly logBug: (error: unknown) => void;
  /** Answers all other requests. */
  readonly rest: RequestListener;
}

/**
 * Answers MLflow's routes that have a fixed path straight from Node's own request. Hono makes a web Request and
 * Response of each, which costs as much as everything else that a `log_metric` needs; all else goes to it.
 */
export function createQuickListener({ routes, judge, onRequest, logBug, rest }: QuickDeps): RequestListener {
  const fixed = new Map<string, MlflowRoute>();
  for (const route of routes) {
    if (route.path.includes(':')) continue;
    fixed.set(`${route.method} /api/${route.major ?? 2}.0/mlflow/${route.path}`, route);
  }

  async function answer(
    route: MlflowRoute,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
  ): Promise<void> {
    const request = incomingRequest(incoming);
    const verdict = judge(request);
    if ('refusal' in verdict || verdict.principal === null) return rest(incoming, outgoing);
    onRequest();
    let status = 200;
    let text: string;
    let retryAfter: number | undefined;
    let input: Record<string, unknown> | undefined;
    try {
      input =
        route.method === 'GET'
          ? queryOf(request.target)
          : parseBody(await readStream(incoming, incoming.headers['content-length']));
      const delivery = {
        whenDone: (report: (delivered: boolean) => void) =>
          void outgoing.once('close', () => report(outgoing.writableFinished)),
      };
      text = JSON.stringify(
        await route.handle({ input, params: {}, principal: verdict.principal, delivery }),
      );
    } catch (error) {
      const failure = failureOf(error, true, logBug, input);
      ({ status, retryAfter } = failure);
      text = JSON.stringify({ error_code: failure.code, message: failure.message });
    }
    if (outgoing.destroyed) return;
    if (retryAfter !== undefined) outgoing.setHeader('retry-after', retryAfter);
    outgoing.writeHead(status, { ...JSON_HEADERS, 'content-length': Buffer.byteLength(text) });
    outgoing.end(text);
  }

  function answerPlainly(text: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
    if ('refusal' in judge(incomingRequest(incoming))) return rest(incoming, outgoing);
    onRequest();
    outgoing.writeHead(200, { 'content-type': 'text/plain', 'content-length': text.length }).end(text);
  }

  return (incoming, outgoing) => {
    const target = incoming.url ?? '';
    const query = target.indexOf('?');
    const route = fixed.get(`${incoming.method ?? ''} ${query < 0 ? target : target.slice(0, query)}`);
    if (route !== undefined) return void answer(route, incoming, outgoing);
    const text =
      incoming.method === 'GET' && Object.hasOwn(PLAIN_ANSWERS, target) ? PLAIN_ANSWERS[target] : null;
    if (text === null || text === undefined) return rest(incoming, outgoing);
    answerPlainly(text, incoming, outgoing);
  };
}
