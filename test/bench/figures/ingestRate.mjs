import path from 'node:path';
import readline from 'node:readline';
import * as esbuild from 'esbuild';
import { projectNode, root } from '../../../scripts/project.mjs';
import { takeTurns } from '../lib/clients.mjs';
import { atLeast, figure } from '../lib/figure.mjs';
import { start, temporaryFolder } from '../lib/owned.mjs';
import { median } from '../lib/statistics.mjs';
import { startWinnow } from '../lib/targets.mjs';

/**
 * Points a second into the store: through the tracking server, from a Node client that is not what holds it up, and
 * with better-sqlite3 alone on the same schema. What the server adds is HTTP, JSON, checks, summaries and the feed.
 */
export const ingestRate = {
  name: 'ingest_rate',
  async measure(bench) {
    const folder = await temporaryFolder('ingest');
    const server = await startWinnow(await bench.winnow(), path.join(folder, 'project'));
    const schema = path.join(folder, 'schema.cjs');
    await esbuild.build({
      entryPoints: [path.join(root, 'src/store/migrations/index.ts')],
      outfile: schema,
      bundle: true,
      platform: 'node',
      format: 'cjs',
    });
    const { MLFLOW_TRACKING_URI: uri, MLFLOW_TRACKING_TOKEN: token } = server.env;
    const clients = {
      winnow: await startRows('http', uri, token),
      floor: await startRows('sqlite', schema, path.join(folder, 'alone.db')),
    };
    const samples = await takeTurns(clients, bench.quick ? 2 : 15, bench.quick ? 20 : 100);
    for (const client of Object.values(clients)) await client.close();
    await server.close();
    const [value, floor] = [median(samples.winnow), median(samples.floor)];
    bench.note(
      'The floor of ingest_rate is better-sqlite3 alone: transactions of 1,000 points on the same schema.',
    );
    const budget = atLeast(0.5 * floor, '≥ 0.5 x better-sqlite3');
    return [figure({ name: 'ingest_rate', unit: '1/s', value, floor, budget })];
  },
};

async function startRows(...args) {
  const script = path.join(root, 'test/bench/lib/rows.mjs');
  const program = start(projectNode(), [script, ...args], { cwd: root, stdio: ['pipe', 'pipe', 'pipe'] });
  const lines = readline.createInterface({ input: program.child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`The rows ended early.\n${program.complaint()}`);
    return JSON.parse(value);
  };
  await answer();
  return {
    turn: (batches) => {
      program.child.stdin.write(`${batches}\n`);
      return answer();
    },
    close: program.close,
  };
}
