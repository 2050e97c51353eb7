import type { SyntaxNode } from '@lezer/common';
import type { ParamSpec, Range } from '../../model/param';
import type { PythonClass } from '../definitions';
import { literalOf, printed, stringOf } from '../literals';
import { type Call, type PythonFile, childrenOf, keyword, positionals, textOf } from '../python';
import {
  classFinder,
  constantsFor,
  factsOf,
  fieldValue,
  fieldsWithBases,
  findFunction,
  pathOf,
} from './facts';
import { type ConfigLibrary, LIBRARIES, STRUCTURED } from './dataclassLibraries';
import { type Declaration, type ParamReader, declare, inFile } from './reader';
import type { Script } from './script';
import { imports, isTrue, textsIn } from './values';

/** Params of classes whose fields are flags: by HfArgumentParser, simple_parsing, tyro, draccus, pyrallis, Tap. */
export const dataclassReader: ParamReader = {
  id: 'dataclasses',
  source: 'dataclass',
  read(script) {
    const found = script.sources.flatMap(({ file, isReached }) =>
      LIBRARIES.filter((library) => imports(file, library.packages)).flatMap((library) =>
        library
          .classes(file)
          .filter(({ node }) => isReached(node))
          .flatMap(({ name, prefix }) => declarationsOf(script, library, name, prefix)),
      ),
    );
    return flattened(found);
  },
};

interface Found {
  readonly declaration: Declaration;
  readonly library: ConfigLibrary;
}

/** A library without nested names writes a name with its path only where two fields are called the same. */
function flattened(found: readonly Found[]): readonly Declaration[] {
  return found.map(({ declaration, library }) => {
    if (library.isNested) return declaration;
    const { name } = declaration.spec;
    const last = name.slice(name.lastIndexOf('.') + 1);
    const isShared =
      found.filter(({ declaration: { spec } }) => spec.name.split('.').at(-1) === last).length > 1;
    const shown = isShared ? name : last;
    return { ...declaration, spec: { ...declaration.spec, name: shown, flag: `--${shown}` } };
  });
}

function declarationsOf(
  script: Script,
  library: ConfigLibrary,
  name: string,
  prefix: string,
): readonly Found[] {
  const findClass = classFinder(script);
  const found = findClass(name);
  if (found !== null)
    return ofClass(script, library, found, prefix, 0).map((one) => ({ declaration: one, library }));
  const one = library.takesFunctions ? findFunction(script, name) : null;
  if (one === null) return [];
  return one.parameters
    .filter(({ isSpread }) => !isSpread)
    .flatMap((parameter) =>
      ofField(script, library, { ...parameter, file: one.file, owner: null, help: null }, prefix, 0),
    )
    .map((declaration) => ({ declaration, library }));
}

/** The fields of a class as a structured config of Hydra and OmegaConf names them: `optimizer.lr`. */
export function configFields(script: Script, className: string): readonly Declaration[] {
  const found = classFinder(script)(className);
  return found === null ? [] : ofClass(script, STRUCTURED, found, '', 0);
}

function ofClass(
  script: Script,
  library: ConfigLibrary,
  found: PythonClass,
  prefix: string,
  depth: number,
): readonly Declaration[] {
  return fieldsWithBases(found, classFinder(script)).flatMap(({ owner, field }) =>
    ofField(script, library, { ...field, file: owner.file, owner }, prefix, depth),
  );
}

interface AnyField {
  readonly file: PythonFile;
  readonly owner: PythonClass | null;
  readonly name: string;
  readonly range: Range;
  readonly annotation: SyntaxNode | null;
  readonly value: SyntaxNode | null;
  readonly help: string | null;
}

const MAX_DEPTH = 6; // A config within a config within a config: nobody nests deeper by hand.

function ofField(
  script: Script,
  library: ConfigLibrary,
  field: AnyField,
  prefix: string,
  depth: number,
): readonly Declaration[] {
  const { file, owner, annotation } = field;
  const isForeign = annotation === null || /\b(ClassVar|InitVar|KW_ONLY)\b/.test(textOf(file, annotation));
  if (depth > MAX_DEPTH || field.name.startsWith('_') || (isForeign && owner !== null)) return [];
  const { value, call, madeOf } = fieldValue(file, field.value);
  if (call !== null && keyword(call, 'init') !== undefined && !isTrue(file, keyword(call, 'init'))) return [];
  const findClass = classFinder(script);
  const facts = factsOf(
    file,
    { annotation, value: call?.name === 'choice' ? (keyword(call, 'default') ?? null) : value },
    findClass,
    library.enums,
  );
  const name = `${prefix}${field.name}`;
  const inner = facts.className === null ? null : findClass(facts.className);
  if (inner !== null) return facts.spec.many ? [] : ofClass(script, library, inner, `${name}.`, depth + 1);
  if (facts.isOther) return [];
  const hasDefault =
    field.value !== null &&
    (call === null || value !== null || madeOf !== null || keyword(call, 'default') !== undefined);
  const flag = `--${library.hasDashes ? name.replaceAll('_', '-') : name}`;
  const { type, many } = facts.spec;
  const isSwitch = type === 'bool' && !many;
  const isPlain = library.hasPlainTexts === true && type === 'str' && !many;
  const spec: Partial<ParamSpec> = {
    ...facts.spec,
    spelling: isPlain ? 'words' : library.spelling,
    ...(isSwitch ? library.switchOf(flag, facts.spec.defaultValue, hasDefault) : {}),
    choices: choicesOf(file, call) ?? facts.spec.choices,
    help: helpOf(file, call) ?? field.help,
  };
  const isPlace = library.hasPlaces === true && owner === null && !hasDefault;
  const declaration = declare('dataclass', {
    ...spec,
    name,
    flag: isPlace ? null : flag,
    required: !hasDefault,
    range: field.range,
  });
  return [inFile(declaration, pathOf(script, file))];
}

/** `choice("a", "b")`, `field(choices=[…])`, `field(metadata={"choices": […]})` */
function choicesOf(file: PythonFile, call: Call | null): readonly string[] | null {
  if (call === null) return null;
  if (call.name === 'choice') {
    return positionals(call).flatMap((node) => {
      const literal = literalOf(file, node);
      return literal === null ? [] : (printed(literal) ?? []);
    });
  }
  return textsIn(file, keyword(call, 'choices') ?? metadata(file, call, 'choices'), constantsFor(file));
}

function helpOf(file: PythonFile, call: Call | null): string | null {
  if (call === null) return null;
  const given = keyword(call, 'help') ?? keyword(call, 'description') ?? metadata(file, call, 'help');
  return stringOf(file, given)?.replace(/\s+/g, ' ').trim() ?? null;
}

function metadata(file: PythonFile, call: Call, key: string): SyntaxNode | undefined {
  const dict = keyword(call, 'metadata');
  if (dict?.name !== 'DictionaryExpression') return undefined;
  const found = childrenOf(dict).find(
    (child) => child.nextSibling?.name === ':' && stringOf(file, child) === key,
  );
  return found?.nextSibling?.nextSibling ?? undefined;
}
