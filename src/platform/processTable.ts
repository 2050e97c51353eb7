import { readFile, readdir } from 'node:fs/promises';
import { runProgram } from './spawn';

/** One process of this machine as its kernel tells it. */
export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** When it started, in the kernel's own unit: only equality means something. */
  readonly startTime: string;
  /** Ended, and kept only because its parent has not looked yet. */
  readonly defunct: boolean;
}

/** One process, or null when there is none with this id. */
export async function readProcess(pid: number): Promise<ProcessRow | null> {
  if (process.platform === 'linux') return readLinux(pid);
  return (await listWithPs(['-p', String(pid)]))[0] ?? null;
}

/** Every process that this user can see. */
export async function listProcesses(): Promise<ProcessRow[]> {
  if (process.platform !== 'linux') return listWithPs(['-ax']);
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const rows = await Promise.all(pids.map(readLinux));
  return rows.filter((row) => row !== null);
}

/** The processes below `pid`, itself not included, parents before children. */
export async function descendantsOf(pid: number): Promise<number[]> {
  const children = process.platform === 'linux' ? await childrenByProc(pid) : null;
  if (children === null) return descendantsIn(await listProcesses(), pid);
  const below = await Promise.all(children.map(descendantsOf));
  return [...children, ...below.flat()];
}

/** The processes below `pid` in a table that was read before. */
export function descendantsIn(rows: readonly ProcessRow[], pid: number): number[] {
  const found = [pid];
  for (const parent of found) {
    for (const row of rows) if (row.parent === parent && row.pid !== parent) found.push(row.pid);
  }
  return found.slice(1);
}

/** See proc_pid_stat(5). The name stands in parentheses and may contain anything, even parentheses. */
async function readLinux(pid: number): Promise<ProcessRow | null> {
  let text: string;
  try {
    text = await readFile(`/proc/${pid}/stat`, 'latin1');
  } catch {
    /* It ended, or never was. */
    return null;
  }
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group] = fields;
  const startTime = fields[19]; // Field 22 of the line; the first two are cut off.
  if (state === undefined || startTime === undefined) return null;
  return {
    pid,
    parent: Number(parent),
    group: Number(group),
    startTime,
    defunct: state === 'Z' || state === 'X',
  };
}

/** Null when the kernel was built without these files; the empty list when the process is gone. */
async function childrenByProc(pid: number): Promise<number[] | null> {
  try {
    const threads = await readdir(`/proc/${pid}/task`);
    const lists = await Promise.all(
      threads.map((thread) =>
        readFile(`/proc/${pid}/task/${thread}/children`, 'latin1').catch((error: unknown) => {
          if (thread === String(pid)) throw error;
          return '';
        }),
      ),
    );
    return lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number));
  } catch {
    return (await readLinux(pid)) === null ? [] : null;
  }
}

async function listWithPs(which: readonly string[]): Promise<ProcessRow[]> {
  const { stdout } = await runProgram('ps', [...which, '-o', 'pid=,ppid=,pgid=,stat=,lstart='], {
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
  });
  return stdout
    .toString('utf8')
    .split('\n')
    .flatMap((line): ProcessRow[] => {
      const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line);
      if (match === null) return [];
      const [, pid, parent, group, state = '', startTime = ''] = match;
      return [
        {
          pid: Number(pid),
          parent: Number(parent),
          group: Number(group),
          startTime,
          defunct: state.startsWith('Z'),
        },
      ];
    });
}
