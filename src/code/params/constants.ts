import type { SyntaxNode } from '@lezer/common';
import type { ParamSpec } from '../../model/param';
import { commentBeside } from '../definitions';
import { type Literal, literalOf, stringOf } from '../literals';
import {
  type PythonFile,
  assignmentsOf,
  childrenOf,
  keyword,
  positionals,
  rangeOf,
  readCall,
  textOf,
} from '../python';
import { isTrainingName } from '../trainingNames';
import { classesIn, functionsIn } from './facts';
import { isMainBlock } from './modules';
import { type Declaration, type ParamReader, declare, inFile } from './reader';
import { factsOfLiteral, imports, isPlainList } from './values';

/**
 * Constants of the module: `LR = 0.1`, annotated or in the block of `__main__`, and those that are kept together:
 * `config = {"lr": 0.1}`, `class Config: lr = 0.1`. Literals only.
 */
export const constantReader: ParamReader = {
  id: 'constants',
  source: 'constant',
  read({ sources, path: script }) {
    return sources.flatMap((source) => {
      const isUsed = (name: string) => source.path === null || source.uses.has(name) || source.uses.has('*');
      return readConstants(source.file, source.path ?? script)
        .filter(({ outer }) => isUsed(outer))
        .map(({ declaration }) => inFile(declaration, source.path));
    });
  },
};

/** A constant and the name that the module knows it by. */
export interface Constant {
  readonly declaration: Declaration;
  readonly outer: string;
  readonly value: SyntaxNode;
}

/** The constants of a file. @param path of the file, for the route. */
export function readConstants(file: PythonFile, path: string): readonly Constant[] {
  const defaults = namesOfDefaults(file);
  const plain = assignmentsOf(file).filter(
    ({ target }) => target.name === 'VariableName' && isAtTop(file, target),
  );
  const counts = new Map<string, number>();
  for (const { target } of plain)
    counts.set(textOf(file, target), (counts.get(textOf(file, target)) ?? 0) + 1);
  // A name that gets another value later starts from nothing that could be changed.
  const once = plain.filter(({ target }) => counts.get(textOf(file, target)) === 1);
  const single = once.flatMap(({ target, value }) => {
    const name = textOf(file, target);
    const isParam = isConstantName(name) && !defaults.has(name);
    return isParam ? constantOf(file, path, { name, outer: name, target, value }) : [];
  });
  const kept = once.flatMap(({ target, value }) => {
    const outer = textOf(file, target);
    return KEEPER.test(outer)
      ? keptIn(file, value).flatMap((one) => constantOf(file, path, { ...one, outer }))
      : [];
  });
  const ofClasses = classesIn(file).flatMap((found) => {
    const isConfig = KEEPER.test(found.name) || /(Config|Cfg|Params|Settings|Args|Hparams)$/.test(found.name);
    const isPlain = found.decorators.length === 0 && found.bases.every((base) => base === 'object');
    if (!isConfig || !isPlain) return [];
    return found.fields.flatMap(({ name, value, range }) => {
      const target = file.tree.resolveInner(range.from, 1);
      return value === null || name.startsWith('_')
        ? []
        : constantOf(file, path, { name, outer: found.name, target, value });
    });
  });
  return [...single, ...kept, ...ofClasses].sort((a, b) => a.value.from - b.value.from);
}

const KEEPER =
  /^(default_?)?(config|configs|cfg|conf|params|parameters|hparams|hps|hyper_?params|hyper_?parameters|hp|args|opts?|settings)$/i;

function constantOf(
  file: PythonFile,
  path: string,
  { name, outer, target, value }: { name: string; outer: string; target: SyntaxNode; value: SyntaxNode },
): readonly Constant[] {
  const literal = literalOf(file, value);
  if (literal === null || !isParamValue(name, literal, textOf(file, value))) return [];
  const facts: Partial<ParamSpec> = factsOfLiteral(literal);
  const declaration = declare('constant', {
    ...facts,
    name,
    route: { via: 'constant', file: path, range: rangeOf(value) },
    help: commentBeside(file, value.nextSibling?.name === ',' ? value.nextSibling : value),
    range: rangeOf(target),
  });
  return [{ declaration, outer, value }];
}

/** `{"lr": 0.1}`, `dict(lr=0.1)`, `SimpleNamespace(lr=0.1)` */
function keptIn(
  file: PythonFile,
  node: SyntaxNode,
): readonly { readonly name: string; readonly target: SyntaxNode; readonly value: SyntaxNode }[] {
  if (node.name === 'DictionaryExpression') {
    return childrenOf(node).flatMap((key) => {
      const name = key.nextSibling?.name === ':' ? stringOf(file, key) : null;
      const value = key.nextSibling?.nextSibling ?? null;
      return name === null || value === null ? [] : [{ name, target: key, value }];
    });
  }
  const call = readCall(file, node);
  if (
    call === null ||
    !/^(dict|SimpleNamespace|Namespace|EasyDict|edict|AttrDict|Munch|Box|ConfigDict|Bunch|Dict)$/.test(
      call.name,
    )
  )
    return [];
  const [first] = positionals(call);
  const inner = first?.name === 'DictionaryExpression' ? keptIn(file, first) : [];
  const given = call.args.flatMap(({ keyword: name, keywordRange: range, value }) =>
    name === null || range === null || value === null
      ? []
      : [{ name, target: file.tree.resolveInner(range.from, 1), value }],
  );
  return [...inner, ...given];
}

function isConstantName(name: string): boolean {
  if (name.startsWith('_')) return false;
  return /^[A-Z][A-Z0-9_]*$/.test(name) ? !OF_THE_PROJECT.test(name) : isTrainingName(name);
}

/** What says where things lie or who one is, and never how to train. */
const OF_THE_PROJECT =
  /(^|_)(DIR|DIRECTORY|PATH|FILE|FILENAME|URL|URI|ROOT|FOLDER|KEY|TOKEN|SECRET|PASSWORD|HOST|PORT|VERSION|AUTHOR|LICENSE|LOGGER|COLUMNS?|LABELS?|HEADER|USAGE|DESCRIPTION|DOC)$/;

const LONGEST_LIST = 200; // Characters: a longer one is data.
const LONGEST_TEXT = 120; // Characters: a longer one is a message.

/** What says where something lies. */
const PATH =
  /^(\.{0,2}\/|~|[a-z]+:\/\/)|\.(py|csv|tsv|json|yaml|yml|toml|txt|npz|npy|parquet|pt|pth|pkl|log|png|h5)$/i;

function isParamValue(name: string, literal: Literal, text: string): boolean {
  switch (literal.kind) {
    case 'none':
      return isTrainingName(name);
    case 'list':
      return isPlainList(literal) && text.length < LONGEST_LIST && /^[[(]/.test(text);
    case 'string':
      return (
        literal.value.length < LONGEST_TEXT && !literal.value.includes('\n') && !PATH.test(literal.value)
      );
    default:
      return true;
  }
}

/** At the module's top level, or in the block that only a script runs. */
function isAtTop(file: PythonFile, target: SyntaxNode): boolean {
  const statement = target.parent;
  // LR = 0.1; EPOCHS = 3
  const outer = statement?.parent?.name === 'StatementGroup' ? statement.parent.parent : statement?.parent;
  if (statement?.name !== 'AssignStatement' || outer === null || outer === undefined) return false;
  if (outer.name === 'Script') return true;
  return (
    outer.name === 'Body' &&
    outer.parent !== null &&
    outer.parent.parent?.name === 'Script' &&
    isMainBlock(file, outer.parent)
  );
}

/** Constants that are the default of a flag: the flag is what is given then. */
function namesOfDefaults(file: PythonFile): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (node: SyntaxNode | null | undefined) => {
    if (node?.name === 'VariableName') names.add(textOf(file, node));
  };
  for (const call of file.calls) {
    if (/^(add_argument|option|argument|Option|Argument|field|Field)$/.test(call.name)) {
      add(keyword(call, 'default'));
      add(/^(Option|Argument)$/.test(call.name) ? positionals(call)[0] : undefined);
    } else if (call.name.startsWith('DEFINE_') || /^(getenv|get)$/.test(call.name)) {
      add(positionals(call)[1] ?? keyword(call, 'default'));
    }
  }
  if (imports(file, 'fire|typer|tyro|jsonargparse')) {
    for (const { parameters } of functionsIn(file)) for (const { value } of parameters) add(value);
  }
  return names;
}

/** The constant of a name as the file has it now, or null: it may have changed since it was found. */
export function findConstant(file: PythonFile, path: string, name: string): Constant | null {
  return readConstants(file, path).find(({ declaration }) => declaration.spec.name === name) ?? null;
}
