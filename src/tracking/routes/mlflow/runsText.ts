import type { RunTexts } from '../../../store/runTexts';
import { inputsAndOutputs, runInfo } from './wire';

/** Runs as MLflow's messages, separated by commas: what JSON of `runMessage` says, put together from its parts. */
export function runsText(runs: readonly RunTexts[]): string {
  return runs.map(runText).join(',');
}

function runText({ run, metrics, params, tags, inputs, models }: RunTexts): string {
  const data = Object.entries({ metrics, params, tags })
    .flatMap(([name, list]) => (list === null ? [] : [`"${name}":${list}`]))
    .join(',');
  const more = inputs.length > 0 || models !== null ? fieldsText(inputsAndOutputs({ inputs, models })) : '';
  return `{"info":${JSON.stringify(runInfo(run))},"data":{${data}}${more}}`;
}

/** The fields of an object behind others. */
function fieldsText(fields: object): string {
  const text = JSON.stringify(fields).slice(1, -1);
  return text === '' ? '' : `,${text}`;
}
