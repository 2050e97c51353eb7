import type { RunCommand } from '../model/run';

/** A line for a POSIX shell that runs the command in its folder. Words with special characters are quoted. */
export function shellLine({ folder, python, script, args }: RunCommand): string {
  const words = [...(python === null ? [] : [python]), script, ...args].map(quoted);
  return `cd ${quoted(folder)} && ${words.join(' ')}`;
}

/** `it's` becomes `'it'\''s'`: inside single quotes a shell takes everything as it is. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
