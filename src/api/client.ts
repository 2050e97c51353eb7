import { UserError, errorCode, messageOf } from '../base/errors';
import { type AnswerOf, type EndpointName, type RequestOf, endpoints } from './endpoints';
import { type FeedEvent, feedEvent } from './feed';
import { numbersToWire } from './wire';

/** Where a tracking server listens, and the secret that opens it. */
export interface Connection {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly trackingUri: string;
  readonly token: string;
}

/** The one way to the tracking server for the window, the language server, the CLI and runners. */
export interface ApiClient {
  /**
   * Calls an endpoint by its name.
   * @throws UserError with the server's sentence for a 4xx, or code 'server-unreachable' when nobody answers.
   */
  call<Name extends EndpointName>(
    name: Name,
    request: RequestOf<Name>,
    signal?: AbortSignal,
  ): Promise<AnswerOf<Name>>;
  /** Follows the feed until the signal aborts; ends (does not throw) when the server closes it. */
  feed(since: number | undefined, signal: AbortSignal): AsyncIterable<FeedEvent>;
}

export function createClient(connection: Connection): ApiClient {
  const headers = { authorization: `Bearer ${connection.token}`, 'content-type': 'application/json' };

  return {
    async call(name, request, signal) {
      const { path, answer } = endpoints[name];
      const response = await reach(() =>
        fetch(`${connection.trackingUri}/api/winnow/${path}`, {
          method: 'POST',
          headers,
          body: JSON.stringify(request, numbersToWire),
          signal: signal ?? null,
        }),
      );
      if (!response.ok) throw await failureOf(response);
      return answer.parse(await response.json()) as AnswerOf<typeof name>;
    },

    async *feed(since, signal) {
      const query = since === undefined ? '' : `?since=${since}`;
      const response = await reach(() =>
        fetch(`${connection.trackingUri}/api/winnow/feed${query}`, { headers, signal }),
      );
      if (!response.ok) throw await failureOf(response);
      if (response.body === null) return;
      let rest = '';
      const decoder = new TextDecoder();
      const reader = response.body.getReader();
      try {
        for (;;) {
          const { done, value } = await reader.read();
          if (done) return;
          rest += decoder.decode(value, { stream: true });
          const lines = rest.split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) {
            if (line.startsWith('data: ')) yield feedEvent.parse(JSON.parse(line.slice(6)));
          }
        }
      } finally {
        await reader.cancel().catch(() => {
          /* The connection is gone already: nothing to give back. */
        });
      }
    },
  };
}

async function reach(request: () => Promise<Response>): Promise<Response> {
  try {
    return await request();
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') throw error;
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    const why = errorCode(cause) ?? messageOf(error);
    throw new UserError('server-unreachable', `The tracking server does not answer (${why}).`, {
      cause: error,
    });
  }
}

async function failureOf(response: Response): Promise<UserError> {
  const text = await response.text();
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && 'message' in body) {
      const code = 'error_code' in body ? String(body.error_code) : String(response.status);
      return new UserError(code, String(body.message));
    }
  } catch {
    /* Not JSON: the status says enough. */
  }
  return new UserError(String(response.status), `The tracking server answered ${response.status}.`);
}
