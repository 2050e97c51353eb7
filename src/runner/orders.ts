import type { Readable } from 'node:stream';

/** What the server says to a runner, a line at a time. */
export interface Orders {
  /** The next line, or null when nobody will say anything any more. A line that was cut off does not count. */
  next(): Promise<string | null>;
  close(): void;
}

export function readOrders(input: Readable): Orders {
  const lines: string[] = [];
  let rest = '';
  let ended = false;
  let wake: () => void = () => undefined;
  const end = () => {
    ended = true;
    wake();
  };
  input.setEncoding('utf8');
  input.on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    wake();
  });
  input.on('end', end);
  input.on('error', end);
  return {
    async next() {
      for (;;) {
        const line = lines.shift();
        if (line !== undefined) return line;
        if (ended) return null;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    close: () => void input.destroy(),
  };
}
