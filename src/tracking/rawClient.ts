/* For tests: HTTP as bytes, for what every library would tidy up or refuse to send. */
import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { onTestFinished } from 'vitest';
import { PORT, TOKEN } from './testing';

export interface RawAnswer {
  /** 0 when the connection was closed without an answer. */
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** The lines of a request that is right: put others in their place, or behind them. */
export function lines(first: string, ...headers: string[]): string {
  const has = (name: string) => headers.some((line) => line.toLowerCase().startsWith(`${name}:`));
  const all = [
    ...(has('host') ? [] : [`Host: 127.0.0.1:${PORT}`]),
    ...(has('authorization') ? [] : [`Authorization: Bearer ${TOKEN}`]),
    ...headers.filter((line) => !/^\w+:$/.test(line)), // 'Host:' alone leaves it out.
  ];
  return `${first}\r\n${all.map((line) => `${line}\r\n`).join('')}\r\n`;
}

/** A connection that is gone when the test has ended. */
export async function dial(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined); // The server closes what it does not like.
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** Sends bytes as they are, and reads one answer. */
export async function exchange(port: number, bytes: string | Buffer): Promise<RawAnswer> {
  const socket = await dial(port);
  socket.write(bytes);
  return readAnswer(socket);
}

/** Reads the next answer of a connection, an interim one ('100 Continue') too; chunks are left as they came. */
export function readAnswer(socket: Socket): Promise<RawAnswer> {
  return new Promise((resolve) => {
    let head: string | null = null;
    let body = '';
    let isWhole = () => false;
    const onData = (chunk: Buffer) => {
      body += chunk.toString('latin1');
      const end = head === null ? body.indexOf('\r\n\r\n') : -1;
      if (end >= 0) {
        head = body.slice(0, end);
        body = body.slice(end + 4);
        isWhole = wholeBody(head, () => body);
      }
      if (isWhole()) done();
    };
    const done = () => {
      socket.off('data', onData).off('close', done);
      resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(head ?? '')?.[1] ?? 0), head: head ?? '', body });
    };
    socket.on('data', onData).on('close', done);
  });
}

function wholeBody(head: string, body: () => string): () => boolean {
  if (head.startsWith('HTTP/1.1 100')) return () => true;
  if (/transfer-encoding: chunked/i.test(head)) return () => body().endsWith('0\r\n\r\n');
  const length = /content-length: (\d+)/i.exec(head)?.[1];
  return () => length !== undefined && body().length >= Number(length);
}
