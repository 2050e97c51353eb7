import { randomUUID } from 'node:crypto';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/project.mjs';
import { delay } from '../../src/base/abort';
import type { RunState } from '../../src/model/run';
import type { ProcessIdentity } from '../../src/platform/identity';
import { ensureServer } from '../../src/platform/server';
import { storeState } from '../../src/platform/stateFolder';
import { clientPython } from '../clients/project';
import { endOf, killForGood, leftOf, processOf } from '../faults/lives';
import { processesThatName } from '../faults/processesOf';
import { pseudoRandom } from '../faults/pseudoRandom';
import { FAULT_SCRIPTS } from '../faults/scripts';
import { newRow, tableOf, tallyRecords } from '../faults/tally';
import { type Target, readWitness, wrongState } from '../faults/verdict';
import { isAlive } from '../harness/leftovers.mjs';
import { pictureFailures, setUpDesk } from './harness/desk';
import type { Desk } from './harness/desk';
import type { Workbench } from './pages/workbench';

const ROUNDS = Number(process.env['WINNOW_WINDOW_KILLS'] ?? 5);
const SEED = Number(process.env['WINNOW_SEED'] ?? 1);
const RUN_SECONDS = 2.5;
const LATEST_KILL_MS = 3_000; // Kills fall into the start, the middle and the end.
const BACK_MS = 60_000; // VS Code needs some seconds to see that its host is gone, and to start another.

const KINDS: readonly (readonly Target[])[] = [
  ['window'],
  ['window', 'server'],
  ['server', 'runner'],
  ['window', 'runner'],
  ['window', 'script'],
];

const ICONS: Partial<Record<RunState, string>> = { finished: 'pass', failed: 'error', lost: 'question' };

/** The fault loop with a real window: what is killed of it is the extension host of a real VS Code. */
describe('A window whose extension host is killed', () => {
  let desk: Desk;
  let window: Workbench;

  beforeAll(async () => {
    desk = await setUpDesk();
    cpSync(path.join(root, 'test/fixtures/scripts/faults'), desk.folder, { recursive: true });
    process.env['WINNOW_STATE_HOME'] = desk.stateHome;
    window = await desk.openWindow();
    await window.openWinnow();
  });

  afterAll(async () => {
    await desk?.clear();
    delete process.env['WINNOW_STATE_HOME'];
  });
  pictureFailures(() => window);

  it(
    `shows again what is true, ${ROUNDS} times, and no run felt it`,
    { timeout: 120_000 + ROUNDS * 90_000 },
    async () => {
      const { folder } = desk;
      const state = await storeState(folder);
      const python = await clientPython();
      const server = () => ensureServer(folder, { dist: path.join(root, 'dist') });
      const chance = pseudoRandom(SEED);
      const rows = new Map<string, ReturnType<typeof newRow>>();

      for (let round = 0; round < ROUNDS; round++) {
        const targets = KINDS[round % KINDS.length] ?? [];
        const script = FAULT_SCRIPTS[round % FAULT_SCRIPTS.length];
        if (script === undefined) continue;
        const name = targets.join(' + ');
        const row = rows.get(name) ?? newRow();
        rows.set(name, row);
        const witnessFile = path.join(desk.stateHome, `${randomUUID()}.witness`);
        const { runId, outputPath } = await (
          await server()
        ).client.call('startRun', {
          requestId: randomUUID(),
          script: script.file,
          args: script.args(witnessFile, RUN_SECONDS),
          folder,
          python,
          experiment: null,
          name: null,
          env: {
            PATH: process.env['PATH'] ?? '',
            HOME: process.env['HOME'] ?? '',
            MLFLOW_DISABLE_TELEMETRY: 'true',
            MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR: '1',
            MLFLOW_HTTP_REQUEST_BACKOFF_JITTER: '0',
          },
        });
        await delay(chance() * LATEST_KILL_MS);
        const killed = new Set<Target>();
        const seen: ProcessIdentity[] = [];
        for (const target of chance() < 0.5 ? targets : targets.toReversed()) {
          if (target === 'window') await killExtensionHost();
          else {
            const identity = await processOf(state, target);
            if (identity === null) continue;
            if (target !== 'server') seen.push(identity);
            await killForGood(identity);
          }
          killed.add(target);
        }

        await hostIsBack();
        const run = await endOf(state, folder, runId);
        const witness = readWitness(existsSync(witnessFile) ? readFileSync(witnessFile, 'utf8') : '');
        row.rounds++;
        row.kills += killed.size;
        row.states.set(run.state, (row.states.get(run.state) ?? 0) + 1);
        const wrong = wrongState(killed, witness, run, script);
        if (wrong !== null) row.wrong.push(`${[...killed].join(' + ')}: ${wrong}`);
        await tallyRecords(row, run, witness, {
          outputPath,
          connection: async () => (await server()).connection,
        });
        row.left += await leftOf(seen, witnessFile);
        await windowIsBack(run.name, ICONS[run.state] ?? run.state);
      }

      console.log(`${ROUNDS} rounds, seed ${SEED}\n${tableOf(rows)}`);
      for (const [name, row] of rows) {
        const { wrong, linesMissing, pointsMissing, printedMissing, left } = row;
        expect({ name, wrong, linesMissing, pointsMissing, printedMissing, left }).toEqual({
          name,
          ...{ wrong: [], linesMissing: 0, pointsMissing: 0, printedMissing: 0, left: 0 },
        });
      }
    },
  );

  it('leaves nothing behind when it is closed', async () => {
    await window.close();
    await desk.killTrackingServers();
    await expect.poll(() => processesThatName(path.join(desk.stateHome, 'stores'))).toEqual([]);
  });

  async function killExtensionHost(): Promise<void> {
    await expect.poll(() => desk.extensionHosts().length, { timeout: BACK_MS }).toBe(1);
    for (const pid of desk.extensionHosts()) {
      process.kill(pid, 'SIGKILL');
      while (isAlive(pid)) await delay(1);
    }
  }

  /** Waits until VS Code has started an extension host again; after three times it asks a person. */
  async function hostIsBack(): Promise<void> {
    const question = window.notifications.toast(/terminated unexpectedly 3 times/);
    await expect
      .poll(
        async () => {
          if (await question.isVisible()) await question.locator('.monaco-button').first().click();
          return desk.extensionHosts().length;
        },
        { timeout: BACK_MS },
      )
      .toBe(1);
  }

  /** Waits until the run's row says how it ended, and nothing is said to run. */
  async function windowIsBack(name: string, icon: string): Promise<void> {
    const view = await window.openWinnow();
    await expect
      .poll(async () => (await view.runs()).find(({ label }) => label === name)?.icon, {
        timeout: BACK_MS,
        message: `the window says of ${name} what is true`,
      })
      .toBe(icon);
    await expect.poll(() => window.statusItem(name).count(), { timeout: BACK_MS }).toBe(0);
  }
});
