import { existsSync, readFileSync, readdirSync } from 'node:fs';

/** Command lines that name a folder; none where there is no /proc. */
export function processesThatName(folder: string): string[] {
  if (!existsSync('/proc')) return [];
  const lines = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return ''; // It has just ended.
      }
    });
  return lines.filter((line) => line.includes(folder));
}
