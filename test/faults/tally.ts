import { readFile } from 'node:fs/promises';
import type { RunDetail } from '../../src/model/run';
import { readHistory } from './stored';
import type { Witness } from './verdict';

/** What became of the runs of which the same was killed. */
export interface Row {
  rounds: number;
  /** Processes that were there to be killed. */
  kills: number;
  readonly states: Map<string, number>;
  readonly wrong: string[];
  lines: number;
  linesMissing: number;
  points: number;
  pointsMissing: number;
  /** Metrics that were printed in whole lines. */
  printed: number;
  printedMissing: number;
  left: number;
}

/** A tally of no runs yet. */
export function newRow(): Row {
  return {
    ...{ rounds: 0, kills: 0 },
    states: new Map(),
    wrong: [],
    ...{ lines: 0, linesMissing: 0, points: 0, pointsMissing: 0, printed: 0, printedMissing: 0, left: 0 },
  };
}

/** Compares what is kept of a run with what its script wrote down: every line, point and printed metric, one by one. */
export async function tallyRecords(
  row: Row,
  run: RunDetail,
  { lines, points }: Witness,
  kept: {
    readonly outputPath: string;
    /** A server that is there now. */
    connection(): Promise<Parameters<typeof readHistory>[0]>;
  },
): Promise<void> {
  const output = await readFile(kept.outputPath, 'utf8').catch(() => '');
  const printed = [...output.matchAll(/^line (\d+) /gm)].map(([, number]) => Number(number));
  row.lines += lines.length;
  row.linesMissing += lines.filter((number, i) => printed[i] !== number).length;
  const history = async (metric: string) => readHistory(await kept.connection(), run.runId, metric);
  const logged = points.length === 0 ? [] : await history('number');
  // What was printed but not logged is a metric too, whoever read it.
  const ofOutput = printed.length === 0 ? [] : await history('loss');
  row.printed += printed.length;
  row.printedMissing += Math.abs(printed.length - ofOutput.length);
  const steps = new Map(logged.map(({ step, value }) => [step, value]));
  row.points += points.length;
  row.pointsMissing += points.filter((number) => steps.get(number) !== number).length;
  row.pointsMissing += logged.length - steps.size; // One that is there twice is as wrong.
}

/** The rows as a table for a person, and below it what was wrong. */
export function tableOf(rows: ReadonlyMap<string, Row>): string {
  const head = [
    'killed',
    'rounds',
    'kills',
    'ended as',
    'wrong',
    'lines',
    'missing',
    'points',
    'missing',
    'printed',
    'missing',
    'left',
  ];
  const lines = [...rows].map(([name, row]) => [
    name,
    String(row.rounds),
    String(row.kills),
    [...row.states].map(([state, count]) => `${count} ${state}`).join(', '),
    ...[
      row.wrong.length,
      row.lines,
      row.linesMissing,
      row.points,
      row.pointsMissing,
      row.printed,
      row.printedMissing,
      row.left,
    ].map(String),
  ]);
  const cells = [head, ...lines].map((line) => `| ${line.join(' | ')} |`);
  return [...cells, ...[...rows.values()].flatMap(({ wrong }) => wrong)].join('\n');
}
