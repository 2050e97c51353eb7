import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { delay } from '../../src/base/abort';
import { readJson, writeFileAtomic } from '../../src/platform/atomicFile';
import { attemptProcesses, attemptPaths } from '../../src/platform/attemptFiles';
import { findEndpoint } from '../../src/platform/endpoint';
import { type ProcessIdentity, lifeOf } from '../../src/platform/identity';
import { type ServerHandle, ensureServer } from '../../src/platform/server';
import { type Child, exitOf, spawnDetached } from '../../src/platform/spawn';
import { storeState } from '../../src/platform/stateFolder';
import { bundlePrograms } from '../../src/platform/testing';
import { clientPython } from '../clients/project';
import { endEverything } from '../harness/leftovers.mjs';
import { attemptsIn, endOf, killForGood, leftOf, processOf } from './lives';
import { processesThatName } from './processesOf';
import { pseudoRandom } from './pseudoRandom';
import { FAULT_SCRIPTS, type FaultScript } from './scripts';
import { type Row, newRow, tableOf, tallyRecords } from './tally';
import { TARGETS, type Target, readWitness, wrongState } from './verdict';

const ROUNDS = Number(process.env['WINNOW_KILLS'] ?? 10);
const SEED = Number(process.env['WINNOW_SEED'] ?? 1);
const RUN_SECONDS = 2.5;
const START_MS = 400;
const LATEST_KILL_MS = 4_000; // Its client needs a second to be imported: kills fall before, during and at the end.
const LATEST_KILL_OF_PLAIN_MS = 2_700;

const root = path.resolve(__dirname, '../..');
const dist = path.join(root, 'dist');

interface Kind {
  readonly name: string;
  readonly targets: readonly Target[];
  /** Whether the numbers of the killed belong to strangers before anybody has seen that they are gone. */
  readonly numbersReused: boolean;
}

/** Each alone and each pair, and a pair whose numbers are taken by others at once. */
const KINDS: readonly Kind[] = [
  ...TARGETS.flatMap((one, i) => [
    [one],
    ...TARGETS.slice(i + 1).map((other): readonly Target[] => [one, other]),
  ]).map((targets) => ({ name: targets.join(' + '), targets, numbersReused: false })),
  { name: 'runner + script, numbers reused', targets: ['runner', 'script'], numbersReused: true },
];

test(
  `whoever of a run is killed, ${ROUNDS} times at random moments, it ends as it should and nothing is missing`,
  async () => {
    const lab = await openLab();
    const chance = pseudoRandom(SEED);
    const rows = new Map<string, Row>();
    for (let round = 0; round < ROUNDS; round++) {
      const kind = KINDS[round % KINDS.length];
      const script = FAULT_SCRIPTS[round % FAULT_SCRIPTS.length];
      if (kind === undefined || script === undefined) continue;
      const row = rows.get(kind.name) ?? newRow();
      rows.set(kind.name, row);
      await oneRound(lab, kind, script, chance, row);
      if (ROUNDS > 50)
        console.log(`${round + 1} of ${ROUNDS}: ${[...row.states.keys()].join(', ')}`, row.wrong);
    }
    // A script that started after all would have written its first line long ago.
    expect(lab.neverStarted.filter((file) => existsSync(file))).toEqual([]);
    const bystander = await lab.bystanders();
    await lab.end();
    console.log(
      `${ROUNDS} rounds, seed ${SEED}; bystanders alive ${bystander.alive} of 2, signals to them: ${bystander.signals || 'none'}\n${tableOf(rows)}`,
    );
    for (const [name, row] of rows) {
      const { wrong, linesMissing, pointsMissing, printedMissing, left } = row;
      expect({ name, wrong, linesMissing, pointsMissing, printedMissing, left }).toEqual({
        name,
        ...{ wrong: [], linesMissing: 0, pointsMissing: 0, printedMissing: 0, left: 0 },
      });
      expect(row.rounds).toBeGreaterThan(0);
    }
    expect(bystander).toEqual({ alive: 2, signals: '' });
    expect(processesThatName(lab.scratch)).toEqual([]);
  },
  120_000 + ROUNDS * 30_000,
);

type Lab = Awaited<ReturnType<typeof openLab>>;

/** Starts a run, kills at a random moment, waits for the end, and judges. */
async function oneRound(
  lab: Lab,
  { targets, numbersReused }: Kind,
  script: FaultScript,
  chance: () => number,
  row: Row,
): Promise<void> {
  const server = await lab.server();
  const witnessFile = path.join(lab.scratch, `${randomUUID()}.witness`);
  const { runId, outputPath } = await server.client.call('startRun', {
    requestId: randomUUID(),
    script: script.file,
    args: script.args(witnessFile, RUN_SECONDS),
    folder: lab.folder,
    python: lab.python,
    experiment: null,
    name: null,
    env: lab.env,
  });
  // A third of the kills fall into the moments of the start, where everything happens at once.
  await delay(
    chance() * (chance() < 1 / 3 ? START_MS : script.logs ? LATEST_KILL_MS : LATEST_KILL_OF_PLAIN_MS),
  );
  const order = numbersReused || chance() < 0.5 ? targets : targets.toReversed();
  const killed = new Set<Target>();
  const seen: ProcessIdentity[] = [];
  const killAll = async () => {
    for (const target of order) if (await lab.kill(target, seen)) killed.add(target);
  };
  if (numbersReused) await lab.giveNumbersAway(runId, killAll);
  else await killAll();

  let hasWindow = !killed.has('window');
  const run = await endOf(lab.state, lab.folder, runId, async () => {
    if (!hasWindow) await lab.openWindow();
    hasWindow = true;
  });
  const witness = readWitness(await readFile(witnessFile, 'utf8').catch(() => ''));
  row.rounds++;
  row.kills += killed.size;
  row.states.set(run.state, (row.states.get(run.state) ?? 0) + 1);
  const wrong = numbersReused && run.state === 'stopped' ? null : wrongState(killed, witness, run, script);
  if (wrong !== null) row.wrong.push(`${[...killed].join(' + ')}: ${wrong}`);
  await tallyRecords(row, run, witness, {
    outputPath,
    connection: async () => (await lab.server()).connection,
  });
  if (!witness.started && !killed.has('script')) lab.neverStarted.push(witnessFile);
  row.left += await leftOf(seen, witnessFile);
  if (!hasWindow) await lab.openWindow();
}

/** A folder, a window over it, and two processes of somebody else's that note every signal. */
async function openLab() {
  const scratch = await realpath(await mkdtemp(path.join(os.tmpdir(), 'winnow-run-faults-')));
  const [folder, home] = [path.join(scratch, 'project'), path.join(scratch, 'state')];
  await mkdir(folder);
  await mkdir(home);
  const before = process.env['WINNOW_STATE_HOME'];
  process.env['WINNOW_STATE_HOME'] = home;
  const windows: Child[] = [];
  onTestFinished(async () => {
    for (const window of windows) window.kill('SIGKILL');
    for (const one of strangers) one.kill('SIGKILL');
    await endEverything(home);
    if (before === undefined) delete process.env['WINNOW_STATE_HOME'];
    else process.env['WINNOW_STATE_HOME'] = before;
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  });
  const standIn = path.join(scratch, 'window.js');
  await bundlePrograms(scratch, { 'window.js': 'test/faults/windowStandIn.ts' });
  await cp(path.join(root, 'test/fixtures/scripts/faults'), folder, { recursive: true });
  const python = await clientPython();
  const signals = path.join(scratch, 'signals');
  const strangers = await Promise.all([0, 1].map(() => startStranger(signals, os.tmpdir())));
  const state = await storeState(folder);
  const neverStarted: string[] = [];

  async function openWindow(): Promise<void> {
    const window = await spawnDetached(process.execPath, [standIn, folder, dist], {
      cwd: scratch,
      env: process.env,
      stdio: ['ignore', 'ignore', 'ignore'],
    });
    windows.push(window);
  }
  await openWindow();

  const server = (): Promise<ServerHandle> => ensureServer(folder, { dist });

  return {
    ...{ scratch, folder, python, state, openWindow, server },
    /** Witnesses of scripts that are said never to have started. */
    neverStarted,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      TMPDIR: scratch,
      MLFLOW_DISABLE_TELEMETRY: 'true',
      MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR: '1',
      MLFLOW_HTTP_REQUEST_BACKOFF_JITTER: '0',
    },
    /** Kills one of the run's processes; whether it was there. Whom it saw of the run goes into `seen`. */
    async kill(target: Target, seen: ProcessIdentity[]): Promise<boolean> {
      if (target === 'window') {
        const window = windows.at(-1);
        window?.kill('SIGKILL');
        if (window !== undefined) await exitOf(window);
        return true;
      }
      const identity = await processOf(state, target);
      if (identity === null) return false;
      if (target !== 'server') seen.push(identity);
      await killForGood(identity);
      return true;
    },
    /**
     * Kills while the server stands still, gives the numbers of the killed to strangers in what is written of the
     * attempt, and has the run stopped, which is when somebody would be signalled.
     */
    async giveNumbersAway(runId: string, kill: () => Promise<void>): Promise<void> {
      const endpoint = await findEndpoint(state);
      const attemptId = (await attemptsIn(state)).at(0);
      if (endpoint === null || attemptId === undefined) return kill();
      process.kill(endpoint.identity.pid, 'SIGSTOP');
      try {
        await kill();
        const { processes: file } = attemptPaths(state, attemptId);
        const known = await readJson(file, attemptProcesses);
        const given = (identity: ProcessIdentity, to: Child | undefined) => ({
          ...identity,
          pid: to?.pid ?? identity.pid,
        });
        if (known !== null && (await lifeOf(known.runner)) === 'gone') {
          const runner = given(known.runner, strangers[0]);
          const script = known.script === null ? null : given(known.script, strangers[1]);
          await writeFileAtomic(file, JSON.stringify({ runner, script }));
        }
      } finally {
        process.kill(endpoint.identity.pid, 'SIGCONT');
      }
      // A run that has ended meanwhile cannot be stopped any more.
      await (await server()).client.call('stopRun', { runId, kill: true }).catch(() => undefined);
    },
    async bystanders() {
      const alive = strangers.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
      return { alive: alive.length, signals: await readFile(signals, 'utf8').catch(() => '') };
    },
    async end(): Promise<void> {
      for (const own of [...windows, ...strangers]) own.kill('SIGKILL');
      await Promise.all([...windows, ...strangers].map(exitOf));
      await endEverything(home);
    },
  };
}

/** Leads a group of its own, notes every signal that can be noted, and does nothing else. */
function startStranger(signals: string, cwd: string): Promise<Child> {
  const code = `for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGQUIT'])
  process.on(name, () => require('fs').appendFileSync(${JSON.stringify(signals)}, name + '\\n'));
setInterval(() => {}, 1000);`;
  return spawnDetached(process.execPath, ['-e', code], { cwd, env: process.env, stdio: 'ignore' });
}
