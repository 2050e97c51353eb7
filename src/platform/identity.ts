import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import os from 'node:os';
import * as z from 'zod/mini';
import { errorCode } from '../base/errors';
import { type ProcessRow, listProcesses, readProcess } from './processTable';
import { runProgram } from './spawn';

/**
 * Which process this is, for good: a pid alone is given to another process sooner or later, and means
 * something else in another container or on another host that shares the home folder.
 */
export const processIdentity = z.object({
  hostId: z.string(),
  bootId: z.string(),
  /** The inode of the pid namespace; empty where there is no such thing. */
  pidNamespace: z.string(),
  pid: z.int().check(z.positive()),
  /** In the kernel's own unit: only equality means something. */
  startTime: z.string(),
});

export type ProcessIdentity = Readonly<z.output<typeof processIdentity>>;

/** - elsewhere: on another host or in another container, where nothing can be said of it from here. */
export type Life = 'alive' | 'gone' | 'elsewhere';

type Place = Pick<ProcessIdentity, 'hostId' | 'bootId' | 'pidNamespace'>;

let own: Promise<ProcessIdentity> | undefined;

/** This process. It stays the same, so it is asked for once. */
export function ownIdentity(): Promise<ProcessIdentity> {
  own ??= identityOf(process.pid).then((found) => {
    if (found === null) throw new Error('The own process is not in the process table.');
    return found;
  });
  return own;
}

/** The identity of a live process of this machine, or null when there is none with this pid. */
export async function identityOf(pid: number): Promise<ProcessIdentity | null> {
  const [place, row] = await Promise.all([ownPlace(), readProcess(pid)]);
  return row === null || row.defunct ? null : { ...place, pid, startTime: row.startTime };
}

/** Whether a process still lives. After a restart of the machine everything of before is gone. */
export async function lifeOf(identity: ProcessIdentity): Promise<Life> {
  const place = await ownPlace();
  if (identity.hostId !== place.hostId) return 'elsewhere';
  if (identity.bootId !== place.bootId) return 'gone';
  if (identity.pidNamespace !== place.pidNamespace) return 'elsewhere';
  const row = await readProcess(identity.pid);
  return row !== null && !row.defunct && row.startTime === identity.startTime ? 'alive' : 'gone';
}

/** Sends a signal to exactly this process. False when it is gone or elsewhere: nothing was signalled. */
export async function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): Promise<boolean> {
  if ((await lifeOf(identity)) !== 'alive') return false;
  return send(identity.pid, signal);
}

/**
 * Sends a signal to the process group that this process leads, also when only its children are left. False
 * when nothing of the group is left or it is elsewhere: nothing was signalled.
 */
export async function signalGroup(identity: ProcessIdentity, signal: NodeJS.Signals): Promise<boolean> {
  if ((await lifeOf(identity)) === 'alive') return send(-identity.pid, signal);
  return (await groupMembers(identity)).length > 0 && send(-identity.pid, signal);
}

/**
 * The live processes of the group that this process leads or led. A kernel gives no new process the number of
 * a group that still has members, so a group whose leader's number is free or the leader's own is the same one.
 */
export async function groupMembers(identity: ProcessIdentity): Promise<ProcessRow[]> {
  const place = await ownPlace();
  const here =
    identity.hostId === place.hostId &&
    identity.bootId === place.bootId &&
    identity.pidNamespace === place.pidNamespace;
  if (!here) return [];
  const members = (await listProcesses()).filter((row) => row.group === identity.pid);
  const leader = members.find((row) => row.pid === identity.pid);
  if (leader !== undefined && leader.startTime !== identity.startTime) return [];
  return members.filter((row) => !row.defunct);
}

function send(target: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(target, signal);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return false;
    throw error;
  }
}

let place: Promise<Place> | undefined;

/** Never changes while a process lives, so it is read once. */
function ownPlace(): Promise<Place> {
  place ??= process.platform === 'darwin' ? readMacPlace() : readLinuxPlace();
  return place;
}

async function readLinuxPlace(): Promise<Place> {
  const [machine, boot, namespace] = await Promise.all([
    readFile('/etc/machine-id', 'utf8').catch(() => ''),
    readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    stat('/proc/self/ns/pid').catch(() => null),
  ]);
  // Nodes that boot one image share a machine id, containers may have none: the host's name tells them apart.
  return {
    hostId: hashOf(`${machine.trim()}:${os.hostname()}`),
    bootId: boot.trim(),
    pidNamespace: namespace === null ? '' : String(namespace.ino),
  };
}

async function readMacPlace(): Promise<Place> {
  // Not the host's name: a Mac takes another one from every network that it joins.
  const [boot, hardware] = await Promise.all([
    runProgram('/usr/sbin/sysctl', ['-n', 'kern.bootsessionuuid']),
    runProgram('/usr/sbin/ioreg', ['-rd1', '-c', 'IOPlatformExpertDevice']),
  ]);
  const uuid = /"IOPlatformUUID" = "([^"]+)"/.exec(hardware.stdout.toString('utf8'))?.[1];
  return {
    hostId: hashOf(uuid ?? os.hostname()),
    bootId: boot.stdout.toString('utf8').trim(),
    pidNamespace: '',
  };
}

/** systemd asks not to show a machine's id as it is: it would follow the user around. */
function hashOf(text: string): string {
  return createHash('sha256').update(`winnow:${text}`).digest('hex').slice(0, 16);
}
