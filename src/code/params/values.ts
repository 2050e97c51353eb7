import type { SyntaxNode } from '@lezer/common';
import type { ParamSpec, ParamType } from '../../model/param';
import { quoteWord } from '../../model/paramValue';
import { type Constants, type Literal, literalOf, printed } from '../literals';
import { type PythonFile, childrenOf, readCall, textOf } from '../python';

/** A default as it would be typed. A list can only be typed where several values may follow. */
export function typedDefault(literal: Literal | null, many: boolean): string | null {
  if (literal === null) return null;
  if (literal.kind !== 'list') {
    return many && literal.kind === 'string' ? quoteWord(literal.value) : printed(literal);
  }
  const items = literal.items.map(printed);
  if (!many || items.length === 0 || !items.every((item) => item !== null)) return null;
  return items.map(quoteWord).join(' ');
}

/** What a value alone tells of its param. A text when it is computed. */
export function factsOfLiteral(
  literal: Literal | null,
): Pick<ParamSpec, 'type' | 'many' | 'defaultValue'> & { readonly nullable?: boolean } {
  if (literal === null) return { type: 'str', many: false, defaultValue: null };
  if (literal.kind === 'none') return { type: 'str', many: false, defaultValue: null, nullable: true };
  const many = literal.kind === 'list';
  return { type: typeOfLiteral(literal), many, defaultValue: typedDefault(literal, many) };
}

export function typeOfLiteral(literal: Literal): ParamType {
  switch (literal.kind) {
    case 'bool':
      return 'bool';
    case 'number':
      return /^-?\d+$/.test(literal.text) ? 'int' : 'float';
    case 'string':
    case 'none':
      return 'str';
    case 'list': {
      const types = new Set(literal.items.map(typeOfLiteral));
      if (types.size === 1) return [...types][0] ?? 'str';
      return types.size === 2 && types.has('int') && types.has('float') ? 'float' : 'str';
    }
  }
}

/** Whether a list can be typed as words and written back: all its items are of one kind, and it has some. */
export function isPlainList(literal: Literal): boolean {
  if (literal.kind !== 'list' || literal.items.length === 0) return false;
  if (literal.items.some((item) => item.kind === 'list' || item.kind === 'none')) return false;
  const isText = (item: Literal) => item.kind === 'string';
  return literal.items.every(isText) || !literal.items.some(isText);
}

/** A number as a limit, or null. */
export function numberIn(
  file: PythonFile,
  node: SyntaxNode | null | undefined,
  constants: Constants,
): number | null {
  const literal = literalOf(file, node, constants);
  return literal?.kind === 'number' ? literal.value : null;
}

export function isTrue(file: PythonFile, node: SyntaxNode | null | undefined): boolean {
  const literal = literalOf(file, node);
  return literal?.kind === 'bool' && literal.value;
}

/** The texts of a list of literals, or null when it is computed. */
export function textsIn(
  file: PythonFile,
  node: SyntaxNode | null | undefined,
  constants: Constants,
): readonly string[] | null {
  const literal = literalOf(file, node, constants);
  if (literal?.kind !== 'list') return null;
  return literal.items.flatMap((item) => printed(item) ?? []);
}

/** The value of `lambda: value` and of `list`, as default factories are. */
export function madeBy(node: SyntaxNode | undefined): SyntaxNode | null {
  if (node?.name !== 'LambdaExpression') return null;
  return childrenOf(node).at(-1) ?? null;
}

/** `float(x)` gives what it converts to and x; anything else is a text as it stands. */
export function convertedType(file: PythonFile, node: SyntaxNode): ParamType {
  const call =
    node.parent?.name === 'ArgList' && node.parent.parent !== null
      ? readCall(file, node.parent.parent)
      : null;
  if (call === null || call.receiver !== null || call.args[0]?.value?.from !== node.from) return 'str';
  return call.name === 'int' || call.name === 'float' || call.name === 'bool' ? call.name : 'str';
}

/** Whether the file imports a package: `import click`, `from click import option`. */
export function imports(file: PythonFile, packages: string): boolean {
  return new RegExp(String.raw`^[ \t]*(?:import|from)[ \t]+(?:[\w., ]+,[ \t]*)?(?:${packages})\b`, 'm').test(
    file.source,
  );
}

/** The name of the last part of `a.b.c`. */
export function lastName(file: PythonFile, node: SyntaxNode | null | undefined): string | null {
  if (node === null || node === undefined) return null;
  if (node.name === 'VariableName') return textOf(file, node);
  const property = node.name === 'MemberExpression' ? node.getChild('PropertyName') : null;
  return property === null ? null : textOf(file, property);
}
