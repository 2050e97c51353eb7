import type { SyntaxNode } from '@lezer/common';
import type { Range } from '../model/param';
import { stringOf } from './literals';
import {
  type Call,
  type PythonFile,
  assignmentsOf,
  childrenOf,
  keyword,
  positionals,
  rangeOf,
  readCall,
  readPython,
  textOf,
} from './python';

/** A name in the code and where it stands, quotes included. */
export interface NamedRange {
  readonly name: string;
  readonly range: Range;
}

/**
 * The metrics that a script logs, by reading its calls of MLflow and of other loggers. A name that must be
 * computed is not among them. In the order of the text; a name may occur several times.
 */
export function findMetricNames(source: string): readonly NamedRange[] {
  const file = readPython(source);
  const calls = file.calls;
  const dicts = dictsOf(file, calls);
  return inTextOrder(calls.flatMap((call) => metricsOfCall(file, call, dicts)));
}

/** Sorted by place, each place once. */
export function inTextOrder(names: readonly NamedRange[]): readonly NamedRange[] {
  const byPlace = new Map(names.map((named) => [named.range.from, named]));
  return [...byPlace.values()].sort((a, b) => a.range.from - b.range.from);
}

/** The string keys of a dict: a literal, `dict(a=1)`, or a name that such dicts are assigned to. */
export function keysOf(file: PythonFile, node: SyntaxNode | undefined, dicts?: Dicts): readonly NamedRange[] {
  switch (node?.name) {
    case 'DictionaryExpression':
      return childrenOf(node)
        .filter((child) => child.nextSibling?.name === ':')
        .flatMap((key) => named(file, key));
    case 'CallExpression': {
      const call = readCall(file, node);
      if (call?.name !== 'dict' || call.receiver !== null) return [];
      return call.args.flatMap(({ keyword: name, keywordRange: range }) =>
        name === null || range === null ? [] : [{ name, range }],
      );
    }
    case 'VariableName':
      return dicts?.take(textOf(file, node)) ?? [];
    default:
      return [];
  }
}

/** The keys of the dicts that are assigned to a name: `m = {"a": 1}`, `m["b"] = 2`, `m.update({"c": 3})`. */
export interface Dicts {
  /** The keys of a name the first time it is asked for, then none: they were counted already. */
  take(name: string): readonly NamedRange[];
}

export function dictsOf(file: PythonFile, calls: readonly Call[]): Dicts {
  const dicts = new Map<string, NamedRange[]>();
  const add = (variable: SyntaxNode | null, keys: readonly NamedRange[]) => {
    if (variable?.name !== 'VariableName' || keys.length === 0) return;
    const name = textOf(file, variable);
    const known = dicts.get(name);
    if (known === undefined) dicts.set(name, [...keys]);
    else known.push(...keys);
  };
  for (const { target, value } of assignmentsOf(file)) {
    const item = target.name === 'MemberExpression' ? target.getChild('[')?.nextSibling : undefined;
    if (item === undefined) add(target, keysOf(file, value));
    else add(target.firstChild, named(file, item ?? undefined));
  }
  for (const call of calls) {
    if (call.name === 'update') add(call.receiver, keysOf(file, positionals(call)[0]));
  }
  return {
    take(name) {
      const keys = dicts.get(name) ?? [];
      dicts.delete(name);
      return keys;
    },
  };
}

/** A string literal as a name, or nothing. */
export function named(file: PythonFile, node: SyntaxNode | undefined): readonly NamedRange[] {
  const name = stringOf(file, node);
  return node === undefined || name === null || name === '' ? [] : [{ name, range: rangeOf(node) }];
}

/** The node that holds the key of `log_metric("x", …)` and of a client's `log_metric(run_id, "x", …)`. */
export function keyOfClientCall(call: Call): SyntaxNode | undefined {
  const [first, second] = positionals(call);
  const isText = second?.name === 'String' || second?.name === 'ContinuedString';
  return keyword(call, 'key') ?? (isText ? second : first);
}

function metricsOfCall(file: PythonFile, call: Call, dicts: Dicts): readonly NamedRange[] {
  const [first, second] = positionals(call);
  switch (call.name) {
    case 'log_metric': // MLflow, its client, Comet, DVCLive
      return named(file, keyOfClientCall(call));
    case 'log_metrics': {
      const given = keyword(call, 'metrics') ?? keyword(call, 'dictionary');
      return given === undefined
        ? [first, second].flatMap((node) => keysOf(file, node, dicts))
        : keysOf(file, given, dicts);
    }
    case 'Metric': // mlflow.entities, for log_batch
      return /\bmlflow\b/.test(file.source) ? named(file, keyword(call, 'key') ?? first) : [];
    case 'log_dict': // Lightning; MLflow's log_dict has a file name behind the dict
      return stringOf(file, second) === null ? keysOf(file, keyword(call, 'dictionary') ?? first, dicts) : [];
    case 'log': // self.log("x", value) of Lightning; log({…}) of W&B, Accelerate and others
      if (first?.name === 'DictionaryExpression') return keysOf(file, first);
      if (second === undefined && keyword(call, 'value') === undefined) return [];
      return isModule(file, call.receiver) ? named(file, keyword(call, 'name') ?? first) : [];
    case 'add_scalar': // TensorBoard's SummaryWriter
      return named(file, keyword(call, 'tag') ?? first);
    case 'scalar': // tf.summary.scalar
      return call.receiver !== null && textOf(file, call.receiver).endsWith('summary')
        ? named(file, keyword(call, 'name') ?? first)
        : [];
    default:
      return [];
  }
}

function isModule(file: PythonFile, receiver: SyntaxNode | null): boolean {
  return receiver !== null && /^self$|module$/i.test(textOf(file, receiver));
}
