import { type AnswerOf, type EndpointName, type RequestOf, endpoints } from './endpoints';
import { failureOf, reach } from './failure';
import { type FeedEvent, feedEvent } from './feed';
import { type FramedSeries, SERIES_PATH, type SeriesFramesRequest, decodeSeries } from './seriesFrame';
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
  /**
   * Points of many series at once, in the order of the request, as arrays of numbers.
   * @throws UserError as `call` does.
   */
  readSeries(request: SeriesFramesRequest, signal?: AbortSignal): Promise<FramedSeries[]>;
  /** Follows the feed until the signal aborts; ends (does not throw) when the server closes it. */
  feed(since: number | undefined, signal: AbortSignal): AsyncIterable<FeedEvent>;
}

/** Sends a JSON body and reads the answer to its end. */
export type Post = (
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal?: AbortSignal,
) => Promise<{ readonly status: number; readonly text: string }>;

/** The same for an answer that is no text. */
export type PostForBytes = (
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal?: AbortSignal,
) => Promise<{ readonly status: number; readonly bytes: Uint8Array }>;

export function createClient(
  connection: Connection,
  post: Post = postByFetch,
  postForBytes: PostForBytes = postForBytesByFetch,
): ApiClient {
  const headers = { authorization: `Bearer ${connection.token}`, 'content-type': 'application/json' };

  return {
    async call(name, request, signal) {
      const { path, answer } = endpoints[name];
      const url = `${connection.trackingUri}/api/winnow/${path}`;
      const body = JSON.stringify(request, numbersToWire);
      const { status, text } = await reach(() => post(url, headers, body, signal));
      if (status >= 400) throw failureOf(status, text);
      return answer().parse(JSON.parse(text)) as AnswerOf<typeof name>;
    },

    async readSeries(request, signal) {
      const url = `${connection.trackingUri}/api/winnow/${SERIES_PATH}`;
      const { status, bytes } = await reach(() =>
        postForBytes(url, headers, JSON.stringify(request), signal),
      );
      if (status >= 400) throw failureOf(status, new TextDecoder().decode(bytes));
      return decodeSeries(bytes);
    },

    async *feed(since, signal) {
      const query = since === undefined ? '' : `?since=${since}`;
      const response = await reach(() =>
        fetch(`${connection.trackingUri}/api/winnow/feed${query}`, { headers, signal }),
      );
      if (!response.ok) throw failureOf(response.status, await response.text());
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
            if (line.startsWith('data: ')) yield feedEvent().parse(JSON.parse(line.slice(6)));
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

const postByFetch: Post = async (url, headers, body, signal) => {
  const response = await fetch(url, { method: 'POST', headers, body, signal: signal ?? null });
  return { status: response.status, text: await response.text() };
};

const postForBytesByFetch: PostForBytes = async (url, headers, body, signal) => {
  const response = await fetch(url, { method: 'POST', headers, body, signal: signal ?? null });
  return { status: response.status, bytes: new Uint8Array(await response.arrayBuffer()) };
};
