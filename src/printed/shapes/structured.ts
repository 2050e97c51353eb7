import { metricName } from '../names';
import { readNumber } from '../numbers';
import type { Position, PrintedValue, Shape } from '../shape';

const STEPS = /^_?(?:global_?step|step|iter|iteration|update)$/i;
const DEPTH = 3;
const PYTHON = /'((?:[^'\\]|\\.)*)'/g;

/** A whole line that is a JSON object, or a dict as Python shows it: `{"step": 1, "loss": 0.5, "eval": {"acc": 1}}`. */
export const structured: Shape = {
  id: 'structured',
  read(line) {
    if (!line.startsWith('{') || !line.endsWith('}')) return null;
    const object = parse(line);
    if (object === null) return null;
    const values: PrintedValue[] = [];
    const at: { step?: number; epoch?: number } = {};
    collect(object, '', DEPTH, (name, value) => {
      if (STEPS.test(name) && Number.isSafeInteger(value)) at.step ??= value;
      else if (/^epoch$/i.test(name) && Number.isSafeInteger(value)) at.epoch ??= value;
      else values.push({ name: metricName(name), value });
    });
    const place: Position | null =
      at.step !== undefined ? { step: at.step } : at.epoch !== undefined ? { epoch: at.epoch } : null;
    return values.length === 0 && place === null
      ? null
      : { values, ...(place === null ? {} : { at: place }) };
  },
};

function parse(line: string): object | null {
  for (const text of [line, asJson(line)]) {
    try {
      const value: unknown = JSON.parse(text);
      return typeof value === 'object' ? value : null;
    } catch {
      /* Python's way of writing it comes next, or it is no object at all. */
    }
  }
  return null;
}

function asJson(line: string): string {
  return line
    .replaceAll(PYTHON, (_, text: string) => JSON.stringify(text))
    .replaceAll(/\bTrue\b/g, 'true')
    .replaceAll(/\bFalse\b/g, 'false')
    .replaceAll(/\bNone\b/g, 'null')
    .replaceAll(/(?<=[:[,]\s?)(-?)\b(?:nan|inf|NaN|Infinity)\b/g, (word) => JSON.stringify(word));
}

function collect(
  object: object,
  prefix: string,
  depth: number,
  add: (name: string, value: number) => void,
): void {
  for (const [key, value] of Object.entries(object) as [string, unknown][]) {
    const name = prefix === '' ? key : `${prefix}/${key}`;
    if (typeof value === 'number') add(name, value);
    else if (typeof value === 'string' && /^-?(?:nan|inf(?:inity)?)$/i.test(value))
      add(name, readNumber(value));
    else if (typeof value === 'object' && value !== null && !Array.isArray(value) && depth > 1) {
      collect(value, name, depth - 1, add);
    }
  }
}
