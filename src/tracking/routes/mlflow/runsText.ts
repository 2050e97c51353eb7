import { toWire } from '../../../api/wire';
import type { MetricRow, RunRows, TextRow } from '../../../store/runRows';
import { inputsAndOutputs, runInfo } from './wire';

/**
 * Runs as MLflow's messages, separated by commas: the text that JSON of `runMessage` is. A page of 100 runs has
 * some 2,500 metrics, params and tags, and an object of each would take longer than finding the runs.
 */
export function runsText(runs: readonly RunRows[]): string {
  // Runs of an experiment share their names.
  const names = new Map<string, string>();
  const nameText = (name: string): string => {
    const known = names.get(name);
    if (known !== undefined) return known;
    const text = JSON.stringify(name);
    names.set(name, text);
    return text;
  };

  const metricText = ([, name, value, step, timestamp]: MetricRow): string => {
    const shown = value === null ? '"NaN"' : Number.isFinite(value) ? value : `"${toWire(value)}"`;
    return `{"key":${nameText(name)},"value":${shown},"timestamp":${timestamp},"step":${step}}`;
  };
  const entryText = ([, key, value]: TextRow): string =>
    `{"key":${nameText(key)},"value":${JSON.stringify(value)}}`;

  function runText({ run, metrics, params, tags, inputs, models }: RunRows): string {
    const data = [
      ...listText('metrics', metrics, metricText),
      ...listText('params', params, entryText),
      ...listText('tags', tags, entryText),
    ];
    const more = inputs.length > 0 || models !== null ? fieldsText(inputsAndOutputs({ inputs, models })) : '';
    return `{"info":${JSON.stringify(runInfo(run))},"data":{${data.join(',')}}${more}}`;
  }

  return runs.map(runText).join(',');
}

/** A field with a list, or nothing when the list is empty. */
function listText<T>(name: string, entries: readonly T[], text: (entry: T) => string): string[] {
  if (entries.length === 0) return [];
  let all = '';
  for (const entry of entries) all += all === '' ? text(entry) : `,${text(entry)}`;
  return [`"${name}":[${all}]`];
}

/** The fields of an object behind others. */
function fieldsText(fields: object): string {
  const text = JSON.stringify(fields).slice(1, -1);
  return text === '' ? '' : `,${text}`;
}
