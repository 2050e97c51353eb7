import { messageOf } from '../base/errors';
import type { PrintedValue } from './shape';
import { readYourPattern } from './yours';

/** A pattern to begin with for lines like this one: the line itself, with its numbers as they may change. */
export function mendPattern(line: string, metric: string): string {
  const group = metric.replaceAll(/\W+/g, '_').replace(/^(?=\d)/, '_');
  const escaped = line.slice(0, 200).replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const words = metric.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const name = words
    .map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
    .join(String.raw`\W+`);
  const own = new RegExp(String.raw`(${name}\W{0,6}?)-?\d+(?:\\\.\d+)?(?:e[-\\+]*\d+)?`, 'iu').exec(escaped);
  if (own === null) return String.raw`${group}\D*(?<${group}>\value)`;
  const before = escaped
    .slice(Math.max(0, own.index - 30), own.index)
    .replaceAll(/\d+(?:\\\.\d+)?/g, String.raw`\S+`);
  return String.raw`${before}${own[1] ?? ''}(?<${group}>\value)`;
}

/** What a pattern finds in a line, or what is wrong with it. */
export function tryYourPattern(
  pattern: string,
  line: string,
): { readonly values: readonly PrintedValue[] } | { readonly problem: string } {
  try {
    return { values: readYourPattern(pattern).read(line)?.values ?? [] };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}
