import type { SyntaxNode } from '@lezer/common';
import type { ParamSpec } from '../../model/param';
import { type PythonClass, type PythonFunction, classesOf, functionsOf } from '../definitions';
import { type Constants, type Literal, constantsOf, literalOf } from '../literals';
import { type Call, type PythonFile, keyword, positionals, readCall } from '../python';
import { type Choice, type FindClass, readAnnotation } from './annotations';
import type { Script } from './script';
import { factsOfLiteral, lastName, madeBy, typedDefault } from './values';

/** What the annotation and the default of a parameter or a field tell of its param. */
export interface Facts {
  readonly spec: Partial<ParamSpec> & Pick<ParamSpec, 'type' | 'many' | 'defaultValue' | 'choices'>;
  /** A class of the project that is a config within this one. */
  readonly className: string | null;
  readonly metadata: readonly Call[];
  /** Whether it cannot be typed: a dict, a function, a list of classes. */
  readonly isOther: boolean;
}

/** What an enumeration's member is called on the command line. */
export type EnumWords = 'name' | 'value';

export function factsOf(
  file: PythonFile,
  { annotation, value }: { readonly annotation: SyntaxNode | null; readonly value: SyntaxNode | null },
  findClass: FindClass,
  words: EnumWords,
): Facts {
  const known = readAnnotation(file, annotation, findClass);
  const literal = literalOf(file, value, constantsFor(file));
  const chosen = known.choices === null ? null : memberOf(file, value, known.choices, words);
  const choices = known.choices?.map((choice) => choice[words]) ?? null;
  if (annotation === null && choices === null) {
    const facts = factsOfLiteral(literal);
    return { spec: { ...facts, choices: null }, className: null, metadata: [], isOther: false };
  }
  const isNone = literal?.kind === 'none';
  return {
    className: known.className,
    metadata: known.metadata,
    isOther: known.isOther,
    spec: {
      type: known.type,
      many: known.many,
      choices,
      defaultValue: chosen ?? typedDefault(asTyped(literal, known.type), known.many),
      ...(known.count === null ? {} : { count: known.count }),
      ...(known.nullable || isNone ? { nullable: true } : {}),
    },
  };
}

/** A class by its name: of the script, else of a module that it imports. */
export function classFinder(script: Script): FindClass {
  return (name) => {
    for (const { file } of script.sources) {
      const found = classesIn(file).find((one) => one.name === name);
      if (found !== undefined) return found;
    }
    return null;
  };
}

/** A function by its name, methods left out. */
export function findFunction(script: Script, name: string): PythonFunction | null {
  for (const { file } of script.sources) {
    const found = functionsIn(file).find((one) => one.name === name && one.owner === null);
    if (found !== undefined) return found;
  }
  return null;
}

/** The file of a class or function as a param names it; undefined: the script itself. */
export function pathOf(script: Script, file: PythonFile): string | null {
  return script.sources.find((source) => source.file === file)?.path ?? null;
}

/** The fields of a class with those of its bases, these first, as dataclasses order them. */
export function fieldsWithBases(
  found: PythonClass,
  findClass: FindClass,
  depth = 0,
): readonly { readonly owner: PythonClass; readonly field: PythonClass['fields'][number] }[] {
  if (depth > 8) return [];
  const fields = new Map<string, { owner: PythonClass; field: PythonClass['fields'][number] }>();
  for (const base of [...found.bases].reverse()) {
    const other = findClass(base);
    if (other === null || other === found) continue;
    for (const one of fieldsWithBases(other, findClass, depth + 1)) fields.set(one.field.name, one);
  }
  for (const field of found.fields) fields.set(field.name, { owner: found, field });
  return [...fields.values()];
}

/** The default of a field: `field(default=…)`, `Field(default_factory=lambda: […])`, or what stands there. */
export function fieldValue(
  file: PythonFile,
  value: SyntaxNode | null,
): { readonly value: SyntaxNode | null; readonly call: Call | null; readonly madeOf: string | null } {
  const call = value === null ? null : readCall(file, value);
  if (call === null) return { value, call: null, madeOf: null };
  if (
    !/^(field|Field|choice|arg|list_field|mutable_field|flag|subparsers|HfArg|attrib|ib)$/.test(call.name)
  ) {
    // Config() as a default is a config within this one.
    return { value: null, call: null, madeOf: call.name };
  }
  const factory = keyword(call, 'default_factory') ?? keyword(call, 'factory');
  const first = /^(field)$/.test(call.name) ? positionals(call)[0] : positionals(call).at(0);
  const made = madeBy(factory);
  const madeCall = made === null ? null : readCall(file, made);
  return {
    value:
      keyword(call, 'default') ??
      made ??
      (/^(Field|arg|flag|mutable_field|ib|field)$/.test(call.name) ? (first ?? null) : null),
    call,
    madeOf: madeCall?.name ?? lastName(file, factory),
  };
}

const constantsByFile = new WeakMap<PythonFile, Constants>();
const classesByFile = new WeakMap<PythonFile, readonly PythonClass[]>();
const functionsByFile = new WeakMap<PythonFile, readonly PythonFunction[]>();

/** As constantsOf, read once a file. */
export function constantsFor(file: PythonFile): Constants {
  return remembered(constantsByFile, file, constantsOf);
}

export function classesIn(file: PythonFile): readonly PythonClass[] {
  return remembered(classesByFile, file, classesOf);
}

export function functionsIn(file: PythonFile): readonly PythonFunction[] {
  return remembered(functionsByFile, file, functionsOf);
}

function remembered<T>(known: WeakMap<PythonFile, T>, file: PythonFile, read: (file: PythonFile) => T): T {
  const found = known.get(file);
  if (found !== undefined) return found;
  const made = read(file);
  known.set(file, made);
  return made;
}

/** `Optimizer.SGD`, `Optimizer.SGD.value`, or a literal that is one of the values. */
function memberOf(
  file: PythonFile,
  value: SyntaxNode | null,
  choices: readonly Choice[],
  words: EnumWords,
): string | null {
  if (value === null) return null;
  const last = lastName(file, value);
  const name = last === 'value' || last === 'name' ? lastName(file, value.firstChild) : last;
  return choices.find((choice) => choice.name === name)?.[words] ?? null;
}

/** `lr: float = 1` starts from 1.0. */
function asTyped(literal: Literal | null, type: ParamSpec['type']): Literal | null {
  if (type !== 'float' || literal?.kind !== 'number' || !/^-?\d{1,15}$/.test(literal.text)) return literal;
  return { ...literal, text: `${literal.text}.0` };
}
