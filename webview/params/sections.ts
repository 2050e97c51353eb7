import type { ParamSpec } from '../../src/model/param';
import { t } from '../ui/l10n';

/** Params that come from one place and reach the script in one way. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** The file whose params they are; null where that goes without saying. */
  readonly file: string | null;
  /** How a change reaches the script; null where that goes without saying. */
  readonly note: string | null;
  readonly specs: readonly ParamSpec[];
}

/** The params by where they come from, in the order in which they were found. */
export function sectionsOf(specs: readonly ParamSpec[]): readonly Section[] {
  const groups = new Map<string, ParamSpec[]>();
  for (const spec of specs) {
    const id = idOf(spec);
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [spec]);
    else group.push(spec);
  }
  return [...groups].flatMap(([id, group]) => {
    const [first] = group;
    return first === undefined ? [] : [{ id, specs: group, ...wordsOf(first) }];
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

function wordsOf({ route, subcommand }: ParamSpec): Pick<Section, 'title' | 'file' | 'note'> {
  const aside = t('changed in a checkout of its own, your file stays as it is');
  switch (route.via) {
    case 'argument':
      return {
        title: subcommand === undefined ? t('Command line') : t('Command line of {0}', subcommand),
        file: null,
        note: null,
      };
    case 'hydra':
      return {
        title: route.dialect === 'omegaconf' ? t('Config, by OmegaConf') : t('Config, by Hydra'),
        file: null,
        note: t('given on the command line, your files stay as they are'),
      };
    case 'environment':
      return { title: t('Environment'), file: null, note: t('set for the run only') };
    case 'config':
      return { title: t('Config file'), file: route.file, note: aside };
    case 'constant':
      return { title: t('Constants'), file: route.file, note: aside };
    case 'notebook':
      return {
        title: t('Parameters of the notebook'),
        file: null,
        note: t('given to a copy, your notebook stays as it is'),
      };
  }
}
