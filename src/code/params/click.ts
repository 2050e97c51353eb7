import type { SyntaxNode } from '@lezer/common';
import type { Bounds, ParamSpec, ParamType } from '../../model/param';
import type { PythonFunction } from '../definitions';
import { literalOf, stringOf } from '../literals';
import { type Call, type PythonFile, keyword, positionals, rangeOf, readCall, textOf } from '../python';
import { chooseCommand, commandTree } from './commands';
import { constantsFor, functionsIn } from './facts';
import type { Source } from './modules';
import { type Declaration, type ParamReader, declare, inFile } from './reader';
import { imports, isTrue, lastName, numberIn, textsIn, typeOfLiteral, typedDefault } from './values';

/** Params of click: options, arguments and the commands of groups. */
export const clickReader: ParamReader = {
  id: 'click',
  source: 'click',
  read({ sources }) {
    return sources.flatMap((source) => (imports(source.file, PACKAGES) ? readClick(source) : []));
  },
};

const PACKAGES = 'click|rich_click|asyncclick|cloup';

function readClick({ file, path, isReached }: Source): readonly Declaration[] {
  const functions = functionsIn(file).filter(({ node }) => isReached(node));
  const commands = functions.flatMap((one) => {
    const call = one.decorators.find(({ name }) => name === 'command' || name === 'group');
    if (call === undefined) return [];
    const given = stringOf(file, positionals(call)[0] ?? keyword(call, 'name'));
    const receiver = call.receiver === null ? null : textOf(file, call.receiver);
    const isOfGroup = receiver !== null && functions.some(({ name }) => name === receiver);
    return [
      {
        one,
        name: given ?? commandName(one.name),
        isGroup: call.name === 'group',
        isOptional: isTrue(file, keyword(call, 'invoke_without_command')),
        parent: isOfGroup ? receiver : null,
      },
    ];
  });
  const tree = commandTree(file, commands);
  const loose = tree.roots.length === 1 ? looseOptions(file) : [];
  const found: Declaration[] = [];
  const emit = (command: (typeof commands)[number], level: string | undefined, depth: number) => {
    const calls = [...command.one.decorators, ...(level === undefined ? loose : [])];
    for (const call of calls) {
      const declaration = readOption(file, call, command.one, level);
      if (declaration !== null) found.push(declaration);
    }
    const children = depth > 5 ? [] : tree.childrenOf(command);
    if (children.length === 0) return;
    found.push(
      chooseCommand('click', level, {
        choices: children.map(({ name }) => name),
        required: !command.isOptional,
        range: rangeOf(command.one.node.getChild('VariableName') ?? command.one.node),
      }),
    );
    for (const child of children) emit(child, [level, child.name].filter(Boolean).join(' '), depth + 1);
  };
  for (const root of tree.roots.slice(0, 1)) emit(root, undefined, 0);
  return found.map((declaration) => inFile(declaration, path));
}

/** Options that stand in no command's decorators: they are kept in a list or a function to be shared. */
function looseOptions(file: PythonFile): readonly Call[] {
  return file.calls.filter(
    ({ name, receiver }) =>
      (name === 'option' || name === 'argument') &&
      receiver !== null &&
      /click$|^cloup$/.test(textOf(file, receiver)),
  );
}

/** As click 8.2 names a command after its function. */
function commandName(name: string): string {
  return name
    .toLowerCase()
    .replaceAll('_', '-')
    .replace(/(?<=.)-(command|cmd|group|grp)$/, '');
}

function readOption(
  file: PythonFile,
  call: Call,
  { parameters }: PythonFunction,
  subcommand: string | undefined,
): Declaration | null {
  if (call.name !== 'option' && call.name !== 'argument') return null;
  const words = positionals(call).flatMap((node) => {
    const text = stringOf(file, node);
    return text === null ? [] : [{ text, range: rangeOf(node) }];
  });
  const isArgument = call.name === 'argument';
  const flags = words.filter(({ text }) => /^[-+/]/.test(text));
  const main = isArgument ? words[0] : (flags.find(({ text }) => text.startsWith('--')) ?? flags[0]);
  if (main === undefined) return null;
  const [on = '', off] = main.text.split('/').map((part) => part.trim());
  const flag = isArgument ? null : on;
  const named = isArgument ? main.text : words.find(({ text }) => /^[A-Za-z_]\w*$/.test(text))?.text;
  const name = (named ?? on.replace(/^-+/, '')).replaceAll('-', '_').toLowerCase();
  if (name === '' || (isArgument && named === undefined)) return null;
  const parameter = parameters.find((one) => one.name === name);
  return declare(
    'click',
    {
      ...factsOfOption(file, call, off),
      name: named === undefined || isArgument ? name : named,
      flag,
      range: main.range,
      ...(off === undefined || off === '' ? {} : { offFlag: off }),
      ...(subcommand === undefined ? {} : { subcommand }),
    },
    [...words.map(({ range }) => range), ...(parameter === undefined ? [] : [parameter.range])],
  );
}

function factsOfOption(file: PythonFile, call: Call, off: string | undefined): Partial<ParamSpec> {
  const constants = constantsFor(file);
  const literal = literalOf(file, keyword(call, 'default'), constants);
  const help = stringOf(file, keyword(call, 'help'))?.replace(/\s+/g, ' ').trim() ?? null;
  const isRequired = isTrue(file, keyword(call, 'required')) || isTrue(file, keyword(call, 'prompt'));
  if (off !== undefined) {
    return {
      type: 'bool',
      action: 'boolean_optional',
      defaultValue: typedDefault(literal, false) ?? 'False',
      help,
    };
  }
  const isFlag = isTrue(file, keyword(call, 'is_flag')) || keyword(call, 'flag_value') !== undefined;
  if (isFlag || isTrue(file, keyword(call, 'count'))) {
    const isSwitch = literal === null || literal.kind === 'bool';
    return {
      type: 'bool',
      action: 'store_true',
      defaultValue: isFlag && isSwitch ? (typedDefault(literal, false) ?? 'False') : null,
      help,
    };
  }
  const nargs = numberIn(file, keyword(call, 'nargs'), constants) ?? 1;
  const multiple = isTrue(file, keyword(call, 'multiple'));
  const many = multiple || nargs !== 1;
  const type = readType(file, keyword(call, 'type'));
  const isArgument = call.name === 'argument';
  const required = keyword(call, 'required');
  return {
    ...type,
    type: type.type ?? (literal === null || literal.kind === 'none' ? 'str' : typeOfLiteral(literal)),
    many,
    spelling: 'repeat',
    ...(nargs > 1 ? { count: nargs } : {}),
    defaultValue: typedDefault(literal, many),
    required: isArgument && required === undefined ? literal === null && nargs !== -1 : isRequired,
    help,
  };
}

/** `int`, `click.FLOAT`, `click.Choice([…])`, `click.IntRange(1, 10)` */
function readType(file: PythonFile, node: SyntaxNode | undefined): Partial<ParamSpec> {
  if (node === undefined) return {};
  const call = readCall(file, node);
  if (call === null) return { type: typeNamed(lastName(file, node)) };
  const constants = constantsFor(file);
  const [first, second] = positionals(call);
  switch (call.name) {
    case 'Choice':
      return { type: 'str', choices: textsIn(file, keyword(call, 'choices') ?? first, constants) };
    case 'IntRange':
    case 'FloatRange': {
      const isClamped = isTrue(file, keyword(call, 'clamp'));
      const bounds: Bounds = {
        min: numberIn(file, keyword(call, 'min') ?? first, constants),
        max: numberIn(file, keyword(call, 'max') ?? second, constants),
        ...(isTrue(file, keyword(call, 'min_open')) ? { minOpen: true } : {}),
        ...(isTrue(file, keyword(call, 'max_open')) ? { maxOpen: true } : {}),
      };
      return { type: call.name === 'IntRange' ? 'int' : 'float', ...(isClamped ? {} : { bounds }) };
    }
    default:
      return { type: 'str' };
  }
}

function typeNamed(name: string | null): ParamType {
  const word = name?.toLowerCase();
  return word === 'int' || word === 'float' || word === 'bool' ? word : 'str';
}
