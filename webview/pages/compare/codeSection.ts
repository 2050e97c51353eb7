import type { CompareView, ComparedCode } from '../../../src/api/comparePage';
import type { CodeChange } from '../../../src/api/runPageSchemas';
import { formatCount } from '../../../src/model/format';
import { t } from '../../ui/l10n';
import { type CompareCell, MISSING } from './cells';
import type { Section, ValueRow } from './rows';
import { textRow } from './textRows';

/** Where the code came from, and the files that differ from the base's; each opens in the diff editor. */
export function codeSection({ runs }: CompareView, code: readonly ComparedCode[] | string | null): Section {
  const compared = new Map(typeof code === 'string' ? [] : (code ?? []).map((one) => [one.runId, one]));
  const changes = runs.map(
    ({ run }) => new Map(compared.get(run.runId)?.files?.map((file) => [file.path, file])),
  );
  const paths = [...new Set(changes.flatMap((one) => [...one.keys()]))].sort();
  const base = runs[0];
  const files = paths.map((path): ValueRow => {
    const isInBase = changes.every((one) => one.get(path)?.change !== 'added');
    return {
      kind: 'value',
      key: `code ${path}`,
      section: 'code',
      name: path,
      facet: '',
      isGoal: false,
      differs: true,
      cells: () =>
        runs.map(({ run }, index): CompareCell => {
          if (index === 0) {
            return isInBase
              ? {
                  text: t('open'),
                  value: 'base',
                  standing: 'base',
                  isNumber: false,
                  tone: 'dim',
                  opens: true,
                }
              : MISSING;
          }
          const known = compared.get(run.runId);
          if (known === undefined || known.files === null) {
            return { ...MISSING, title: known?.problem ?? t('The code of this run was not kept.') };
          }
          const change = changes[index]?.get(path);
          return change === undefined
            ? {
                text: isInBase ? '=' : '–',
                value: '',
                standing: isInBase ? 'equal' : 'missing',
                isNumber: false,
                opens: isInBase,
              }
            : changeCell(change);
        }),
    };
  });
  const from = [
    textRow(
      'code',
      t('Branch'),
      runs.map(({ run }) => run.snapshot?.branch ?? null),
    ),
    textRow(
      'code',
      t('Commit'),
      runs.map(({ run }) => run.snapshot?.baseCommit?.slice(0, 10) ?? null),
    ),
  ].filter((row) => row.cells().some(({ value }) => value !== null));
  const isKept = runs.some(({ run }) => run.snapshot !== null);
  const problem =
    typeof code === 'string' ? code : [...compared.values()].find((one) => one.problem !== null)?.problem;
  const rows = [...from, ...files];
  return {
    id: 'code',
    title: t('Code'),
    note:
      problem ??
      (!isKept || base === undefined
        ? ''
        : code === null
          ? t('is being compared')
          : files.length === 0
            ? t('the same in all that kept it')
            : files.length === 1
              ? t('1 file differs')
              : t('{0} files differ', formatCount(files.length))),
    rows,
    brief: [...from.filter((row) => row.differs), ...files],
    nothing: isKept ? '' : t('The code of these runs was not kept: Winnow did not start them.'),
  };
}

function changeCell({ change, addedLines, deletedLines }: CodeChange): CompareCell {
  const lines = [
    addedLines === null || addedLines === 0 ? null : `+${formatCount(addedLines)}`,
    deletedLines === null || deletedLines === 0 ? null : `−${formatCount(deletedLines)}`,
  ]
    .filter((part) => part !== null)
    .join(' ');
  const [word, tone] =
    change === 'added'
      ? [t('only here'), 'added' as const]
      : change === 'deleted'
        ? [t('not here'), 'removed' as const]
        : [t('modified'), 'changed' as const];
  return {
    text: lines === '' ? word : lines,
    value: `${word} ${lines}`.trim(),
    standing: 'differs',
    isNumber: false,
    tone,
    noteWord: word,
    ...(lines === '' || change === 'modified' ? {} : { note: word }),
    opens: true,
  };
}
