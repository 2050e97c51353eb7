import type { SyntaxNode } from '@lezer/common';
import type { Range } from '../model/param';
import { stringOf } from './literals';
import { type Call, type PythonFile, childrenOf, nodesOf, rangeOf, readDecorator, textOf } from './python';

/** A function and what it takes. */
export interface PythonFunction {
  readonly file: PythonFile;
  readonly node: SyntaxNode;
  readonly name: string;
  readonly decorators: readonly Call[];
  readonly parameters: readonly Parameter[];
  /** The class that it is a method of, or null. */
  readonly owner: string | null;
  readonly doc: string | null;
}

export interface Parameter {
  readonly name: string;
  readonly range: Range;
  readonly annotation: SyntaxNode | null;
  readonly value: SyntaxNode | null;
  /** `*args` and `**kwargs` take what nobody knows. */
  readonly isSpread: boolean;
}

export interface PythonClass {
  readonly file: PythonFile;
  readonly node: SyntaxNode;
  readonly name: string;
  readonly bases: readonly string[];
  readonly decorators: readonly Call[];
  readonly fields: readonly Field[];
  readonly doc: string | null;
}

/** `name: annotation = value` in the body of a class. */
export interface Field {
  readonly name: string;
  readonly range: Range;
  readonly annotation: SyntaxNode | null;
  readonly value: SyntaxNode | null;
  /** The text below it in quotes, else the comment beside it. */
  readonly help: string | null;
}

export function functionsOf(file: PythonFile): readonly PythonFunction[] {
  return nodesOf(file, 'FunctionDefinition').flatMap((node) => {
    const name = node.getChild('VariableName');
    const list = node.getChild('ParamList');
    if (name === null || list === null) return [];
    return [
      {
        file,
        node,
        name: textOf(file, name),
        decorators: decoratorsOf(file, node),
        parameters: parametersOf(file, list),
        owner: ownerOf(file, node),
        doc: docOf(file, node),
      },
    ];
  });
}

export function classesOf(file: PythonFile): readonly PythonClass[] {
  return nodesOf(file, 'ClassDefinition').flatMap((node) => {
    const name = node.getChild('VariableName');
    if (name === null) return [];
    const list = node.getChild('ArgList');
    const bases = list === null ? [] : childrenOf(list).filter((child) => !'(),'.includes(child.name));
    return [
      {
        file,
        node,
        name: textOf(file, name),
        bases: bases.map((base) => textOf(file, base).split('.').at(-1) ?? ''),
        decorators: decoratorsOf(file, node),
        fields: fieldsOf(file, node),
        doc: docOf(file, node),
      },
    ];
  });
}

/** The comment that ends the line of a node, without its mark; null when there is none. */
export function commentBeside(file: PythonFile, node: SyntaxNode): string | null {
  const lineEnd = file.source.indexOf('\n', node.to);
  const rest = file.source.slice(node.to, lineEnd < 0 ? undefined : lineEnd);
  const comment = /^[ \t]*#+[ \t]*(.*?)\s*$/.exec(rest)?.[1];
  // What a linter reads is no help to anybody.
  return comment === undefined || comment === '' || /^(type: ignore|noqa|pylint|fmt)\b/.test(comment)
    ? null
    : comment;
}

function decoratorsOf(file: PythonFile, node: SyntaxNode): readonly Call[] {
  if (node.parent?.name !== 'DecoratedStatement') return [];
  return node.parent.getChildren('Decorator').flatMap((child) => readDecorator(file, child) ?? []);
}

function parametersOf(file: PythonFile, list: SyntaxNode): readonly Parameter[] {
  const groups: SyntaxNode[][] = [[]];
  for (const child of childrenOf(list)) {
    if (child.name === ',') groups.push([]);
    else if (child.name !== '(' && child.name !== ')') groups.at(-1)?.push(child);
  }
  return groups.flatMap((group) => {
    const isSpread = group[0]?.name === '*' || group[0]?.name === '**';
    const name = group.find((child) => child.name === 'VariableName');
    if (name === undefined) return [];
    const assign = group.findIndex((child) => child.name === 'AssignOp');
    const type = group.find((child) => child.name === 'TypeDef');
    return [
      {
        name: textOf(file, name),
        range: rangeOf(name),
        annotation: type === undefined ? null : annotationIn(type),
        value: assign < 0 ? null : (group[assign + 1] ?? null),
        isSpread,
      },
    ];
  });
}

function fieldsOf(file: PythonFile, node: SyntaxNode): readonly Field[] {
  const body = node.getChild('Body');
  if (body === null) return [];
  return body.getChildren('AssignStatement').flatMap((statement) => {
    const [target] = childrenOf(statement);
    if (target?.name !== 'VariableName') return [];
    const type = statement.getChild('TypeDef');
    const value = statement.getChild('AssignOp')?.nextSibling ?? null;
    return [
      {
        name: textOf(file, target),
        range: rangeOf(target),
        annotation: type === null ? null : annotationIn(type),
        value,
        help: textBelow(file, statement) ?? commentBeside(file, statement),
      },
    ];
  });
}

function annotationIn(type: SyntaxNode): SyntaxNode | null {
  return childrenOf(type).find((child) => child.name !== ':' && child.name !== '->') ?? null;
}

function textBelow(file: PythonFile, statement: SyntaxNode): string | null {
  let next = statement.nextSibling;
  while (next?.name === 'Comment') next = next.nextSibling;
  if (next?.name !== 'ExpressionStatement') return null;
  return stringOf(file, next.firstChild)?.trim().replace(/\s+/g, ' ') ?? null;
}

function docOf(file: PythonFile, node: SyntaxNode): string | null {
  const first = childrenOf(node.getChild('Body') ?? node).find((child) => child.name !== ':');
  return first?.name === 'ExpressionStatement' ? stringOf(file, first.firstChild) : null;
}

function ownerOf(file: PythonFile, node: SyntaxNode): string | null {
  const outer = node.parent?.name === 'DecoratedStatement' ? node.parent.parent : node.parent;
  const owner = outer?.name === 'Body' ? outer.parent : null;
  const name = owner?.name === 'ClassDefinition' ? owner.getChild('VariableName') : null;
  return name === null ? null : textOf(file, name);
}
