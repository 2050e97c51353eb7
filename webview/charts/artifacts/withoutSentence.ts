import { t } from '../../ui/l10n';

const MOST_NAMED = 5;

/** Names the runs that have nothing at a path, the first few of them. */
export function withoutSentence(names: readonly string[], path: string): string {
  const named = names.slice(0, MOST_NAMED).join(', ');
  const more = names.length - MOST_NAMED;
  return more > 0
    ? t('Nothing in {0}: {1} and {2} more.', path, named, more)
    : t('Nothing in {0}: {1}.', path, named);
}
