// The floor: a server that gives MLflow's client the right answer at once and keeps nothing. What a client needs
// against it is what the client costs by itself.
import http from 'node:http';
import { randomUUID } from 'node:crypto';

/** Starts it on a free port of 127.0.0.1. */
export function startFloor() {
  const server = http.createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const { status, body } = answer(request.url ?? '', Buffer.concat(chunks).toString());
      const text = JSON.stringify(body);
      response.writeHead(status, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
      });
      response.end(text);
    });
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve({
        uri: `http://127.0.0.1:${server.address().port}`,
        stop: () => new Promise((done) => (server.closeAllConnections(), server.close(done))),
      }),
    );
  });
}

const EXPERIMENT = {
  experiment_id: '1',
  name: 'bench',
  lifecycle_stage: 'active',
  artifact_location: 'mlflow-artifacts:/1',
};

function answer(url, body) {
  if (url.includes('experiments/get-by-name') || url.includes('experiments/get')) {
    return { status: 200, body: { experiment: EXPERIMENT } };
  }
  if (url.includes('runs/create') || url.includes('runs/get') || url.includes('runs/update')) {
    const runId =
      /run_(?:id|uuid)=([0-9a-f]{32})/.exec(url)?.[1] ?? /"run_id": ?"([0-9a-f]{32})"/.exec(body)?.[1];
    const id = runId ?? randomUUID().replaceAll('-', '');
    const info = {
      run_id: id,
      run_uuid: id,
      run_name: 'floor',
      experiment_id: '1',
      status: 'RUNNING',
      start_time: 0,
      lifecycle_stage: 'active',
      artifact_uri: `mlflow-artifacts:/1/${id}/artifacts`,
    };
    return {
      status: 200,
      body: url.includes('runs/update') ? { run_info: info } : { run: { info, data: {} } },
    };
  }
  return { status: 200, body: {} };
}
