import { describe, expect, it } from 'vitest';
import { readDelimited } from './delimited';
import type { RunId } from './run';
import { exportedText } from './runExport';
import type { Column, RunColumns } from './table';

const COLUMNS: readonly Column[] = [
  { kind: 'metric', name: 'acc', of: 'best' },
  { kind: 'metric', name: 'acc', of: 'min' },
  { kind: 'param', name: 'acc' },
];
const PART: RunColumns = {
  runIds: ['1'.repeat(32) as RunId, '2'.repeat(32) as RunId],
  names: ['a, "b"\n| c', '<b>😀</b>'],
  states: ['finished', 'failed'],
  cells: [
    [0.25, 'NaN'],
    [0.1, null],
    ['x', null],
  ],
  runCount: 2,
};

describe('runs as a text', () => {
  it('are CSV that is read back as it was', () => {
    const { rows } = readDelimited(exportedText('csv', COLUMNS, [PART]), ',', 10);
    expect(rows).toEqual([
      ['name', 'run id', 'acc.best', 'acc.min', 'param.acc'],
      ['a, "b"\n| c', '1'.repeat(32), '0.25', '0.1', 'x'],
      ['<b>😀</b>', '2'.repeat(32), 'NaN', '', ''],
    ]);
  });

  it('are JSON with null for what is missing', () => {
    const parsed: unknown = JSON.parse(exportedText('json', COLUMNS, [PART]));
    expect(parsed).toMatchObject([
      { name: 'a, "b"\n| c', state: 'finished', values: { 'acc.best': 0.25, 'acc.min': 0.1 } },
      { state: 'failed', values: { 'acc.best': 'NaN', 'acc.min': null, 'param.acc': null } },
    ]);
  });

  it('are a table in Markdown whose cells are no Markdown', () => {
    expect(exportedText('markdown', COLUMNS, [PART])).toBe(
      '| run | acc.best | acc.min | param.acc |\n| --- | --: | --: | --- |\n' +
        '| a, "b" \\| c | 0.25 | 0.1 | x |\n| \\<b\\>😀\\</b\\> | NaN |  |  |\n',
    );
  });

  it('without runs are the head alone', () => {
    expect(exportedText('csv', COLUMNS.slice(0, 1), [])).toBe('name,run id,acc\r\n');
    expect(exportedText('json', COLUMNS, [])).toBe('[]\n');
  });
});
