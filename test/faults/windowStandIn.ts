/* What an extension host does for a folder and nothing more: it holds the feed and starts the server again. */
import { delay } from '../../src/base/abort';
import { ensureServer } from '../../src/platform/server';

const RETRY_MS = [0, 200, 500, 1_000, 2_000];

async function main(): Promise<void> {
  const [folder = '', dist = ''] = process.argv.slice(2);
  for (let failures = 0; ;) {
    await delay(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 0);
    try {
      const server = await ensureServer(folder, { dist });
      console.log('connected');
      failures = 1;
      for await (const _event of server.client.feed(server.info.seq, new AbortController().signal))
        failures = 0;
    } catch (error) {
      failures++;
      console.log(String(error));
    }
  }
}

void main();
