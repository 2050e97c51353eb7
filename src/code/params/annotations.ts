import type { SyntaxNode } from '@lezer/common';
import type { ParamType } from '../../model/param';
import { type PythonClass } from '../definitions';
import { literalOf, printed } from '../literals';
import { type Call, type PythonFile, childrenOf, readCall, textOf } from '../python';
import { lastName } from './values';

/** What an annotation says of a param. */
export interface Annotation {
  readonly type: ParamType;
  readonly many: boolean;
  /** How many values a tuple has, when that is fixed. */
  readonly count: number | null;
  readonly choices: readonly Choice[] | null;
  readonly nullable: boolean;
  /** A class of the project, as a config within a config has it. */
  readonly className: string | null;
  /** The calls beside the type in `Annotated[int, typer.Option(…)]`. */
  readonly metadata: readonly Call[];
  /** Whether the type cannot be typed as words: a dict, a function. */
  readonly isOther: boolean;
}

/** One of the values that are allowed; an enumeration has a name for each. */
export interface Choice {
  readonly name: string;
  readonly value: string;
}

/** Finds a class by its name where an annotation stands. */
export type FindClass = (name: string) => PythonClass | null;

const NOTHING: Annotation = {
  type: 'str',
  many: false,
  count: null,
  choices: null,
  nullable: false,
  className: null,
  metadata: [],
  isOther: false,
};

const LISTS = /^(list|List|Sequence|Iterable|Set|set|FrozenSet|Collection|MutableSequence)$/;
const MAX_DEPTH = 8;

/** Reads `Optional[List[int]]`, `int | None`, `Literal["a", "b"]`, an enumeration, or a class. */
export function readAnnotation(
  file: PythonFile,
  node: SyntaxNode | null,
  findClass: FindClass,
  depth = 0,
): Annotation {
  if (node === null || depth > MAX_DEPTH) return NOTHING;
  switch (node.name) {
    case 'VariableName':
    case 'MemberExpression': {
      const item = node.getChild('[');
      if (item !== null) return readSubscript(file, node, findClass, depth);
      return readName(lastName(file, node) ?? '', findClass);
    }
    case 'BinaryExpression': {
      // int | None
      const sides = [node.firstChild, node.lastChild];
      const types = sides.filter((side) => side !== null && side.name !== 'None');
      const known = readAnnotation(file, types[0] ?? null, findClass, depth + 1);
      const isNullable = types.length < sides.length;
      return isNullable || types.length === 1
        ? { ...known, nullable: known.nullable || isNullable }
        : widest(file, types, findClass, depth);
    }
    case 'String': {
      const text = literalOf(file, node);
      return readName(text?.kind === 'string' ? text.value : '', findClass);
    }
    default:
      return NOTHING;
  }
}

function readName(name: string, findClass: FindClass): Annotation {
  switch (name) {
    case 'int':
    case 'float':
    case 'bool':
    case 'str':
      return { ...NOTHING, type: name };
    case 'PositiveInt':
    case 'NonNegativeInt':
      return { ...NOTHING, type: 'int' };
    case 'PositiveFloat':
    case 'NonNegativeFloat':
      return { ...NOTHING, type: 'float' };
    case 'list':
    case 'List':
    case 'tuple':
    case 'Tuple':
      return { ...NOTHING, many: true };
    case 'dict':
    case 'Dict':
    case 'Callable':
    case 'Mapping':
      return { ...NOTHING, isOther: true };
    default: {
      const found = name === '' ? null : findClass(name);
      if (found === null) return NOTHING;
      return isEnumeration(found)
        ? { ...NOTHING, choices: membersOf(found) }
        : { ...NOTHING, className: name };
    }
  }
}

function readSubscript(file: PythonFile, node: SyntaxNode, findClass: FindClass, depth: number): Annotation {
  const name = lastName(file, node.firstChild) ?? '';
  const items = itemsOf(node);
  const first = items[0] ?? null;
  if (name === 'Optional') return { ...readAnnotation(file, first, findClass, depth + 1), nullable: true };
  if (name === 'Annotated') {
    const metadata = items.slice(1).flatMap((item) => readCall(file, item) ?? []);
    return { ...readAnnotation(file, first, findClass, depth + 1), metadata };
  }
  if (/^(Required|NotRequired|Final|ReadOnly|Positional|Suppress|Fixed)$/.test(name)) {
    return readAnnotation(file, first, findClass, depth + 1);
  }
  if (name === 'Union') {
    const types = items.filter((item) => item.name !== 'None');
    return { ...widest(file, types, findClass, depth), nullable: types.length < items.length };
  }
  if (name === 'Literal') return readLiterals(file, items);
  if (LISTS.test(name)) return { ...readAnnotation(file, first, findClass, depth + 1), many: true };
  if (/^tuple$/i.test(name)) {
    const isOpen = items.at(-1)?.name === 'Ellipsis';
    return {
      ...readAnnotation(file, first, findClass, depth + 1),
      many: true,
      count: isOpen ? null : items.length,
    };
  }
  return { ...NOTHING, isOther: true };
}

function readLiterals(file: PythonFile, items: readonly SyntaxNode[]): Annotation {
  const literals = items.map((item) => literalOf(file, item));
  const values = literals.flatMap((literal) => {
    const value = literal === null ? null : printed(literal);
    return value === null ? [] : [{ name: value, value }];
  });
  const isInt =
    values.length > 0 && values.every(({ value }) => /^-?\d+$/.test(value)) && literals[0]?.kind === 'number';
  return {
    ...NOTHING,
    type: isInt ? 'int' : 'str',
    choices: values,
    nullable: literals.some((literal) => literal?.kind === 'none'),
  };
}

/** Of `int | float`, what takes both. */
function widest(
  file: PythonFile,
  types: readonly (SyntaxNode | null)[],
  findClass: FindClass,
  depth: number,
): Annotation {
  const known = types.map((type) => readAnnotation(file, type, findClass, depth + 1));
  const names = new Set(known.map(({ type }) => type));
  if (known[0] !== undefined && (known.length === 1 || names.size === 1)) return known[0];
  const isNumber = [...names].every((name) => name === 'int' || name === 'float');
  return { ...NOTHING, type: isNumber && names.size > 0 ? 'float' : 'str' };
}

function itemsOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children = childrenOf(node);
  const open = children.findIndex((child) => child.name === '[');
  return children
    .slice(open + 1)
    .filter((child) => child.name !== ',' && child.name !== ']')
    .flatMap((child) =>
      child.name === 'TupleExpression'
        ? childrenOf(child).filter((item) => !'(),'.includes(item.name))
        : [child],
    );
}

export function isEnumeration({ bases }: PythonClass): boolean {
  return bases.some((base) => /Enum$|^ExplicitEnum$/.test(base));
}

function membersOf(enumeration: PythonClass): readonly Choice[] {
  return enumeration.fields.flatMap(({ name, value }) => {
    const literal = literalOf(enumeration.file, value);
    const text = literal === null ? null : printed(literal);
    const isAuto = value !== null && /^(enum\.)?auto\(\)$/.test(textOf(enumeration.file, value));
    if (text === null && !isAuto) return [];
    return [{ name, value: text ?? name.toLowerCase() }];
  });
}
