import type { SyntaxNode } from '@lezer/common';
import { stringOf } from './literals';
import { type Dicts, type NamedRange, dictsOf, inTextOrder, keyOfClientCall, keysOf, named } from './metrics';
import { readDeclarations } from './params/findParams';
import {
  type Call,
  type PythonFile,
  assignmentsOf,
  keyword,
  nodesOf,
  positionals,
  rangeOf,
  readCall,
  readPython,
  textOf,
} from './python';

/**
 * Every place where a param is named: its flags, `args.lr`, `args["lr"]`, a keyword argument of that name,
 * log_param("lr", …) and log_params({…}). In the order of the text.
 */
export function findParamUses(source: string): readonly NamedRange[] {
  const file = readPython(source);
  const calls = file.calls;
  const dicts = dictsOf(file, calls);
  const declarations = readDeclarations(file);
  const flags = declarations.flatMap(({ spec, optionRanges }) =>
    optionRanges.map((range) => ({ name: spec.name, range })),
  );
  const logged = calls.flatMap((call) => loggedParams(file, call, dicts));
  const known = new Set([...flags, ...logged].map(({ name }) => name));
  // Constants and variables say nothing of where `args` comes from.
  const isReceiver = logged.length === 0 && !declarations.some(({ spec }) => spec.route.via === 'argument');
  return inTextOrder([
    ...flags,
    ...logged,
    ...attributes(file, namespacesOf(file, calls), known, isReceiver),
    ...keywords(calls, known),
  ]);
}

/** Names that people give to parsed arguments, for files that only receive them. */
const USUAL_NAMES = /^(self\.)?(args|opts?|options|flags|hparams|hps|cfg|conf|config)$/i;

/** Calls whose keywords are their own settings and never a param of the script. */
const OF_ARGPARSE = /^(add_argument|add_parser|add_subparsers|add_argument_group|ArgumentParser)$/;

const PARSES = /^parse_(known_|intermixed_|known_intermixed_)?args$/;

function loggedParams(file: PythonFile, call: Call, dicts: Dicts): readonly NamedRange[] {
  switch (call.name) {
    case 'log_param':
      return named(file, keyOfClientCall(call));
    case 'log_params': {
      const given = keyword(call, 'params');
      return given === undefined
        ? positionals(call).flatMap((node) => keysOf(file, node, dicts))
        : keysOf(file, given, dicts);
    }
    case 'Param': // mlflow.entities, for log_batch
      return /\bmlflow\b/.test(file.source) ? named(file, keyword(call, 'key') ?? positionals(call)[0]) : [];
    default:
      return [];
  }
}

/** Variables that hold the result of parse_args: assigned, or passed to a function of this file. */
function namespacesOf(file: PythonFile, calls: readonly Call[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { target, value, index } of assignmentsOf(file)) {
    if (index === 0 && isParsed(file, value)) names.add(textOf(file, target));
  }
  const parameters = new Map<string, readonly string[]>();
  for (const node of nodesOf(file, 'FunctionDefinition')) {
    const name = node.getChild('VariableName');
    const list = node.getChild('ParamList');
    if (name !== null && list !== null) {
      parameters.set(
        textOf(file, name),
        list.getChildren('VariableName').map((child) => textOf(file, child)),
      );
    }
  }
  for (const call of calls) {
    if (call.receiver !== null) continue;
    positionals(call).forEach((value, index) => {
      const parameter = parameters.get(call.name)?.[index];
      if (parameter !== undefined && isParsed(file, value)) names.add(parameter);
    });
  }
  return names;
}

/** `parser.parse_args()`, `parser.parse_known_args()[0]`, `vars(parser.parse_args())` */
function isParsed(file: PythonFile, node: SyntaxNode | null | undefined): boolean {
  if (node === null || node === undefined) return false;
  const isItem = node.name === 'MemberExpression' && node.getChild('[') !== null;
  const call = readCall(file, isItem ? (node.firstChild ?? node) : node);
  if (call === null) return false;
  const first = positionals(call)[0];
  const inner = call.name === 'vars' && first !== undefined ? readCall(file, first) : call;
  return inner !== null && PARSES.test(inner.name);
}

/** `args.lr`, `args["lr"]` and `vars(args)["lr"]` */
function attributes(
  file: PythonFile,
  namespaces: ReadonlySet<string>,
  known: ReadonlySet<string>,
  isReceiver: boolean,
): readonly NamedRange[] {
  return nodesOf(file, 'MemberExpression').flatMap((node) => {
    const object = node.firstChild;
    const isMethod = node.parent?.name === 'CallExpression' && node.parent.firstChild?.from === node.from;
    if (object === null) return [];
    const variable = textOf(file, object).replace(/^vars\((.*)\)$/s, '$1');
    const isNamespace = namespaces.has(variable);
    if (!isNamespace && !USUAL_NAMES.test(variable)) return [];
    const property = node.getChild('PropertyName');
    const item = node.getChild('[')?.nextSibling;
    const name = property === null ? stringOf(file, item) : textOf(file, property);
    const place = property ?? item;
    // A file without flags of its own gets its params from elsewhere: any attribute may be one.
    const isParam = name !== null && (known.has(name) || (!isMethod && isReceiver));
    return isParam && place !== null && place !== undefined ? [{ name, range: rangeOf(place) }] : [];
  });
}

function keywords(calls: readonly Call[], known: ReadonlySet<string>): readonly NamedRange[] {
  return calls
    .filter((call) => !OF_ARGPARSE.test(call.name))
    .flatMap((call) =>
      call.args.flatMap(({ keyword: name, keywordRange: range }) =>
        name !== null && range !== null && known.has(name) ? [{ name, range }] : [],
      ),
    );
}
