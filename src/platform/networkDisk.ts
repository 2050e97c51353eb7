import { statfs } from 'node:fs/promises';
import { runProgram } from './spawn';

/** The numbers that Linux gives file systems which are reached over a network or from another kernel. */
const NETWORK_TYPES = new Set([
  0x6969, // nfs
  0x517b, // smb
  0xff534d42, // cifs
  0xfe534d42, // smb2
  0x65735546, // fuse: sshfs, rclone; a local one is not told apart and treated with the same care
  0x01021997, // 9p: WSL's /mnt/c
  0x5346414f, // afs
  0x6b414653, // kafs
  0x00c36400, // ceph
  0x0bd00bd0, // lustre
  0x47504653, // gpfs
  0x73757245, // coda
  0x19830326, // beegfs
  0x786f4256, // vboxsf
]);

/** macOS's names of the same. */
const NETWORK_NAMES = /\((nfs|smbfs|afpfs|webdav|ftp|macfuse|osxfuse|fuse[\w-]*)\b/;

/** Whether a folder lies on a disk where locks and shared memory cannot be trusted. */
export async function isNetworkDisk(folder: string): Promise<boolean> {
  if (process.platform !== 'darwin') {
    // `type` is signed where a long has 32 bits.
    return NETWORK_TYPES.has((await statfs(folder)).type >>> 0);
  }
  const { stdout } = await runProgram('/sbin/mount', []);
  let best = { length: 0, network: false };
  for (const line of stdout.toString('utf8').split('\n')) {
    const point = / on (.+) \(/.exec(line)?.[1];
    if (point === undefined || point.length <= best.length) continue;
    if (folder === point || folder.startsWith(point.endsWith('/') ? point : `${point}/`)) {
      best = { length: point.length, network: NETWORK_NAMES.test(line) };
    }
  }
  return best.network;
}
