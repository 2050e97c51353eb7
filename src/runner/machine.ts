import { readFile, readdir, statfs } from 'node:fs/promises';
import path from 'node:path';

/** What the whole machine did, whoever did it: nobody counts the network of one process. */
export interface MachineSample {
  /** Bytes since the boot, all interfaces but loopback; null where the system does not tell. */
  readonly networkReceivedBytes: number | null;
  readonly networkSentBytes: number | null;
  /** Of the disk that the run writes to. */
  readonly diskFreeBytes: number | null;
  readonly diskTotalBytes: number | null;
}

export async function sampleMachine(runDirectory: string): Promise<MachineSample> {
  const [network, disk] = await Promise.all([
    readFile('/proc/net/dev', 'latin1').then(readNetwork, () => null), // macOS has no such file.
    statfs(runDirectory).catch(() => null), // The run's folder may be gone.
  ]);
  return {
    networkReceivedBytes: network?.received ?? null,
    networkSentBytes: network?.sent ?? null,
    diskFreeBytes: disk === null ? null : disk.bavail * disk.bsize,
    diskTotalBytes: disk === null ? null : disk.blocks * disk.bsize,
  };
}

/** See proc_pid_net(5): the first field of an interface is what it received, the ninth what it sent, in bytes. */
export function readNetwork(text: string): { readonly received: number; readonly sent: number } {
  let received = 0;
  let sent = 0;
  for (const line of text.split('\n')) {
    const [, name, fields] = /^\s*([^:\s]+):\s*(.+)$/.exec(line) ?? [];
    if (name === undefined || fields === undefined || name === 'lo') continue;
    const numbers = fields.split(/\s+/).map(Number);
    received += numbers[0] ?? 0;
    sent += numbers[8] ?? 0;
  }
  return { received, sent };
}

/** Bytes that a process and those it has waited for moved from and to disks; null where nobody counts them. */
export async function diskOf(
  pid: number,
): Promise<{ readonly read: number; readonly written: number } | null> {
  const text = await readFile(`/proc/${pid}/io`, 'latin1').catch(() => null); // It ended, or is another user's.
  const read = text === null ? null : /^read_bytes: (\d+)$/m.exec(text);
  const written = text === null ? null : /^write_bytes: (\d+)$/m.exec(text);
  return read === null || written === null ? null : { read: Number(read[1]), written: Number(written[1]) };
}

const POWERCAP = '/sys/class/powercap';

/**
 * What all processor packages have used since some moment, in joules (RAPL, kernel's powercap framework). It wraps
 * around within hours. Null where it cannot be read, as without special rights on most machines.
 */
export async function packageJoules(root = POWERCAP): Promise<number | null> {
  try {
    const zones = (await readdir(root)).filter((name) => /^intel-rapl:\d+$/.test(name));
    const read = zones.map(async (zone) =>
      Number(await readFile(path.join(root, zone, 'energy_uj'), 'latin1')),
    );
    const counts = await Promise.all(read);
    return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0) / 1e6;
  } catch {
    /* Not there, or not for us to read. */
    return null;
  }
}
