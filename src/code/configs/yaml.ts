import { type Node, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { wordsOf } from '../../model/paramValue';
import type { Literal } from '../literals';
import { yamlFlow, yamlScalar } from '../yamlScalar';
import { type ConfigEntry, type ConfigFormat, literalOfValue } from './entry';

/** YAML: comments, order and everything else of the file stay as they are. */
export const yamlFormat: ConfigFormat = {
  extensions: ['yaml', 'yml'],
  read(text) {
    const document = parseDocument(text);
    const entries: ConfigEntry[] = [];
    if (document.errors.length === 0) collect(document.contents, [], text, entries);
    return entries;
  },
  write(spec, value, old) {
    const quote = old.startsWith('"') ? '"' : old.startsWith("'") ? "'" : null;
    if (!spec.many) return yamlScalar(spec, value, quote);
    return `${/^-\s/.test(old) ? ' ' : ''}${yamlFlow(spec, wordsOf(value) ?? [value])}`;
  },
};

const MAX_DEPTH = 12;

function collect(node: unknown, keys: readonly string[], text: string, entries: ConfigEntry[]): void {
  if (!isMap(node) || keys.length > MAX_DEPTH) return;
  for (const { key, value } of node.items) {
    if (!isScalar(key) || key.value === '<<') continue;
    const own = [...keys, String(key.value)];
    if (isMap(value)) {
      collect(value, own, text, entries);
      continue;
    }
    const literal = literalOfNode(value);
    const range = value === null ? null : rangeOf(value, key, text);
    if (literal === null || range === null) continue;
    entries.push({ keys: own, literal, value: range, help: commentBehind(text, range.to) });
  }
}

function literalOfNode(node: unknown): Literal | null {
  if (isScalar(node)) {
    // A block of several lines is no value to type; a tag says that it is something else.
    if (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED' || node.tag !== undefined) return null;
    return literalOfValue(node.value, node.source ?? '');
  }
  if (!isSeq(node)) return null;
  const items = node.items.map((item) =>
    isScalar(item) ? literalOfValue(item.value, item.source ?? '') : null,
  );
  return items.every((item) => item !== null) ? { kind: 'list', items } : null;
}

/** Where a value stands; for a list in lines of its own from behind the colon, since one in a line replaces it. */
function rangeOf(value: unknown, key: Node, text: string): { from: number; to: number } | null {
  if (!isScalar(value) && !isSeq(value)) return null;
  const [from, to] = value.range ?? [];
  const keyEnd = key.range?.[1];
  if (from === undefined || to === undefined || keyEnd === undefined || value.anchor !== undefined)
    return null;
  const isBlock = isSeq(value) && value.flow !== true;
  if (!isBlock) {
    // `key:` without a value: it goes behind the colon.
    if (from === to) return { from: text.indexOf(':', keyEnd) + 1, to: text.indexOf(':', keyEnd) + 1 };
    return { from, to };
  }
  const colon = text.indexOf(':', keyEnd);
  const last = value.items.at(-1);
  const end = isScalar(last) ? last.range?.[1] : undefined;
  return colon < 0 || colon > from || end === undefined ? null : { from: colon + 1, to: end };
}

function commentBehind(text: string, from: number): string | null {
  const end = text.indexOf('\n', from);
  const rest = text.slice(from, end < 0 ? undefined : end);
  return /^,?[ \t]+#+[ \t]*(\S.*?)\s*$/.exec(rest)?.[1] ?? null;
}
