/* For tests of server.ts alone: the smallest server that keeps its promises. */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { ownIdentity } from './identity';
import { challengeProof, publishEndpoint } from './server';
import { storeState } from './stateFolder';
import { VERSION } from './version';

async function main(): Promise<void> {
  const folder = process.argv[3] ?? '';
  const state = await storeState(folder);
  const token = randomBytes(32).toString('hex');
  const startedAt = Date.now();
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      if (request.url === '/api/winnow/challenge') {
        const { nonce } = JSON.parse(body) as { nonce: string };
        response.end(JSON.stringify({ proof: challengeProof(token, nonce) }));
      } else if (request.headers.authorization !== `Bearer ${token}`) {
        response.writeHead(401).end('{}');
      } else if (request.url === '/api/winnow/hand-over') {
        response.end('{}', () => process.exit(0));
      } else {
        response.end(
          JSON.stringify({
            version: VERSION,
            pid: process.pid,
            store: '',
            folder,
            startedAt,
            seq: 0,
            readOnly: null,
            runningCount: 0,
          }),
        );
      }
    });
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    void ownIdentity().then((identity) =>
      publishEndpoint(state, {
        trackingUri: `http://127.0.0.1:${port}`,
        token,
        version: VERSION,
        identity,
      }),
    );
  });
}

void main();
