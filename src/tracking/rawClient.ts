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
    let text = '';
    const done = () => {
      socket.off('data', onData).off('close', done);
      const [head = '', ...rest] = text.split('\r\n\r\n');
      resolve({
        status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0),
        head,
        body: rest.join('\r\n\r\n'),
      });
    };
    const onData = (chunk: Buffer) => {
      text += chunk.toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = /content-length: (\d+)/i.exec(text.slice(0, end))?.[1];
      const isInterim = text.startsWith('HTTP/1.1 100');
      const isChunked = /transfer-encoding: chunked/i.test(text.slice(0, end));
      if (isInterim || (isChunked && text.endsWith('\r\n0\r\n\r\n'))) done();
      else if (length !== undefined && text.length >= end + 4 + Number(length)) done();
    };
    socket.on('data', onData).on('close', done);
  });
}
