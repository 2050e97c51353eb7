import type { ParamSource } from '../../src/model/param';
import { t } from '../ui/l10n';

/** `5 params found in argparse, nothing was executed` */
export function foundText(count: number, sources: readonly ParamSource[]): string {
  if (count === 0) return t('No params found, nothing was executed');
  const where = sources.map(nameOf).join(', ');
  return count === 1
    ? t('1 param found in {0}, nothing was executed', where)
    : t('{0} params found in {1}, nothing was executed', count, where);
}

function nameOf(source: ParamSource): string {
  switch (source) {
    case 'argparse':
    case 'click':
    case 'absl':
      return source;
    case 'typer':
      return 'Typer';
    case 'fire':
      return 'Fire';
    case 'argv':
      return 'sys.argv';
    case 'dataclass':
      return t('dataclasses');
    case 'hydra':
      return 'Hydra';
    case 'config':
      return t('config files');
    case 'constant':
      return t('constants');
    case 'environment':
      return t('the environment');
    case 'notebook':
      return t('the notebook');
  }
}
