import { Agent, type IncomingMessage, request } from 'node:http';
import type { Post } from '../api/client';
import { errorCode } from '../base/errors';

const agent = new Agent({ keepAlive: true });

/**
 * Sends a body by node:http: the global fetch costs a process some 40 ms when it is first used, which a command
 * or an activation would feel.
 */
export const post: Post = async (url, headers, body, signal) => {
  try {
    return await send(url, headers, body, signal);
  } catch (error) {
    // A kept connection that the server closed at this very moment: the request was not read.
    if (error instanceof ClosedMeanwhile) return send(url, headers, body, signal);
    throw error;
  }
};

class ClosedMeanwhile extends Error {}

function send(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal?: AbortSignal,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(signal?.aborted === true ? reasonOf(signal) : error);
    const sent = request(
      url,
      {
        method: 'POST',
        agent,
        headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
        ...(signal === undefined ? {} : { signal }),
      },
      (response) => {
        textOf(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), fail);
      },
    );
    sent.on('error', (error) => {
      if (sent.reusedSocket && errorCode(error) === 'ECONNRESET' && signal?.aborted !== true) {
        reject(new ClosedMeanwhile('The connection was closed.', { cause: error }));
      } else {
        fail(error);
      }
    });
    sent.end(body);
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function reasonOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason : new DOMException('The request was cancelled.', 'AbortError');
}
