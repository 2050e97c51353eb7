import { UserError } from '../base/errors';
import { metricName } from './names';
import { NUMBER, readNumber } from './numbers';
import type { Reading } from './shape';

/** Reads lines by a person's own patterns. */
export interface YourPattern {
  read(line: string): Reading | null;
}

/**
 * Guild AI's convention: a named group is a metric of that name, `step` sets the step; or groups `_key` and `_val`
 * are name and value. `\key`, `\value` and `\step` stand for a name, a number and a whole number.
 * @throws UserError 'printed-pattern' when it is no regular expression, or has no such group.
 */
export function readYourPattern(pattern: string): YourPattern {
  const source = pattern
    .replaceAll('(?P<', '(?<') // Python's way of naming a group.
    .replaceAll(String.raw`\key`, String.raw`(?<_key>[^\s:=][^:=]*?)`)
    .replaceAll(String.raw`\value`, /\\key|_key/.test(pattern) ? `(?<_val>${NUMBER})` : `(?:${NUMBER})`)
    .replaceAll(String.raw`\step`, String.raw`(?<step>\d+)`);
  const expression = compile(source, pattern);
  const names = [...source.matchAll(/\(\?<([A-Za-z_$][\w$]*)>/g)].map(([, name = '']) => name);
  const hasKey = names.includes('_key') && names.includes('_val');
  const named = names.filter((name) => !['step', '_key', '_val', '_step'].includes(name));
  if (!hasKey && named.length === 0) {
    throw new UserError(
      'printed-pattern',
      `The pattern ${pattern} names no metric. Put a number into a named group, such as loss: (?<loss>\\value).`,
    );
  }
  return {
    read(line) {
      const groups = expression.exec(line)?.groups;
      if (groups === undefined) return null;
      const found = named.map((name) => [name, groups[name]] as const);
      if (hasKey) found.push([groups['_key'] ?? '', groups['_val']]);
      const values = found.flatMap(([name, text]) => {
        const isNumber = text !== undefined && WHOLE.test(text.trim());
        return isNumber ? [{ name: metricName(name), value: readNumber(text.trim()), sure: true }] : [];
      });
      const step = Number(groups['step'] ?? groups['_step']);
      const at = Number.isSafeInteger(step) ? { at: { step } } : {};
      return values.length === 0 && at.at === undefined ? null : { values, ...at };
    },
  };
}

const WHOLE = new RegExp(`^${NUMBER}$`, 'i');

function compile(source: string, pattern: string): RegExp {
  try {
    return new RegExp(source, 'u');
  } catch {
    /* Some patterns of Python's are fine without the strictness of Unicode. */
  }
  try {
    return new RegExp(source);
  } catch (error) {
    throw new UserError(
      'printed-pattern',
      `The pattern ${pattern} cannot be read. Correct it and try again.`,
      {
        cause: error,
      },
    );
  }
}
