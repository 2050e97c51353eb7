// The report: a table for people, JSON for comparing runs.
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { createRequire } from 'node:module';
import { root } from '../../../scripts/project.mjs';
import { runToEnd } from './owned.mjs';
import { systemPython } from './python.mjs';

const COLUMNS = [
  ['name', (row) => row.name],
  ['value', (row) => number(row.value)],
  ['unit', (row) => row.unit],
  ['floor', (row) => number(row.floor)],
  ['peer', (row) => number(row.peer)],
  ['x floor', (row) => ratio(row.value, row.floor)],
  ['x peer', (row) => ratio(row.value, row.peer)],
  ['budget', (row) => row.rule ?? '–'],
  ['limit', (row) => number(row.budget)],
  ['holds', (row) => (row.holds === null ? '–' : row.holds ? 'yes' : 'NO')],
];
const LEFT_ALIGNED = new Set(['name', 'unit', 'budget', 'holds']);

/** An aligned table, a line a figure. */
export function table(rows) {
  const cells = [COLUMNS.map(([title]) => title), ...rows.map((row) => COLUMNS.map(([, text]) => text(row)))];
  const widths = COLUMNS.map((_, column) => Math.max(...cells.map((line) => line[column].length)));
  const align = (text, column) =>
    LEFT_ALIGNED.has(COLUMNS[column][0]) ? text.padEnd(widths[column]) : text.padStart(widths[column]);
  const lines = cells.map((line) => line.map(align).join('  ').trimEnd());
  return [lines[0], '─'.repeat(Math.max(...lines.map((line) => line.length))), ...lines.slice(1)].join('\n');
}

/** What is written by --json. */
export async function report(rows, versions) {
  return {
    date: new Date().toISOString(),
    machine: {
      platform: `${os.type()} ${os.release()} ${os.arch()}`,
      cpu: os.cpus()[0]?.model ?? 'unknown',
      cores: os.availableParallelism(),
      memoryMb: Math.round(os.totalmem() / 2 ** 20),
      loadAverage: os.loadavg()[0],
    },
    versions: { ...(await ownVersions()), ...versions },
    figures: rows.map(({ name, value, unit, floor, peer, budget, holds }) => ({
      name,
      value: rounded(value),
      unit,
      floor: rounded(floor),
      peer: rounded(peer),
      budget: rounded(budget),
      holds,
    })),
  };
}

async function ownVersions() {
  const require = createRequire(path.join(root, 'package.json'));
  const said = async (command, ...args) => (await runToEnd(command, args)).stdout.trim().split(' ').at(-1);
  return {
    winnow: require('./package.json').version,
    node: process.versions.node,
    python: await said(await systemPython(), '--version'),
    git: await said('git', '--version'),
    mlflow: /^mlflow==(.+)$/m.exec(readFileSync(path.join(root, 'test/bench/requirements.txt'), 'utf8'))?.[1],
  };
}

function number(value) {
  if (value === null) return '–';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

const ratio = (value, other) => (value === null || !other ? '–' : number(value / other));

/** Four decimals: a tenth of a microsecond of a millisecond is no news. */
const rounded = (value) => (value === null ? null : Math.round(value * 1e4) / 1e4);
