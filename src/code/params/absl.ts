import type { Bounds, ParamSpec } from '../../model/param';
import { literalOf, stringOf } from '../literals';
import { type Call, type PythonFile, keyword, positionals, rangeOf } from '../python';
import { classFinder, constantsFor } from './facts';
import { readAnnotation } from './annotations';
import type { Source } from './modules';
import { type Declaration, type ParamReader, declare, inFile } from './reader';
import type { Script } from './script';
import { imports, isTrue, lastName, numberIn, textsIn, typedDefault } from './values';

/** Flags of absl: `flags.DEFINE_float("lr", 0.1, "the learning rate")`. */
export const abslReader: ParamReader = {
  id: 'absl',
  source: 'absl',
  read(script) {
    return script.sources.flatMap((source) =>
      imports(source.file, 'absl') || /\bgflags\b/.test(source.file.source) ? readFlags(script, source) : [],
    );
  },
};

function readFlags(script: Script, { file, path, isReached }: Source): readonly Declaration[] {
  const required = new Set(
    file.calls.flatMap((call) => {
      if (call.name === 'mark_flag_as_required') return stringOf(file, positionals(call)[0]) ?? [];
      if (call.name === 'mark_flags_as_required')
        return textsIn(file, positionals(call)[0], constantsFor(file)) ?? [];
      return [];
    }),
  );
  return file.calls.flatMap((call) => {
    if (!call.name.startsWith('DEFINE_') || !isReached(call.node)) return [];
    const declaration = readFlag(script, file, call, required);
    return declaration === null ? [] : [inFile(declaration, path)];
  });
}

function readFlag(
  script: Script,
  file: PythonFile,
  call: Call,
  required: ReadonlySet<string>,
): Declaration | null {
  const [first, second, ...rest] = positionals(call);
  const nameNode = keyword(call, 'name') ?? first;
  const name = stringOf(file, nameNode);
  const kind = kindOf(call.name.slice('DEFINE_'.length));
  if (name === null || nameNode === undefined || kind === null) return null;
  const hasChoices = /enum/.test(call.name);
  const value = keyword(call, 'default') ?? second;
  const literal = literalOf(file, value, constantsFor(file));
  // A list may be written as the text that would be typed: "1,2".
  const typed =
    kind.many === true && literal?.kind === 'string'
      ? literal.value.split(',').join(' ')
      : typedDefault(literal, kind.many === true);
  const choiceNode = hasChoices
    ? (keyword(call, 'enum_values') ?? keyword(call, 'enum_class') ?? rest[0])
    : undefined;
  const enumeration = choiceNode === undefined ? null : readAnnotation(file, choiceNode, classFinder(script));
  const member = enumeration?.choices?.find((choice) => choice.name === lastName(file, value))?.name ?? null;
  const help = keyword(call, 'help') ?? rest[hasChoices ? 1 : 0];
  return declare('absl', {
    ...kind,
    ...boundsOf(file, call),
    name,
    flag: `--${name}`,
    // The names of an enumeration's members are written in lower case.
    defaultValue: member?.toLowerCase() ?? typed,
    choices:
      choiceNode === undefined
        ? null
        : (enumeration?.choices?.map((choice) => choice.name.toLowerCase()) ??
          textsIn(file, choiceNode, constantsFor(file))),
    required: required.has(name) || isTrue(file, keyword(call, 'required')),
    help: stringOf(file, help),
    range: rangeOf(nameNode),
    ...(kind.action === 'boolean_optional' ? { offFlag: `--no${name}` } : {}),
  });
}

function kindOf(word: string): Partial<ParamSpec> | null {
  switch (word) {
    case 'float':
      return { type: 'float', spelling: 'equals' };
    case 'integer':
      return { type: 'int', spelling: 'equals' };
    case 'string':
    case 'enum':
    case 'enum_class':
      return { type: 'str', spelling: 'equals' };
    case 'bool':
    case 'boolean':
      return { type: 'bool', action: 'boolean_optional' };
    case 'list':
      return { type: 'str', many: true, spelling: 'equals' };
    case 'multi_integer':
      return { type: 'int', many: true, spelling: 'repeat-equals' };
    case 'multi_float':
      return { type: 'float', many: true, spelling: 'repeat-equals' };
    case 'multi_string':
    case 'multi_enum':
    case 'multi_enum_class':
      return { type: 'str', many: true, spelling: 'repeat-equals' };
    default:
      return null;
  }
}

function boundsOf(file: PythonFile, call: Call): { readonly bounds?: Bounds } {
  const min = numberIn(file, keyword(call, 'lower_bound'), constantsFor(file));
  const max = numberIn(file, keyword(call, 'upper_bound'), constantsFor(file));
  return min === null && max === null ? {} : { bounds: { min, max } };
}
