import { type Socket, connect } from 'node:net';

/** Opens a Unix domain socket. */
export function openSocket(file: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(file, () => {
      socket.off('error', reject);
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

export interface SocketRequest {
  /** What the request is addressed to, `http://127.0.0.1:PORT`. */
  readonly uri: string;
  readonly path: string;
  readonly token: string;
  readonly body: string;
}

/**
 * Posts a JSON body over a socket and reads the answer to its end, which ends the socket. In HTTP/1.0 (RFC 1945),
 * where an answer is a head and the bytes up to the end: loading node:http takes longer than such a request.
 */
export function postOver(
  socket: Socket,
  { uri, path, token, body }: SocketRequest,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => {
      const answer = Buffer.concat(chunks).toString('utf8');
      const end = answer.indexOf('\r\n\r\n');
      const status = /^HTTP\/1\.[01] (\d{3}) /.exec(answer)?.[1];
      if (end >= 0 && status !== undefined && isWhole(answer, end)) {
        resolve({ status: Number(status), text: answer.slice(end + 4) });
      } else {
        reject(new Error('The connection was closed in the middle of an answer.'));
      }
    });
    const head = [
      `POST ${path} HTTP/1.0`,
      `host: ${uri.slice('http://'.length)}`,
      `authorization: Bearer ${token}`,
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  });
}

/** Whether as many bytes came as were announced. */
function isWhole(answer: string, end: number): boolean {
  const announced = /\r\ncontent-length: (\d+)\r\n/i.exec(answer.slice(0, end + 2))?.[1];
  return announced === undefined || Number(announced) === Buffer.byteLength(answer.slice(end + 4));
}
