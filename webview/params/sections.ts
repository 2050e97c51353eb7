import type { ParamSpec } from '../../src/model/param';
import { t } from '../ui/l10n';

/** Params that come from one place and reach the script in one way. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** How a change reaches the script; null where that goes without saying. */
  readonly note: string | null;
  readonly specs: readonly ParamSpec[];
}

/** The params by where they come from, in the order in which they were found. */
export function sectionsOf(specs: readonly ParamSpec[], script: string): readonly Section[] {
  const groups = new Map<string, ParamSpec[]>();
  for (const spec of specs) {
    const id = idOf(spec);
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [spec]);
    else group.push(spec);
  }
  return [...groups].flatMap(([id, group]) => {
    const [first] = group;
    return first === undefined ? [] : [{ id, specs: group, ...wordsOf(first, script) }];
  });
}

function idOf({ route, subcommand }: ParamSpec): string {
  switch (route.via) {
    case 'argument':
      return `argument ${subcommand ?? ''}`;
    case 'config':
    case 'constant':
      return `${route.via} ${route.file}`;
    case 'hydra':
    case 'environment':
    case 'notebook':
      return route.via;
  }
}

function wordsOf(
  { route, subcommand }: ParamSpec,
  script: string,
): { readonly title: string; readonly note: string | null } {
  const aside = t('changed in a checkout of its own, your file stays as it is');
  switch (route.via) {
    case 'argument':
      return {
        title: subcommand === undefined ? t('Command line') : t('Command line of {0}', subcommand),
        note: null,
      };
    case 'hydra':
      return {
        title: route.dialect === 'omegaconf' ? t('Config, by OmegaConf') : t('Config, by Hydra'),
        note: t('given on the command line, your files stay as they are'),
      };
    case 'environment':
      return { title: t('Environment'), note: t('set for the run only') };
    case 'config':
      return { title: t('Config file {0}', route.file), note: aside };
    case 'constant':
      return {
        title:
          route.file === script ? t('Constants in {0}', fileName(script)) : t('Constants in {0}', route.file),
        note: aside,
      };
    case 'notebook':
      return {
        title: t('Parameters of the notebook'),
        note: t('given to a copy, your notebook stays as it is'),
      };
  }
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
