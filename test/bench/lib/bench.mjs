// What the figures of one run of the bench share: servers, the command, notes. Everything starts when first asked for.
import path from 'node:path';
import { startClient, takeTurns } from './clients.mjs';
import { temporaryFolder } from './owned.mjs';
import { startFloor, startPeer, startWinnow, winnowCommand } from './targets.mjs';

/** @param quick few repetitions: shows that the bench works, not how fast Winnow is. */
export function createBench({ quick }) {
  const notes = [];
  const started = new Map();
  const once = (name, begin) => {
    if (!started.has(name)) started.set(name, begin());
    return started.get(name);
  };
  const note = (text) => {
    if (!notes.includes(text)) notes.push(text);
  };

  const bench = {
    quick,
    notes,
    /** Says below the table why something is missing, or what is to be known of a figure. */
    note,
    /** Tells on stderr what takes so long. */
    tell: (text) => console.error(text),
    winnow: () => once('command', winnowCommand),
    target: (name) => once(name, STARTERS[name]),

    /**
     * Has a client of each server take turns; a server that does not start is left out with a note.
     * @returns samples by server, null for one that was left out.
     */
    async compare(script, args, { rounds, size }) {
      const clients = {};
      const samples = { winnow: null, floor: null, peer: null };
      try {
        for (const name of Object.keys(samples)) {
          try {
            clients[name] = await startClient(script, args, await bench.target(name));
          } catch (error) {
            note(`${name} could not be measured: ${error.message}`);
          }
        }
        return { ...samples, ...(await takeTurns(clients, rounds, size)) };
      } finally {
        for (const client of Object.values(clients)) await client.close();
      }
    },
  };

  const STARTERS = {
    winnow: async () =>
      startWinnow(await bench.winnow(), path.join(await temporaryFolder('store'), 'project')),
    floor: startFloor,
    peer: startPeer,
  };
  return bench;
}
