// MLflow's own client in a process of its own, which does a turn of work whenever it is told to.
import path from 'node:path';
import readline from 'node:readline';
import { root } from '../../../scripts/project.mjs';
import { start, temporaryFolder } from './owned.mjs';
import { mlflowPrograms } from './python.mjs';
import { quietEnvironment } from './targets.mjs';

/**
 * Starts a script of test/bench/clients against a server; resolves once it is connected and warm.
 * @returns `turn(size)` has it work and gives its samples; `ready` is what it said first; `close()` ends it.
 */
export async function startClient(script, args, target) {
  const python = path.join(await mlflowPrograms(), 'python');
  const folder = await temporaryFolder('client');
  const program = start(python, [path.join(root, 'test/bench/clients', script), ...args.map(String)], {
    cwd: folder,
    env: { ...quietEnvironment(), ...target.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const lines = readline.createInterface({ input: program.child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${script} ended early.\n${program.complaint()}`);
      if (value.startsWith('[')) return JSON.parse(value);
    }
  };
  const ready = await answer();
  return {
    ready,
    turn: (size) => {
      program.child.stdin.write(`${size}\n`);
      return answer();
    },
    close: program.close,
  };
}

/**
 * Has clients work one after the other, round by round, so that what else the machine does hits all of them.
 * @param clients by name, such as `{ winnow, floor, peer }`.
 * @returns all samples of each, by the same names.
 */
export async function takeTurns(clients, rounds, size) {
  const samples = Object.fromEntries(Object.keys(clients).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, client] of Object.entries(clients)) samples[name].push(...(await client.turn(size)));
  }
  return samples;
}
