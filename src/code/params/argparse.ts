import type { SyntaxNode } from '@lezer/common';
import type { ParamSpec, ParamType } from '../../model/param';
import { type Constants, type Literal, constantsOf, literalOf, printed, stringOf } from '../literals';
import { type Call, type PythonFile, keyword, positionals, rangeOf, readCall, textOf } from '../python';
import { fallbackOf } from './environment';
import type { Source } from './modules';
import { type Declaration, type ParamReader, inFile } from './reader';
import { typedDefault } from './values';

/** Params of argparse: options, positional arguments, groups and subcommands. */
export const argparseReader: ParamReader = {
  id: 'argparse',
  source: 'argparse',
  read({ sources }) {
    // Other things have an add_argument too: the options of a browser, for one.
    if (!sources.some(({ file }) => /argparse|ArgumentParser/i.test(file.source))) return [];
    return sources.flatMap(readArgparse);
  },
};

function readArgparse({ file, path, isReached }: Source): readonly Declaration[] {
  const constants = constantsOf(file);
  const subcommands = new Map<string, string>();
  const found: Declaration[] = [];
  const add = (declaration: Declaration | null) => {
    if (declaration !== null) found.push(inFile(declaration, path));
  };
  const calls = file.calls.filter(({ node }) => isReached(node));
  for (const call of calls) {
    switch (call.name) {
      case 'add_argument':
        add(readArgument(file, call, constants, subcommandOf(file, call.receiver, subcommands)));
        break;
      case 'add_subparsers':
        add(readSubparsers(file, call, calls, subcommandOf(file, call.receiver, subcommands)));
        remember(file, call, subcommands);
        break;
      case 'add_parser':
      case 'add_argument_group':
      case 'add_mutually_exclusive_group':
      case 'ArgumentParser':
        remember(file, call, subcommands);
        break;
    }
  }
  return withDefaults(file, calls, found);
}

/** `parser.set_defaults(lr=0.5)` wins over the default of the flag. */
function withDefaults(
  file: PythonFile,
  calls: readonly Call[],
  found: readonly Declaration[],
): readonly Declaration[] {
  const set = calls.filter(({ name }) => name === 'set_defaults').flatMap(({ args }) => args);
  if (set.length === 0) return found;
  return found.map((declaration) => {
    const { spec } = declaration;
    const value = set.findLast((one) => one.keyword === spec.name)?.value;
    const literal = literalOf(file, value, constantsOf(file));
    if (literal === null) return declaration;
    return { ...declaration, spec: { ...spec, defaultValue: typedDefault(literal, spec.many) } };
  });
}

/** Notes which subcommand the variable stands for that a parser, a group or a set of subparsers is assigned to. */
function remember(file: PythonFile, call: Call, subcommands: Map<string, string>): void {
  const assignment = call.node.parent;
  const target = assignment?.name === 'AssignStatement' ? assignment.firstChild : null;
  if (target === null) return;
  subcommands.set(textOf(file, target), subcommandOf(file, call.node, subcommands) ?? '');
}

const MAX_CHAIN = 20; // a.add_parser(…).add_argument_group(…) is two; nobody writes more than a few.

/** The subcommand ("train", "data fetch") that a parser, group or set of subparsers belongs to. */
function subcommandOf(
  file: PythonFile,
  node: SyntaxNode | null,
  subcommands: ReadonlyMap<string, string>,
  depth = 0,
): string | undefined {
  if (node === null || depth > MAX_CHAIN) return undefined;
  const call = readCall(file, node);
  if (call === null) return subcommands.get(textOf(file, node)) || undefined;
  const outer = subcommandOf(file, call.receiver, subcommands, depth + 1);
  if (call.name !== 'add_parser') return outer;
  const name = stringOf(file, positionals(call)[0] ?? keyword(call, 'name'));
  return [outer, name].filter(Boolean).join(' ') || undefined;
}

/** `add_subparsers(dest="command")` is a positional param whose choices are the parsers added to it. */
function readSubparsers(
  file: PythonFile,
  call: Call,
  calls: readonly Call[],
  subcommand: string | undefined,
): Declaration | null {
  const assignment = call.node.parent;
  const target = assignment?.name === 'AssignStatement' ? assignment.firstChild : null;
  if (target === null) return null;
  const variable = textOf(file, target);
  const choices = calls
    .filter((other) => other.name === 'add_parser' && other.receiver !== null)
    .filter((other) => other.receiver !== null && textOf(file, other.receiver) === variable)
    .map((other) => stringOf(file, positionals(other)[0] ?? keyword(other, 'name')))
    .filter((name) => name !== null);
  const required = literalOf(file, keyword(call, 'required'));
  return {
    optionRanges: [],
    spec: {
      name: stringOf(file, keyword(call, 'dest')) ?? 'command',
      source: 'argparse',
      route: { via: 'argument' },
      flag: null,
      type: 'str',
      action: 'store',
      defaultValue: null,
      choices,
      required: required?.kind === 'bool' && required.value,
      many: false,
      help: stringOf(file, keyword(call, 'help')),
      range: rangeOf(call.node),
      ...(subcommand === undefined ? {} : { subcommand }),
    },
  };
}

function readArgument(
  file: PythonFile,
  call: Call,
  constants: Constants,
  subcommand: string | undefined,
): Declaration | null {
  const options = positionals(call).flatMap((node) => {
    const text = stringOf(file, node);
    return text === null ? [] : [{ text, range: rangeOf(node) }];
  });
  const main = options.find(({ text }) => text.startsWith('--')) ?? options[0];
  if (main === undefined || main.text.replaceAll('-', '') === '') return null;
  const flag = main.text.startsWith('-') ? main.text : null;
  const actionName = nameOfAction(file, call);
  if (actionName === 'help' || actionName === 'version') return null;
  const action = actionOf(actionName);
  const type = action === 'store' ? typeOf(file, call) : 'bool';
  const nargs = literalOf(file, keyword(call, 'nargs'), constants);
  const repeats = actionName === 'append' || actionName === 'extend';
  const many = repeats || isMany(nargs);
  const choices = literalOf(file, keyword(call, 'choices'), constants);
  const defaultValue = typedDefault(
    literalOf(file, fallbackOf(file, keyword(call, 'default')), constants),
    many,
  );
  const dest = stringOf(file, keyword(call, 'dest'));
  return {
    optionRanges: options.map(({ range }) => range),
    spec: {
      // argparse turns dashes into underscores for options, not for positional arguments.
      name: dest ?? (flag === null ? main.text : flag.replace(/^-+/, '').replaceAll('-', '_')),
      source: 'argparse',
      route: { via: 'argument' },
      flag,
      type,
      action,
      defaultValue: defaultValue ?? impliedDefault(action, actionName),
      choices: choices?.kind === 'list' ? choices.items.flatMap((item) => printed(item) ?? []) : null,
      required: flag === null ? !isOptional(nargs) : isTrue(literalOf(file, keyword(call, 'required'))),
      many,
      help: helpOf(file, call, defaultValue),
      range: main.range,
      ...(nargs?.kind === 'number' && !repeats ? { count: nargs.value } : {}),
      ...(actionName === 'append' ? { spelling: 'repeat' as const } : {}),
      ...(subcommand === undefined ? {} : { subcommand }),
    },
  };
}

/** `store_true`, or `BooleanOptionalAction` however it was imported. */
function nameOfAction(file: PythonFile, call: Call): string {
  const node = keyword(call, 'action');
  if (node === undefined) return 'store';
  return stringOf(file, node) ?? textOf(file, node).split('.').at(-1) ?? 'store';
}

function actionOf(name: string): ParamSpec['action'] {
  switch (name) {
    case 'store_true':
    case 'store_const':
    case 'append_const':
    case 'count':
      return 'store_true'; // All of them take no value: the flag is there or not.
    case 'store_false':
      return 'store_false';
    case 'BooleanOptionalAction':
      return 'boolean_optional';
    default:
      return 'store';
  }
}

function impliedDefault(action: ParamSpec['action'], name: string): string | null {
  if (name === 'store_true') return 'False';
  return action === 'store_false' ? 'True' : null;
}

function typeOf(file: PythonFile, call: Call): ParamType {
  const node = keyword(call, 'type');
  const text = node === undefined ? 'str' : textOf(file, node);
  return text === 'int' || text === 'float' || text === 'bool' ? text : 'str';
}

function isMany(nargs: Literal | null): boolean {
  return nargs?.kind === 'number' || (nargs?.kind === 'string' && /^[+*]$|^\.\.\.$/.test(nargs.value));
}

function isOptional(nargs: Literal | null): boolean {
  return nargs?.kind === 'string' && (nargs.value === '?' || nargs.value === '*');
}

function isTrue(literal: Literal | null): boolean {
  return literal?.kind === 'bool' && literal.value;
}

function helpOf(file: PythonFile, call: Call, defaultValue: string | null): string | null {
  const help = stringOf(file, keyword(call, 'help'));
  return help?.replace(/%\(default\)\w/g, defaultValue ?? 'None').replaceAll('%%', '%') ?? null;
}
