import type { Bounds, ParamSpec } from '../../model/param';
import type { Parameter, PythonFunction } from '../definitions';
import { stringOf } from '../literals';
import {
  type Call,
  type PythonFile,
  assignmentsOf,
  keyword,
  positionals,
  rangeOf,
  readCall,
  textOf,
} from '../python';
import type { FindClass } from './annotations';
import { chooseCommand } from './commands';
import { classFinder, constantsFor, factsOf, findFunction, functionsIn } from './facts';
import { type Declaration, type ParamReader, declare, inFile } from './reader';
import type { Script } from './script';
import { imports, isTrue, lastName, numberIn } from './values';

/** Params of typer: the signatures of commands, with what typer.Option and typer.Argument say of them. */
export const typerReader: ParamReader = {
  id: 'typer',
  source: 'typer',
  read(script) {
    return script.sources.flatMap(({ file, path }) =>
      imports(file, 'typer') ? readTyper(script, file).map((one) => inFile(one, path)) : [],
    );
  },
};

interface App {
  readonly variable: string;
  readonly commands: readonly { readonly name: string; readonly one: PythonFunction }[];
  readonly callback: PythonFunction | null;
  readonly inner: readonly { readonly name: string; readonly variable: string }[];
}

function readTyper(script: Script, file: PythonFile): readonly Declaration[] {
  const findClass = classFinder(script);
  const run = file.calls.find(
    ({ name, receiver }) => name === 'run' && receiver !== null && textOf(file, receiver) === 'typer',
  );
  const target = run === undefined ? null : lastName(file, positionals(run)[0]);
  const direct = target === null ? null : findFunction(script, target);
  if (direct !== null) return signature(direct, findClass, undefined);
  const apps = appsOf(file);
  const called = new Set(file.calls.map(({ name }) => name));
  const root = apps.find(({ variable }) => called.has(variable)) ?? apps[0];
  return root === undefined ? [] : readApp(root, apps, findClass, undefined, 0);
}

function appsOf(file: PythonFile): readonly App[] {
  const variables = assignmentsOf(file).flatMap(({ target, value }) => {
    const call = readCall(file, value);
    return call?.name === 'Typer' ? [textOf(file, target)] : [];
  });
  return variables.map((variable) => {
    const decorated = functionsIn(file).flatMap((one) =>
      one.decorators
        .filter(({ receiver }) => receiver !== null && textOf(file, receiver) === variable)
        .map((call) => ({ one, call })),
    );
    const commands = decorated.filter(({ call }) => call.name === 'command');
    const added = file.calls.filter(
      ({ name, receiver }) =>
        name === 'add_typer' && receiver !== null && textOf(file, receiver) === variable,
    );
    return {
      variable,
      commands: commands.map(({ one, call }) => ({
        one,
        name: stringOf(file, positionals(call)[0] ?? keyword(call, 'name')) ?? dashed(one.name.toLowerCase()),
      })),
      callback: decorated.find(({ call }) => call.name === 'callback')?.one ?? null,
      inner: added.flatMap((call) => {
        const inner = lastName(file, positionals(call)[0]);
        const name = stringOf(file, keyword(call, 'name'));
        return inner === null || name === null ? [] : [{ name, variable: inner }];
      }),
    };
  });
}

function readApp(
  app: App,
  apps: readonly App[],
  findClass: FindClass,
  level: string | undefined,
  depth: number,
): readonly Declaration[] {
  const { commands, callback, inner } = app;
  const [only] = commands;
  // One command alone is no subcommand.
  if (
    commands.length === 1 &&
    only !== undefined &&
    callback === null &&
    inner.length === 0 &&
    level === undefined
  ) {
    return signature(only.one, findClass, undefined);
  }
  const own = callback === null ? [] : signature(callback, findClass, level);
  const choices = [...commands, ...inner].map(({ name }) => name);
  const range = commands[0]?.one.node ?? callback?.node;
  if (choices.length === 0 || depth > 5) return own;
  const below = (name: string) => [level, name].filter(Boolean).join(' ');
  return [
    ...own,
    chooseCommand('typer', level, {
      choices,
      required: true,
      range: range === undefined ? { from: 0, to: 0 } : rangeOf(range.getChild('VariableName') ?? range),
    }),
    ...commands.flatMap(({ one, name }) => signature(one, findClass, below(name))),
    ...inner.flatMap(({ name, variable }) => {
      const other = apps.find((one) => one.variable === variable && one !== app);
      return other === undefined ? [] : readApp(other, apps, findClass, below(name), depth + 1);
    }),
  ];
}

function signature(
  one: PythonFunction,
  findClass: FindClass,
  subcommand: string | undefined,
): readonly Declaration[] {
  return one.parameters.flatMap((parameter) => {
    const declaration = readParameter(one.file, parameter, findClass, subcommand);
    return declaration === null ? [] : [declaration];
  });
}

function readParameter(
  file: PythonFile,
  parameter: Parameter,
  findClass: FindClass,
  subcommand: string | undefined,
): Declaration | null {
  if (
    parameter.isSpread ||
    (parameter.annotation !== null && /Context$/.test(textOf(file, parameter.annotation)))
  )
    return null;
  const inPlace = callOf(file, parameter);
  // lr: float = typer.Option(0.1) has its default within, Annotated[…] behind the equals sign.
  const value =
    inPlace === null ? parameter.value : (positionals(inPlace)[0] ?? keyword(inPlace, 'default') ?? null);
  const facts = factsOf(file, { annotation: parameter.annotation, value }, findClass, 'value');
  const call = inPlace ?? facts.metadata.find(({ name }) => name === 'Option' || name === 'Argument') ?? null;
  const hasDefault = value !== null && value.name !== 'Ellipsis';
  const isArgument = call === null ? !hasDefault : call.name === 'Argument';
  const words = call === null ? [] : positionals(call).slice(inPlace === null ? 0 : 1);
  const flags = words.flatMap((node) => {
    const text = stringOf(file, node);
    return text?.startsWith('-') === true ? [{ text, range: rangeOf(node) }] : [];
  });
  const main = flags.find(({ text }) => text.startsWith('--')) ?? flags[0];
  const [on, off] =
    main === undefined
      ? [`--${dashed(parameter.name)}`, undefined]
      : main.text.split('/').map((part) => part.trim());
  const { spec } = facts;
  const isSwitch = spec.type === 'bool' && !spec.many && !isArgument;
  return declare(
    'typer',
    {
      ...spec,
      ...(isSwitch ? switchOf(on ?? '', off, main !== undefined) : {}),
      ...boundsOf(file, call),
      name: parameter.name,
      flag: isArgument ? null : (on ?? null),
      spelling: 'repeat',
      required: !hasDefault && spec.nullable !== true,
      help: call === null ? null : stringOf(file, keyword(call, 'help')),
      range: parameter.range,
      ...(isSwitch && spec.defaultValue === null && spec.nullable !== true
        ? { defaultValue: hasDefault ? 'False' : null }
        : {}),
      ...(subcommand === undefined ? {} : { subcommand }),
    },
    [parameter.range, ...flags.map(({ range }) => range)],
  );
}

function callOf(file: PythonFile, { value }: Parameter): Call | null {
  const call = value === null ? null : readCall(file, value);
  return call !== null && (call.name === 'Option' || call.name === 'Argument') ? call : null;
}

/** A flag that is named has no counterpart unless that is named too. */
function switchOf(on: string, off: string | undefined, isNamed: boolean): Partial<ParamSpec> {
  if (off !== undefined) return { action: 'boolean_optional', offFlag: off };
  return isNamed
    ? { action: 'store_true' }
    : { action: 'boolean_optional', offFlag: on.replace(/^--/, '--no-') };
}

function boundsOf(file: PythonFile, call: Call | null): { readonly bounds?: Bounds } {
  if (call === null || isTrue(file, keyword(call, 'clamp'))) return {};
  const min = numberIn(file, keyword(call, 'min'), constantsFor(file));
  const max = numberIn(file, keyword(call, 'max'), constantsFor(file));
  return min === null && max === null ? {} : { bounds: { min, max } };
}

function dashed(name: string): string {
  return name.replaceAll('_', '-');
}
