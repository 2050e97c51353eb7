// Puts the runs and points of the bench into MLflow's own database: telling it by REST takes minutes.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { root } from '../../../scripts/project.mjs';
import { start } from './owned.mjs';
import { mlflowPrograms } from './python.mjs';
import { samplePoint, sampleRun, seeded } from './sample.mjs';

/** @returns the id of an experiment with `count` runs. */
export async function fillPeerRuns(peer, count) {
  const random = seeded(1);
  const runs = function* () {
    for (let i = 0; i < count; i++) {
      const { tags, ...run } = sampleRun(i, random);
      yield { ...run, runId: newId(), tags: { ...tags, 'mlflow.runName': run.name }, points: run.metrics };
    }
  };
  return fill(peer, `bench-${count}`, runs());
}

/** @returns the id of a run with `count` points of "loss". */
export async function fillPeerPoints(peer, count) {
  const runId = newId();
  const { timestamp } = samplePoint(0);
  await fill(peer, `bench-points-${count}`, [
    {
      ...{ runId, name: 'long', startedAt: timestamp, endedAt: timestamp, params: [], tags: {}, metrics: [] },
      pointsOfLoss: count,
    },
  ]);
  return runId;
}

async function fill(peer, experiment, runs) {
  const python = path.join(await mlflowPrograms(), 'python');
  const script = path.join(root, 'test/bench/clients/fill_peer.py');
  const program = start(python, [script, peer.database, experiment], { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  program.child.stdout.on('data', (chunk) => (said += chunk));
  for (const run of runs) {
    if (!program.child.stdin.write(`${JSON.stringify(run)}\n`)) await once(program.child.stdin, 'drain');
  }
  program.child.stdin.end();
  const { code, stderr } = await program.ended;
  if (code !== 0) throw new Error(`fill_peer.py ended with ${code}.\n${stderr}`);
  return said.trim();
}

const newId = () => randomUUID().replaceAll('-', '');
