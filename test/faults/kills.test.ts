import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { delay } from '../../src/base/abort';
import { runProgram } from '../../src/platform/spawn';
import { clientPython } from '../clients/project';
import { isAlive } from '../harness/leftovers.mjs';
import { readAcknowledged } from './acknowledged';
import { type Comparison, KINDS, compare } from './compare';
import { type KillableServer, startKillableServer } from './killableServer';
import { processesThatName } from './processesOf';
import { pseudoRandom } from './pseudoRandom';
import { readStored } from './stored';

const KILLS = Number(process.env['WINNOW_KILLS'] ?? 8);
const SEED = Number(process.env['WINNOW_SEED'] ?? 1);
const CLIENTS = 8;
const LONGEST_LIFE_MS = 5_000; // A server lives from no time to this long.

const logger = path.resolve(__dirname, '../fixtures/scripts/faults/steady_logger.py');

test(
  `a server that is killed ${KILLS} times under load loses nothing, and no client notices`,
  async () => {
    const python = await clientPython();
    const server = await startKillableServer();
    onTestFinished(() => server.dispose());
    const names = Array.from({ length: CLIENTS }, (_, i) => `client-${i}`);
    const ended = Promise.all(names.map((name) => runLogger(python, server, name)));
    const files = names.map((name) => path.join(server.scratch, `${name}.jsonl`));
    while (!files.some(existsSync)) await delay(50);

    const chance = pseudoRandom(SEED);
    let longestGapMs = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      await delay(chance() * LONGEST_LIFE_MS);
      const killedAt = performance.now();
      await server.kill();
      await server.start();
      longestGapMs = Math.max(longestGapMs, performance.now() - killedAt);
    }
    await writeFile(path.join(server.scratch, 'stop'), '');
    const ends = await ended;
    expect(ends.filter(({ code }) => code !== 0).map(({ stderr }) => stderr.slice(-2000))).toEqual([]);

    const comparison = compare(await readAcknowledged(files), await readStored(server, 'faults'));
    await server.end();
    const integrity = await checkIntegrity(python, server);
    console.log(table(server, longestGapMs, comparison, integrity));
    for (const kind of KINDS) {
      const { acknowledged } = comparison[kind];
      expect(acknowledged).toBeGreaterThan(0);
      expect({ kind, ...comparison[kind] }).toEqual({
        kind,
        ...{ acknowledged, found: acknowledged, lost: 0, doubled: 0, unasked: 0 },
      });
    }
    expect(integrity).toBe('ok');
    expect(server.pids.filter(isAlive)).toEqual([]);
    expect(processesThatName(server.scratch)).toEqual([]);
  },
  120_000 + KILLS * 30_000,
);

/** Unmodified; its client waits 0, 2, 4, 8 … seconds between tries, where it would double that and add a second. */
function runLogger(python: string, server: KillableServer, name: string) {
  return runProgram(python, [logger, server.scratch, name], {
    cwd: server.folder,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      TMPDIR: server.scratch,
      MLFLOW_TRACKING_URI: server.trackingUri,
      MLFLOW_TRACKING_TOKEN: server.token,
      MLFLOW_DISABLE_TELEMETRY: 'true',
      MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR: '1',
      MLFLOW_HTTP_REQUEST_BACKOFF_JITTER: '0',
    },
  });
}

/** By Python's own SQLite: not by what wrote the file. */
async function checkIntegrity(python: string, { folder }: KillableServer): Promise<string> {
  const code =
    'import sqlite3, sys; [print(*row) for row in sqlite3.connect(sys.argv[1]).execute("PRAGMA integrity_check")]';
  const { stdout, stderr } = await runProgram(python, ['-c', code, path.join(folder, '.winnow/winnow.db')]);
  return stdout.toString('utf8').trim() + stderr;
}

function table(
  server: KillableServer,
  longestGapMs: number,
  comparison: Comparison,
  integrity: string,
): string {
  const columns = ['acknowledged', 'found', 'lost', 'doubled', 'unasked'] as const;
  const rows = KINDS.map((kind) => columns.map((column) => String(comparison[kind][column])));
  const lines = [[...columns], ...rows].map((cells) => cells.map((cell) => cell.padStart(13)).join(''));
  return [
    `${KILLS} kills, ${server.pids.length - 1} restarts, ${CLIENTS} clients, seed ${SEED}; ` +
      `longest gap ${Math.round(longestGapMs)} ms; integrity ${integrity}`,
    ...lines.map((line, i) => (i === 0 ? '' : (KINDS[i - 1] ?? '')).padEnd(10) + line),
  ].join('\n');
}
