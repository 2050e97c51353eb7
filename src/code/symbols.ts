import { type NamedRange, findMetricNames } from './metrics';
import { findParamUses } from './paramUses';
import { readPython } from './python';

/** A metric or a param that is named in the code. */
export interface CodeSymbol extends NamedRange {
  readonly kind: 'metric' | 'param';
}

/** The metric or param under an offset of the source (also directly behind it), or null. */
export function symbolAt(source: string, offset: number): CodeSymbol | null {
  if (!canBeName(source, offset)) return null;
  const metric = findMetricNames(source).find(contains(offset));
  if (metric !== undefined) return { kind: 'metric', ...metric };
  const param = findParamUses(source).find(contains(offset));
  return param === undefined ? null : { kind: 'param', ...param };
}

const NAMES = /^(String|Escape|FormatString|VariableName|PropertyName)$/;

/** Most places are neither a string nor a name: the answer is quick there. */
function canBeName(source: string, offset: number): boolean {
  if (!(offset >= 0 && offset <= source.length)) return false;
  const { tree } = readPython(source);
  return ([-1, 1] as const).some((side) => NAMES.test(tree.resolveInner(offset, side).name));
}

function contains(offset: number): (named: NamedRange) => boolean {
  return ({ range }) => range.from <= offset && offset <= range.to;
}
