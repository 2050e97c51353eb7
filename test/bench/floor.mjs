// The floor: a server that gives MLflow's client the right answer at once and keeps nothing. What a client needs
// against it is what the client costs by itself. Prints its address when it listens.
// `floor.mjs RECORDED` also gives the answers of a file made by lib/recorder.mjs to the requests in it.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import process from 'node:process';

const [, , recording] = process.argv;
const recorded = new Map(recording === undefined ? [] : JSON.parse(readFileSync(recording, 'utf8')));

const ARTIFACTS = '/api/2.0/mlflow-artifacts/artifacts';
const ZEROS = Buffer.alloc(1024 * 1024);
/** Of the files that came, how long they are: as many zeros are sent back. */
const sizes = new Map();

const server = http.createServer((request, response) => {
  if (request.url?.startsWith(`${ARTIFACTS}/`)) {
    answerFile(request, response, decodeURIComponent(request.url.slice(ARTIFACTS.length + 1)));
    return;
  }
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    const known = recorded.get(`${request.method} ${request.url} ${body}`);
    if (known === undefined) sendJson(response, answer(request.url ?? '', body));
    else sendText(response, known);
  });
});
server.keepAliveTimeout = 75_000; // A client that waits for its turn keeps its connection.
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));

function sendJson(response, body) {
  sendText(response, JSON.stringify(body));
}

function sendText(response, text) {
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

/** Swallows a PUT, and sends as many zeros at a GET. */
function answerFile(request, response, path) {
  if (request.method === 'GET') {
    const size = sizes.get(path) ?? 0;
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': size });
    let left = size;
    const send = () => {
      while (left > ZEROS.length) {
        left -= ZEROS.length;
        if (!response.write(ZEROS)) return response.once('drain', send);
      }
      response.end(ZEROS.subarray(0, left));
    };
    send();
    return;
  }
  let size = 0;
  request.on('data', (chunk) => (size += chunk.length));
  request.on('end', () => {
    if (request.method === 'PUT') sizes.set(path, size);
    else for (const known of sizes.keys()) if (`${known}/`.startsWith(`${path}/`)) sizes.delete(known);
    sendJson(response, {});
  });
}

/** What lies in a folder, by name. */
function listing(folder) {
  const files = new Map();
  for (const [path, size] of sizes) {
    if (!path.startsWith(`${folder}/`)) continue;
    const [name, ...below] = path.slice(folder.length + 1).split('/');
    files.set(name, {
      path: name,
      is_dir: below.length > 0,
      ...(below.length > 0 ? {} : { file_size: size }),
    });
  }
  return { files: [...files.values()] };
}

const EXPERIMENT = {
  experiment_id: '1',
  name: 'bench',
  lifecycle_stage: 'active',
  artifact_location: 'mlflow-artifacts:/1',
};

function answer(url, body) {
  if (url.startsWith(`${ARTIFACTS}?`)) {
    return listing(new URL(url, 'http://127.0.0.1').searchParams.get('path') ?? '');
  }
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
