import type { ParameterValue } from '../model/param';

/**
 * The words that give a notebook its parameters, as papermill's own command takes them: text as it is with -r, what
 * has a spelling of its own with -p, and lists, which have none, with -y.
 */
export function notebookArgs(parameters: Readonly<Record<string, ParameterValue>>): string[] {
  return Object.entries(parameters).flatMap(([name, value]) => {
    if (typeof value === 'string') return ['-r', name, value];
    if (typeof value === 'object' && value !== null) return ['-y', JSON.stringify({ [name]: value })];
    return ['-p', name, wordOf(value)];
  });
}

function wordOf(value: number | boolean | null): string {
  if (value === null) return 'None';
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
}
