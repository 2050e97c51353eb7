// Servers that have something to search in, and clients that do so.
import path from 'node:path';
import { projectNode, root } from '../../../scripts/project.mjs';
import { startClient, takeTurns } from './clients.mjs';
import { runToEnd, temporaryFolder } from './owned.mjs';
import { startRecorder } from './recorder.mjs';
import { startFloor, startWinnow } from './targets.mjs';

/**
 * Winnow on a store that was filled before.
 * @param what 'runs', 'table', 'points' or 'charts': see fillStore.mjs.
 * @returns the server, what fillStore.mjs made, and `again()`, which starts the server anew on the same store.
 */
export async function startFilled(bench, what, count) {
  const folder = path.join(await temporaryFolder('store'), 'project');
  const fill = path.join(root, 'test/bench/lib/fillStore.mjs');
  const scratch = await temporaryFolder('bundle');
  const { stdout } = await runToEnd(projectNode(), [fill, what, scratch, folder, String(count)]);
  const again = async () => startWinnow(await bench.winnow(), folder);
  return { ...JSON.parse(stdout), again, server: await again() };
}

/**
 * Has a client of Winnow, of a floor that gives Winnow's own answers, and of the peer take turns.
 * @param args the client's arguments for Winnow and the floor; `peer`: null, or `{ target, args }`.
 * @returns samples by server, null for one that was left out.
 */
export async function compareFilled(bench, script, { winnow, args, peer }, { rounds, size }) {
  const recorder = await startRecorder(winnow);
  const teacher = await startClient(script, args, recorder);
  await teacher.turn(1);
  await teacher.close();
  const floor = await startFloor(await recorder.save());
  const clients = {};
  try {
    clients.winnow = await startClient(script, args, winnow);
    clients.floor = await startClient(script, args, floor);
    if (peer !== null) {
      const client = await bench.attempt('peer', () => startClient(script, peer.args, peer.target));
      if (client !== null) clients.peer = client;
    }
    return { winnow: null, floor: null, peer: null, ...(await takeTurns(clients, rounds, size)) };
  } finally {
    for (const client of Object.values(clients)) await client.close();
    await floor.close();
  }
}
