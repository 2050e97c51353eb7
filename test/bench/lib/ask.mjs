// Asks a server from Node, one request after the other on one connection: what the server takes, with the loopback.
import http from 'node:http';

/** @returns the milliseconds of each of `count` requests, until the answer was there in full. */
export async function askInTurn({ env }, path, body, count) {
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
  const samples = [];
  try {
    for (let i = 0; i < 5; i++) await ask(); // Connected and warm.
    for (let i = 0; i < count; i++) samples.push(await ask());
    return samples;
  } finally {
    agent.destroy();
  }
}
