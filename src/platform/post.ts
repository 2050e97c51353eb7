import { Agent, type IncomingMessage, request } from 'node:http';
import type { Post, PostForBytes } from '../api/client';
import { errorCode } from '../base/errors';

const agent = new Agent({ keepAlive: true });

/**
 * Sends a body by node:http: the global fetch costs a process some 40 ms when it is first used, which a command
 * or an activation would feel.
 */
export const post: Post = async (...request) => {
  const { status, bytes } = await postForBytes(...request);
  return { status, text: bytes.toString('utf8') };
};

/** The same for an answer that is no text. */
export const postForBytes = async (
  ...[url, headers, body, signal]: Parameters<PostForBytes>
): Promise<{ status: number; bytes: Buffer }> => {
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
): Promise<{ status: number; bytes: Buffer }> {
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
        bytesOf(response).then((bytes) => resolve({ status: response.statusCode ?? 0, bytes }), fail);
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

async function bytesOf(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function reasonOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason : new DOMException('The request was cancelled.', 'AbortError');
}
