// The rows that the ingest figure writes, in turns: `rows.mjs http URI TOKEN` through the tracking server, `rows.mjs
// sqlite SCHEMA.cjs DATABASE` with better-sqlite3 alone. For each line `BATCHES` on its input it writes that many
// batches of 1,000 points (10 metrics of one run, 100 steps each) and prints how many points a second that were.
import http from 'node:http';
import { createRequire } from 'node:module';
import process from 'node:process';
import readline from 'node:readline';

const METRICS = 10;
const STEPS = 100;
const CONNECTIONS = 2; // One is being answered while the other is being written.
const require = createRequire(import.meta.url);

const [way, ...args] = process.argv.slice(2);
const write = way === 'http' ? await overHttp(...args) : alone(...args);
let step = 0;
await write(4); // Warm.
console.log('[]');
for await (const line of readline.createInterface({ input: process.stdin })) {
  const batches = Number(line);
  const start = performance.now();
  await write(batches);
  console.log(JSON.stringify([(batches * METRICS * STEPS * 1000) / (performance.now() - start)]));
}
process.exit(0);

/** Points in the order in which a training logs them: all metrics of a step, then the next step. */
function nextBatch() {
  const points = [];
  for (let i = 0; i < METRICS * STEPS; i++) {
    const at = step + Math.floor(i / METRICS);
    points.push({ key: `metric_${i % METRICS}`, value: 1 / (at + 1), timestamp: 1.7e12 + at, step: at });
  }
  step += STEPS;
  return points;
}

async function overHttp(uri, token) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const post = (path, body) =>
    new Promise((resolve, reject) => {
      const text = JSON.stringify(body);
      const headers = {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
      };
      const request = http.request(`${uri}/api/2.0/mlflow/${path}`, { method: 'POST', agent, headers });
      request.on('error', reject);
      request.on('response', (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => {
          const answer = JSON.parse(Buffer.concat(chunks).toString());
          if (response.statusCode === 200) resolve(answer);
          else reject(new Error(`${path} answered ${response.statusCode}: ${answer.message}`));
        });
      });
      request.end(text);
    });
  const { run } = await post('runs/create', { experiment_id: '0', start_time: Date.now() });
  const run_id = run.info.run_id;
  return async (batches) => {
    let left = batches;
    const work = async () => {
      while (left-- > 0) await post('runs/log-batch', { run_id, metrics: nextBatch() });
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, work));
  };
}

/** The same tables, indices and pragmas; a transaction a batch, and one upsert of a summary a metric and batch. */
function alone(schema, file) {
  const Database = require('better-sqlite3');
  const db = new Database(file);
  db.pragma('locking_mode = EXCLUSIVE');
  db.pragma('journal_mode = wal');
  db.pragma('synchronous = NORMAL');
  db.pragma('wal_autocheckpoint = 4000');
  for (const sql of require(schema).MIGRATIONS) db.exec(sql);
  db.exec(`INSERT INTO experiments (experiment_id, name, created_at, updated_at, seq) VALUES (0, 'bench', 0, 0, 0);
    INSERT INTO runs (run_id, experiment_id, name, state, user_id, created_at, seq)
    VALUES ('r', 0, 'r', 'running', '', 0, 0);`);
  const put = db.prepare(
    'INSERT OR IGNORE INTO points (metric_key, step, timestamp, value, is_nan) VALUES (?, ?, ?, ?, 0)',
  );
  const summarise = db.prepare(
    `INSERT INTO metrics (metric_key, run_key, name, last_value, last_step, last_timestamp, first_value, first_step,
       first_timestamp, min_value, min_step, max_value, max_step, count, wide, seq)
     VALUES (@key, 1, @name, @value, @step, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0)
     ON CONFLICT DO UPDATE SET last_value = excluded.last_value, last_step = excluded.last_step,
       min_value = min(min_value, excluded.last_value), max_value = max(max_value, excluded.last_value),
       count = count + ${STEPS}, seq = seq + 1`,
  );
  const transaction = db.transaction((points) => {
    for (let i = 0; i < METRICS; i++) {
      const { key: name, value, step } = points[points.length - METRICS + i];
      summarise.run({ key: i + 1, name, value, step });
    }
    for (let i = 0; i < points.length; i++) {
      const { value, timestamp, step } = points[i];
      put.run((i % METRICS) + 1, step, timestamp, value);
    }
  });
  return (batches) => {
    for (let i = 0; i < batches; i++) transaction.immediate(nextBatch());
  };
}
