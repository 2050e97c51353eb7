// What the figures of one run of the bench share: servers, the command, notes. Everything starts when first asked for.
import path from 'node:path';
import { startClient, takeTurns } from './clients.mjs';
import { startBrowserEditor } from './editor.mjs';
import { endIfStopping, temporaryFolder } from './owned.mjs';
import { startFloor, startPeer, startWinnow, winnowCommand } from './targets.mjs';

/** @param quick few repetitions: shows that the bench works, not how fast Winnow is. */
export function createBench({ quick }) {
  const notes = [];
  const versions = {};
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
    versions,
    /** Says below the table why something is missing, or what is to be known of a figure. */
    note,
    /** Names the version of a program that was measured. */
    version: (name, text) => (versions[name] = text),
    /** Tells on stderr what takes so long. */
    tell: (text) => console.error(text),
    /** What `measure` gives, or null and a note when it fails: the other servers are measured all the same. */
    async attempt(what, measure) {
      try {
        return await measure();
      } catch (error) {
        await endIfStopping();
        note(`${what} could not be measured: ${error.message}`);
        return null;
      }
    },
    winnow: () => once('command', winnowCommand),
    editor: () => once('editor', async () => startBrowserEditor(await bench.winnow())),
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
          const client = await bench.attempt(name, async () =>
            startClient(script, args, await bench.target(name)),
          );
          if (client !== null) clients[name] = client;
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
    floor: () => startFloor(),
    peer: startPeer,
  };
  return bench;
}
