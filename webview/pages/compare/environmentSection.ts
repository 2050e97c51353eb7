import type { CompareView } from '../../../src/api/comparePage';
import { versionsOf } from '../../../src/model/compareEnvironments';
import { formatBytes } from '../../../src/model/format';
import { t } from '../../ui/l10n';
import type { Section, ValueRow } from './rows';
import { differing, textRow, textRows } from './textRows';

/** What the runs ran in: Python, the machine, seeds that were set, and every package. */
export function environmentSection({ runs }: CompareView): Section {
  const environments = runs.map(({ environment }) => environment);
  const texts = (read: (environment: NonNullable<(typeof environments)[number]>) => string | null) =>
    environments.map((environment) => (environment === null ? null : read(environment)));
  const facts: readonly ValueRow[] = [
    textRow(
      'environment',
      'Python',
      texts(({ python }) => python?.version ?? t('not Python')),
    ),
    textRow(
      'environment',
      t('Interpreter'),
      texts(({ python }) => python?.interpreter ?? null),
    ),
    textRow(
      'environment',
      t('Host'),
      texts(({ host }) => host.name),
    ),
    textRow(
      'environment',
      t('System'),
      texts(({ host }) => host.system),
    ),
    textRow(
      'environment',
      t('CPUs'),
      texts(({ host }) => String(host.cpuCount)),
    ),
    textRow(
      'environment',
      t('Memory'),
      texts(({ host }) => formatBytes(host.memoryBytes)),
    ),
    textRow(
      'environment',
      t('GPUs'),
      texts(({ host }) => (host.gpus.length === 0 ? t('no GPU') : host.gpus.join(', '))),
    ),
    textRow(
      'environment',
      t('Seeds set'),
      texts(({ seeds }) => {
        const words = Object.entries(seeds).map(([what, seed]) => `${what} ${seed}`);
        return words.length === 0 ? null : words.join(', ');
      }),
    ),
  ];
  const packages = textRows(
    'packages',
    environments.map((environment) => versionsOf(environment?.python?.packages ?? [])),
  );
  const isKnown = environments.some((environment) => environment !== null);
  return differing(
    {
      id: 'environment',
      title: t('Environment'),
      note: () => packagesNote(packages),
    },
    isKnown ? [...facts, ...packages] : [],
    {
      none: t('Nothing recorded what these runs ran in.'),
      equal: t('The same Python, machine and packages.'),
    },
  );
}

function packagesNote(packages: readonly ValueRow[]): string {
  const count = packages.filter((row) => row.differs).length;
  if (packages.length === 0) return t('packages are not known');
  if (count === 0) return '';
  return count === 1 ? t('1 package differs') : t('{0} packages differ', count);
}
