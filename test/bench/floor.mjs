// The floor: a server that gives MLflow's client the right answer at once and keeps nothing. What a client needs
// against it is what the client costs by itself. Prints its address when it listens.
// `floor.mjs RECORDED` also gives the answers of a file made by lib/recorder.mjs to the requests in it.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import process from 'node:process';

const [, , recording] = process.argv;
const recorded = new Map(recording === undefined ? [] : JSON.parse(readFileSync(recording, 'utf8')));

const server = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    const text =
      recorded.get(`${request.method} ${request.url} ${body}`) ??
      JSON.stringify(answer(request.url ?? '', body));
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    });
    response.end(text);
  });
});
server.keepAliveTimeout = 75_000; // A client that waits for its turn keeps its connection.
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));

const EXPERIMENT = {
  experiment_id: '1',
  name: 'bench',
  lifecycle_stage: 'active',
  artifact_location: 'mlflow-artifacts:/1',
};

function answer(url, body) {
  if (url.includes('/experiments/get')) return { experiment: EXPERIMENT };
  if (url.includes('/runs/update')) return { run_info: runInfo(url, body) };
  if (url.includes('/runs/create') || url.includes('/runs/get')) {
    return { run: { info: runInfo(url, body), data: {} } };
  }
  return {};
}

/** The run that the request names, or a new one. */
function runInfo(url, body) {
  const named =
    /run_(?:id|uuid)=([0-9a-f]{32})/.exec(url) ?? /"run_id": ?"([0-9a-f]{32})"/.exec(body.toString());
  const id = named?.[1] ?? randomUUID().replaceAll('-', '');
  return {
    run_id: id,
    run_uuid: id,
    run_name: 'floor',
    experiment_id: EXPERIMENT.experiment_id,
    status: 'RUNNING',
    start_time: 0,
    lifecycle_stage: 'active',
    artifact_uri: `mlflow-artifacts:/1/${id}/artifacts`,
  };
}
