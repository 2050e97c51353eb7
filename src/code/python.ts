import type { SyntaxNode, Tree } from '@lezer/common';
import { parser } from '@lezer/python';
import type { Range } from '../model/param';

/** Python code and its tree. Nothing is ever executed; broken code has a tree all the same. */
export interface PythonFile {
  readonly source: string;
  readonly tree: Tree;
  readonly nodes: ReadonlyMap<string, readonly SyntaxNode[]>;
  /** All calls in the order of their text; an outer call comes before the calls in it. */
  readonly calls: readonly Call[];
}

/** Enough of a file to look at its text. */
export type SourceText = Pick<PythonFile, 'source'>;

/** A call: `receiver.name(args)` or `name(args)`. */
export interface Call {
  readonly node: SyntaxNode;
  /** The last part of what is called: `log_metric` of `mlflow.log_metric(…)`. */
  readonly name: string;
  /** What stands before the last dot, or null. */
  readonly receiver: SyntaxNode | null;
  readonly args: readonly Argument[];
}

export interface Argument {
  /** `key` of `key=value`. */
  readonly keyword: string | null;
  readonly keywordRange: Range | null;
  /** Null when the value is not typed yet. */
  readonly value: SyntaxNode | null;
  /** `*values` or `**values`: nobody knows what is in it. */
  readonly isSpread: boolean;
}

/** An assignment to one target, also one part of `a, b = f()`: then `value` is the whole right side. */
export interface Assignment {
  readonly target: SyntaxNode;
  readonly value: SyntaxNode;
  /** The place of the target in `a, b = …`. */
  readonly index: number;
}

/** The kinds of nodes that readers ask for, collected in one walk: a walk of a megabyte takes half a second. */
const COLLECTED = [
  'AssignStatement',
  'BinaryExpression',
  'CallExpression',
  'ClassDefinition',
  'FunctionDefinition',
  'ImportStatement',
  'MemberExpression',
  'NamedExpression',
] as const;

type Collected = (typeof COLLECTED)[number];

const MAX_LENGTH = 8_000_000; // Longer ones are data in a .py file; reading them would take many seconds.

let last: PythonFile | null = null;

/** Parses a source; the last one is kept, since several questions are asked of the same text in a row. */
export function readPython(source: string): PythonFile {
  if (source !== last?.source) last = parsePython(source);
  return last;
}

/** As readPython, without keeping it. */
export function parsePython(source: string): PythonFile {
  // The mark in front of a file of Windows is no code; a line's end keeps every place where it is.
  const code = source.replace(/^\ufeff/, '\n');
  const tree = parser.parse(code.length > MAX_LENGTH ? '' : code);
  const nodes = new Map<string, SyntaxNode[]>(COLLECTED.map((name) => [name, []]));
  tree.iterate({
    enter(node) {
      nodes.get(node.name)?.push(node.node);
    },
  });
  const file = { source, tree, nodes };
  const calls = nodesOf(file, 'CallExpression').flatMap((node) => readCall(file, node) ?? []);
  return { ...file, calls };
}

export function nodesOf(file: Pick<PythonFile, 'nodes'>, name: Collected): readonly SyntaxNode[] {
  return file.nodes.get(name) ?? [];
}

export function readCall(file: SourceText, node: SyntaxNode): Call | null {
  if (node.name !== 'CallExpression') return null;
  const callee = node.firstChild;
  const list = node.getChild('ArgList');
  if (callee === null || list === null) return null;
  const args = readArguments(file, list);
  if (callee.name === 'VariableName') return { node, name: textOf(file, callee), receiver: null, args };
  const property = callee.name === 'MemberExpression' ? callee.getChild('PropertyName') : null;
  if (property === null) return null;
  return { node, name: textOf(file, property), receiver: callee.firstChild, args };
}

/** What stands behind an `@`, as a call: `@app.command` is one without arguments. */
export function readDecorator(file: SourceText, node: SyntaxNode): Call | null {
  const names = node.getChildren('VariableName');
  const last = names.at(-1);
  if (last === undefined) return null;
  const list = node.getChild('ArgList');
  return {
    node,
    name: textOf(file, last),
    receiver: names.at(-2) ?? null,
    args: list === null ? [] : readArguments(file, list),
  };
}

/** Plain and annotated assignments; `a, b = f()` gives one entry a target, `a = b = f()` as well. */
export function assignmentsOf(file: PythonFile): readonly Assignment[] {
  return [...nodesOf(file, 'AssignStatement'), ...nodesOf(file, 'NamedExpression')].flatMap(readAssignment);
}

function readAssignment(node: SyntaxNode): readonly Assignment[] {
  const sides: SyntaxNode[][] = [[]];
  for (const child of childrenOf(node)) {
    if (child.name === 'AssignOp') sides.push([]);
    else if (child.name !== 'TypeDef' && child.name !== ',') sides.at(-1)?.push(child);
  }
  const values = sides.pop();
  const value = values?.[0];
  if (value === undefined || sides.length === 0) return [];
  return sides.flatMap((targets) =>
    targets.map((target, index) => {
      const own = targets.length > 1 && values?.length === targets.length ? values[index] : undefined;
      return { target, value: own ?? value, index: own === undefined ? index : 0 };
    }),
  );
}

function readArguments(file: SourceText, list: SyntaxNode): readonly Argument[] {
  const groups: SyntaxNode[][] = [[]];
  for (const child of childrenOf(list)) {
    if (child.name === ',') groups.push([]);
    else if (child.name !== '(' && child.name !== ')') groups.at(-1)?.push(child);
  }
  return groups.flatMap((group): Argument[] => {
    const [first, second, third] = group;
    if (first === undefined) return [];
    if (first.name === '*' || first.name === '**') {
      return [{ keyword: null, keywordRange: null, value: second ?? null, isSpread: true }];
    }
    if (first.name === 'VariableName' && second?.name === 'AssignOp') {
      const keywordRange = rangeOf(first);
      return [{ keyword: textOf(file, first), keywordRange, value: third ?? null, isSpread: false }];
    }
    return [{ keyword: null, keywordRange: null, value: first, isSpread: false }];
  });
}

/** Children without comments and without what the parser put in for missing parts. */
export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (!child.type.isError && child.name !== 'Comment') children.push(child);
  }
  return children;
}

/** The values given by place, up to the first `*values`. */
export function positionals(call: Call): readonly SyntaxNode[] {
  const values: SyntaxNode[] = [];
  for (const argument of call.args) {
    if (argument.isSpread) break;
    if (argument.keyword === null && argument.value !== null) values.push(argument.value);
  }
  return values;
}

/** The value given by name, or undefined. */
export function keyword(call: Call, name: string): SyntaxNode | undefined {
  return call.args.find((argument) => argument.keyword === name)?.value ?? undefined;
}

export function textOf(file: SourceText, node: SyntaxNode): string {
  return file.source.slice(node.from, node.to);
}

export function rangeOf(node: SyntaxNode): Range {
  return { from: node.from, to: node.to };
}
