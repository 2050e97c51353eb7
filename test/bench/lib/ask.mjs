// Asks a server from Node, one request after the other on one connection: what the server takes, with the loopback.
import http from 'node:http';

/** @returns the milliseconds of each of `count` requests, until the answer was there in full. */
export async function askInTurn(server, path, body, count) {
  const { ask, close } = asker(server, path, body);
  const samples = [];
  try {
    for (let i = 0; i < 5; i++) await ask(); // Connected and warm.
    for (let i = 0; i < count; i++) samples.push(await ask());
    return samples;
  } finally {
    close();
  }
}

/** @returns the milliseconds of a single request, for what is different the second time. */
export async function askOnce(server, path, body) {
  const { ask, close } = asker(server, path, body);
  try {
    return await ask();
  } finally {
    close();
  }
}

/**
 * Asks again and again, as somebody else would meanwhile.
 * @returns `end()` stops it and gives the milliseconds of each request.
 */
export function askSteadily(server, path, body) {
  const { ask, close } = asker(server, path, body);
  const samples = [];
  let isWanted = true;
  const asking = (async () => {
    while (isWanted) {
      samples.push(await ask());
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  })();
  return {
    async end() {
      isWanted = false;
      await asking;
      close();
      return samples;
    },
  };
}

function asker({ env }, path, body) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const text = JSON.stringify(body);
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    authorization: `Bearer ${env.MLFLOW_TRACKING_TOKEN}`,
  };
  const ask = () =>
    new Promise((resolve, reject) => {
      const start = performance.now();
      const request = http.request(`${env.MLFLOW_TRACKING_URI}${path}`, { method: 'POST', agent, headers });
      request.on('error', reject);
      request.on('response', (response) => {
        response.on('error', reject);
        response.on('data', () => {
          /* Only the end counts. */
        });
        response.on('end', () => {
          if (response.statusCode === 200) resolve(performance.now() - start);
          else reject(new Error(`${path} was answered with ${response.statusCode}.`));
        });
      });
      request.end(text);
    });
  return { ask, close: () => agent.destroy() };
}
