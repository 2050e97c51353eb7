import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { delay } from '../base/abort';
import { groupMembers, identityOf, lifeOf, ownIdentity, signalGroup } from './identity';
import { descendantsOf } from './processTable';

async function startSleeper(script = 'exec sleep 60') {
  const child = spawn('sh', ['-c', script], { detached: true, stdio: 'ignore' });
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  onTestFinished(() => {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      /* Ended by the test itself. */
    }
  });
  const identity = await identityOf(pid);
  if (identity === null) throw new Error('It ended at once.');
  return { child, identity };
}

test('the own process is alive', async () => {
  expect(await lifeOf(await ownIdentity())).toBe('alive');
});

test('a process that ended is gone, and no signal is sent to its number', async () => {
  const { child, identity } = await startSleeper();
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await lifeOf(identity)).toBe('gone');
  expect(await signalGroup(identity, 'SIGTERM')).toBe(false);
});

test('another process with the same number is not taken for the old one', async () => {
  const { identity } = await startSleeper();
  const older = { ...identity, startTime: '1' };
  expect(await lifeOf(older)).toBe('gone');
  expect(await signalGroup(older, 'SIGKILL')).toBe(false);
  expect(await lifeOf(identity)).toBe('alive');
});

test('everything of before a restart of the machine is gone', async () => {
  expect(await lifeOf({ ...(await ownIdentity()), bootId: 'another' })).toBe('gone');
});

test('a process of another host or container is elsewhere and is never signalled', async () => {
  const { identity } = await startSleeper();
  for (const foreign of [
    { ...identity, hostId: 'another', bootId: 'another' },
    { ...identity, pidNamespace: '1' },
  ]) {
    expect(await lifeOf(foreign)).toBe('elsewhere');
    expect(await signalGroup(foreign, 'SIGKILL')).toBe(false);
  }
  expect(await lifeOf(identity)).toBe('alive');
});

test('a group is reached when its leader has left it', async () => {
  const { child, identity } = await startSleeper('sleep 60 & wait');
  while ((await groupMembers(identity)).length < 2) await delay(5);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await lifeOf(identity)).toBe('gone');
  expect(await groupMembers(identity)).toHaveLength(1);
  expect(await signalGroup(identity, 'SIGKILL')).toBe(true);
  while ((await groupMembers(identity)).length > 0) await delay(5);
});

test('descendants are found over several generations', async () => {
  const { identity } = await startSleeper('sh -c "sleep 60 & wait" & wait');
  let found: number[] = [];
  while (found.length < 2) found = await descendantsOf(identity.pid);
  expect(found).toHaveLength(2);
});
