import type { SyntaxNode } from '@lezer/common';
import type { FlagSpelling, ParamSpec } from '../../model/param';
import { stringOf } from '../literals';
import { type Call, type PythonFile, childrenOf, keyword, positionals, textOf } from '../python';
import { classesIn, functionsIn } from './facts';
import type { EnumWords } from './facts';
import { lastName } from './values';

/** How a library makes flags of a class's fields. */
export interface ConfigLibrary {
  /** The packages that are imported to use it, as a part of a pattern. */
  readonly packages: string;
  /** Whether a config within a config has its path in the name: `--optimizer.lr`. */
  readonly isNested: boolean;
  readonly hasDashes: boolean;
  readonly spelling: FlagSpelling;
  /** Whether a text is taken as it is, whatever the spelling of other values. */
  readonly hasPlainTexts?: boolean;
  /** Whether what a function needs is given by its place. */
  readonly hasPlaces?: boolean;
  readonly enums: EnumWords;
  /** Whether a function's signature does as well. */
  readonly takesFunctions: boolean;
  /** The classes (or functions) that are given to it by name, and what stands in front of their fields' names. */
  classes(file: PythonFile): readonly Given[];
  /** How a bool is written. */
  switchOf(flag: string, defaultValue: string | null, hasDefault: boolean): Partial<ParamSpec>;
}

interface Given {
  readonly name: string;
  readonly prefix: string;
  readonly node: SyntaxNode;
}

/** `--flag True` and `--flag False` */
const asWord = (): Partial<ParamSpec> => ({ action: 'store' });

/** Structured configs of Hydra and OmegaConf, which name the classes themselves. */
export const STRUCTURED: ConfigLibrary = {
  packages: 'omegaconf',
  isNested: true,
  hasDashes: false,
  spelling: 'yaml',
  enums: 'name',
  takesFunctions: false,
  classes: () => [],
  switchOf: asWord,
};

export const LIBRARIES: readonly ConfigLibrary[] = [
  {
    packages: 'transformers|trl',
    isNested: false,
    hasDashes: false,
    spelling: 'words',
    enums: 'value',
    takesFunctions: false,
    classes: (file) =>
      callsOf(file, /^(HfArgumentParser|TrlParser)$/, /./).flatMap((call) =>
        givenTo(file, call, 'dataclass_types'),
      ),
    switchOf: asWord,
  },
  {
    packages: 'simple_parsing',
    isNested: false,
    hasDashes: false,
    spelling: 'words',
    enums: 'name',
    takesFunctions: false,
    classes: (file) => [
      ...callsOf(file, /^add_arguments$/, /./).flatMap((call) => {
        const prefix = stringOf(file, keyword(call, 'prefix')) ?? '';
        return givenTo(file, call, 'dataclass')
          .slice(0, 1)
          .map((one) => ({ ...one, prefix }));
      }),
      ...callsOf(file, /^parse$/, /^(simple_parsing|sp)$/).flatMap((call) =>
        givenTo(file, call, 'config_class').slice(0, 1),
      ),
    ],
    switchOf: asWord,
  },
  {
    packages: 'tyro',
    isNested: true,
    hasDashes: true,
    spelling: 'words',
    enums: 'name',
    takesFunctions: true,
    classes: (file) =>
      callsOf(file, /^cli$/, /^tyro$/).flatMap((call) => givenTo(file, call, 'f').slice(0, 1)),
    switchOf(flag) {
      const dot = flag.lastIndexOf('.');
      // --optimizer.no-nesterov: the last part is turned off.
      const offFlag =
        dot < 0 ? flag.replace(/^--/, '--no-') : `${flag.slice(0, dot + 1)}no-${flag.slice(dot + 1)}`;
      return { action: 'boolean_optional', offFlag };
    },
  },
  {
    packages: 'draccus|pyrallis',
    isNested: true,
    hasDashes: false,
    spelling: 'yaml',
    enums: 'name',
    takesFunctions: false,
    classes: (file) => [
      ...callsOf(file, /^parse$/, /^(draccus|pyrallis)$/).flatMap((call) =>
        givenTo(file, call, 'config_class').slice(0, 1),
      ),
      ...wrappedClasses(file, /^(draccus|pyrallis)$/).map((one) => ({ ...one, prefix: '' })),
    ],
    switchOf: asWord,
  },
  {
    packages: 'jsonargparse',
    isNested: true,
    hasDashes: false,
    spelling: 'yaml',
    hasPlainTexts: true,
    hasPlaces: true,
    enums: 'name',
    takesFunctions: true,
    classes: (file) =>
      callsOf(file, /^(CLI|auto_cli)$/, /^jsonargparse$/).flatMap((call) =>
        givenTo(file, call, 'components').slice(0, 1),
      ),
    switchOf: asWord,
  },
  {
    packages: 'tap',
    isNested: false,
    hasDashes: false,
    spelling: 'words',
    enums: 'value',
    takesFunctions: false,
    classes: (file) =>
      classesIn(file)
        .filter(({ bases }) => bases.includes('Tap'))
        .map(({ name, node }) => ({ name, node, prefix: '' })),
    // Given, the flag turns the default around.
    switchOf: (_flag, defaultValue) => ({ action: defaultValue === 'True' ? 'store_false' : 'store_true' }),
  },
];

/** Calls of a function of a module; a bare name counts, since it was imported. */
function callsOf(file: PythonFile, name: RegExp, module: RegExp): readonly Call[] {
  return file.calls.filter(
    (call) => name.test(call.name) && (call.receiver === null || module.test(textOf(file, call.receiver))),
  );
}

/** The classes in the first argument: one, or several in a tuple or list. */
function givenTo(file: PythonFile, call: Call, name: string): readonly Given[] {
  const node = keyword(call, name) ?? positionals(call)[0];
  if (node === undefined) return [];
  const nodes = /^(Tuple|Array)Expression$/.test(node.name) ? childrenOf(node) : [node];
  return nodes.flatMap((one) => {
    const found = lastName(file, one);
    return found === null ? [] : [{ name: found, prefix: '', node: call.node }];
  });
}

/** The class that the first parameter of a decorated function is annotated with. */
function wrappedClasses(
  file: PythonFile,
  modules: RegExp,
): readonly { readonly name: string; readonly node: SyntaxNode }[] {
  return functionsIn(file).flatMap(({ node, decorators, parameters }) => {
    const isWrapped = decorators.some(
      ({ name, receiver }) => name === 'wrap' && (receiver === null || modules.test(textOf(file, receiver))),
    );
    const [first] = parameters;
    const annotation = first?.annotation ?? null;
    if (!isWrapped || annotation === null) return [];
    const name = lastName(file, annotation);
    return name === null ? [] : [{ name, node }];
  });
}
