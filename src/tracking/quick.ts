import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type Failure, failureOf } from './failures';
import { type FileRoute, restOf, sendAnswer } from './files';
import type { GateRequest, Principal, Verdict } from './gate';
import { JSON_HEADERS, incomingRequest, queryOf, readStream } from './http';
import { jsonText, parseBody } from './json';
import type { MlflowRoute } from './routes/mlflow/route';
import { PLAIN_ANSWERS } from './routes/mlflow/server';

export interface QuickDeps {
  readonly routes: readonly MlflowRoute[];
  readonly files: readonly FileRoute[];
  readonly judge: (request: GateRequest) => Verdict;
  readonly onRequest: () => void;
  readonly logBug: (error: unknown) => void;
  /** Answers all other requests. */
  readonly rest: RequestListener;
}

/**
 * Answers MLflow's routes that have a fixed path, and those of files, straight from Node's own request. Hono makes a
 * web Request and Response of each, which costs as much as everything else that a `log_metric` needs, and half the
 * speed of a large file; all else goes to it.
 */
export function createQuickListener(deps: QuickDeps): RequestListener {
  const { routes, files, judge, onRequest, logBug, rest } = deps;
  const fixed = new Map<string, MlflowRoute>();
  for (const route of routes) {
    if (route.path.includes(':')) continue;
    fixed.set(`${route.method} /api/${route.major ?? 2}.0/mlflow/${route.path}`, route);
  }

  /** Lets a request through the gate and has it answered; what fails is answered in MLflow's shape. */
  async function guarded(
    incoming: IncomingMessage,
    request: GateRequest,
    outgoing: ServerResponse,
    answer: (principal: Principal) => Promise<void> | void,
  ): Promise<void> {
    const verdict = judge(request);
    if ('refusal' in verdict) return sendFailure(outgoing, verdict.refusal);
    if (verdict.principal === null) return; // Only the challenge has none, and it is not one of these routes.
    onRequest();
    goOn(incoming, outgoing);
    try {
      await answer(verdict.principal);
    } catch (error) {
      sendFailure(outgoing, failureOf(error, true, logBug));
    }
  }

  async function answerRoute(
    route: MlflowRoute,
    request: GateRequest,
    principal: Principal,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
  ): Promise<void> {
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
      sendJson(outgoing, 200, await route.handle({ input, params: {}, principal, delivery }));
    } catch (error) {
      sendFailure(outgoing, failureOf(error, true, logBug, input));
    }
  }

  function answerFile(target: string, incoming: IncomingMessage, outgoing: ServerResponse): boolean {
    const method = incoming.method === 'HEAD' ? 'GET' : incoming.method;
    for (const route of files) {
      const below = route.method === method ? restOf(route, target) : null;
      if (below === null) continue;
      const request = incomingRequest(incoming);
      void guarded(incoming, request, outgoing, async () =>
        sendAnswer(outgoing, await route.handle({ request, rest: below, body: incoming })),
      );
      return true;
    }
    return false;
  }

  function answerPlainly(text: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
    void guarded(incoming, incomingRequest(incoming), outgoing, () => {
      outgoing.writeHead(200, { 'content-type': 'text/plain', 'content-length': text.length }).end(text);
    });
  }

  return (incoming, outgoing) => {
    const target = incoming.url ?? '';
    const query = target.indexOf('?');
    const route = fixed.get(`${incoming.method ?? ''} ${query < 0 ? target : target.slice(0, query)}`);
    if (route !== undefined) {
      const request = incomingRequest(incoming);
      return void guarded(incoming, request, outgoing, (principal) =>
        answerRoute(route, request, principal, incoming, outgoing),
      );
    }
    if (answerFile(target, incoming, outgoing)) return;
    const text =
      incoming.method === 'GET' && Object.hasOwn(PLAIN_ANSWERS, target) ? PLAIN_ANSWERS[target] : null;
    if (text !== null && text !== undefined) return answerPlainly(text, incoming, outgoing);
    // What does the rest judges as well; but what it would say to a Host that is no host is not ours.
    const verdict = judge(incomingRequest(incoming));
    if ('refusal' in verdict) return sendFailure(outgoing, verdict.refusal);
    goOn(incoming, outgoing);
    rest(incoming, outgoing);
  };
}

/** Has a client send its body that waits to be told so (RFC 9110, section 10.1.1). */
function goOn(incoming: IncomingMessage, outgoing: ServerResponse): void {
  if (incoming.headers.expect?.toLowerCase() === '100-continue') outgoing.writeContinue();
}

function sendFailure(outgoing: ServerResponse, { status, code, message, retryAfter }: Failure): void {
  if (outgoing.headersSent) {
    outgoing.destroy(); // In the middle of a body, the only way to say that it is not whole.
    return;
  }
  if (retryAfter !== undefined) outgoing.setHeader('retry-after', retryAfter);
  sendJson(outgoing, status, { error_code: code, message });
}

function sendJson(outgoing: ServerResponse, status: number, body: object): void {
  if (outgoing.destroyed) return;
  const text = jsonText(body);
  outgoing.writeHead(status, { ...JSON_HEADERS, 'content-length': Buffer.byteLength(text) });
  outgoing.end(text);
}
