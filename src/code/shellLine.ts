import type { Overrides } from '../model/param';
import type { RunCommand } from '../model/run';

/**
 * A line for a POSIX shell that runs the command in its folder. Words with special characters are quoted. A notebook
 * is no program: Winnow's own command runs it.
 */
export function shellLine({ folder, python, script, args, variables = {} }: RunCommand): string {
  const overrides = { args, variables, edits: [] };
  if (!script.toLowerCase().endsWith('.ipynb')) {
    return `cd ${quoted(folder)} && ${renderCommand(python, script, overrides)}`;
  }
  const interpreter = python === null ? [] : ['--python', python];
  const words = ['run', ...interpreter, '--', script, ...args];
  return `cd ${quoted(folder)} && ${renderCommand(null, 'winnow', { ...overrides, args: words })}`;
}

/**
 * The line that a person would type to start a script with these overrides, for a POSIX shell. Edited files are
 * not in it: a shell has no words for them.
 */
export function renderCommand(python: string | null, script: string, overrides: Overrides): string {
  const variables = Object.entries(overrides.variables).map(([name, value]) => `${name}=${quoted(value)}`);
  const words = [...(python === null ? [] : [python]), script, ...overrides.args].map(quoted);
  return [...variables, ...words].join(' ');
}

/** `it's` becomes `'it'\''s'`: inside single quotes a shell takes everything as it is. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
