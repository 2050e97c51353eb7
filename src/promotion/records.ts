import path from 'node:path';
import type { Goal } from '../model/goal';
import { bestOf } from '../model/goal';
import type { MetricSummary, RunDetail } from '../model/run';
import { slugOf } from './names';

/** What a promotion writes about a run besides its code. */
export interface RecordRequest {
  readonly run: RunDetail;
  readonly goal: Goal | null;
  /** The top that the script's path is shown relative to. */
  readonly top: string;
  /** The installed packages as `pip freeze` lists them; null when they are not known. */
  readonly packages: string | null;
}

/** The records of a run: path from the repository's top, and text. The same run gives the same bytes. */
export function recordsOf(request: RecordRequest): ReadonlyMap<string, string> {
  const folder = `winnow/${slugOf(request.run.experiment)}`;
  return new Map([
    [`${folder}/run.json`, json(runRecord(request))],
    [`${folder}/metrics.json`, json(metricsRecord(request))],
    [`${folder}/environment.txt`, environmentRecord(request)],
    [`${folder}/MODEL_CARD.md`, modelCard(request)],
  ]);
}

/** The goal's value that the run reached, or null without a goal or a value. */
export function goalValue(run: RunDetail, goal: Goal | null): { value: number; step: number } | null {
  const summary = goal === null ? undefined : run.metrics[goal.metric];
  return goal === null || summary === undefined ? null : bestOf(summary, goal.direction);
}

/** The number as a person reads it, with enough digits to tell runs apart. */
export function shown(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(6))) : String(value);
}

const SEED_NAMES = ['seed', 'random_seed', 'random_state', 'random-seed'];

function seedOf(run: RunDetail): string | null {
  for (const name of SEED_NAMES) {
    const logged = run.params[name];
    if (logged !== undefined) return logged;
  }
  const args = run.command?.args ?? [];
  for (const name of SEED_NAMES) {
    const joined = args.find((arg) => arg.startsWith(`--${name}=`));
    if (joined !== undefined) return joined.slice(name.length + 3);
    const at = args.indexOf(`--${name}`);
    const value = at < 0 ? undefined : args[at + 1];
    if (value !== undefined) return value;
  }
  return null;
}

function runRecord({ run, goal, top }: RecordRequest) {
  const { command, snapshot } = run;
  return {
    runId: run.runId,
    name: run.name,
    experiment: run.experiment,
    state: run.state,
    startedAt: instant(run.startedAt),
    endedAt: instant(run.endedAt),
    exitCode: run.exitCode,
    argv: command === null ? null : argvOf(command, top),
    interpreter: command === null || command.python === null ? null : inside(top, command.python),
    workingFolder: command === null ? null : inside(top, command.folder),
    params: sorted(run.params),
    seed: seedOf(run),
    goal,
    code: {
      base: snapshot?.baseCommit ?? null,
      branch: snapshot?.branch ?? null,
      differedFromBase: snapshot?.dirty ?? null,
      snapshot: snapshot?.commit ?? null,
      leftOut: snapshot?.leftOut ?? [],
    },
  };
}

function metricsRecord({ run }: RecordRequest) {
  const metrics: Record<string, Record<string, number | string>> = {};
  for (const [name, summary] of Object.entries(sorted(run.metrics))) {
    metrics[name] = Object.fromEntries(
      Object.entries(summary).map(([key, value]: [string, number]) => [
        key,
        Number.isFinite(value) ? value : String(value),
      ]),
    );
  }
  return metrics;
}

function environmentRecord({ run, packages }: RecordRequest): string {
  const interpreter = run.command?.python;
  const head =
    interpreter === undefined || interpreter === null ? '' : `# Interpreter: ${oneLine(interpreter)}\n`;
  if (packages === null) return `${head}# The installed packages were not recorded.\n`;
  return `${head}# Installed packages, as "pip freeze" lists them.\n${packages.trimEnd()}\n`;
}

function modelCard(request: RecordRequest): string {
  const { run, goal, top } = request;
  const reached = goalValue(run, goal);
  const seed = seedOf(run);
  const { command } = run;
  const lines = [
    `# ${inline(run.experiment)}: ${inline(run.name)}`,
    '',
    reached === null || goal === null
      ? 'No goal was set, or the run has no value of it.'
      : `**${inline(goal.metric)} ${shown(reached.value)}** at step ${reached.step}: the best single run. ` +
        'One run says nothing about how much this value varies from run to run.',
    '',
    '## Reproduce',
    '',
    ...(command === null
      ? ['The command was not recorded.']
      : [
          'From the top of this commit, with the packages of `environment.txt` installed:',
          '',
          fence('sh', reproduceCommand(command, top)),
        ]),
    '',
    seed === null ? 'Seed: not recorded.' : `Seed: ${code(seed)}.`,
    '',
    '## Params',
    '',
    ...table(
      ['param', 'value'],
      Object.entries(sorted(run.params)).map(([name, value]) => [name, value]),
      'No params were recorded.',
    ),
    '',
    '## Metrics',
    '',
    ...table(
      ['metric', 'last', 'min', 'max', 'points'],
      // metrics.json has the machine's load too; a reader of the card asks what the model can do.
      Object.entries(sorted(run.metrics))
        .filter(([name]) => !name.startsWith('system/'))
        .map(([name, metric]) => metricRow(name, metric)),
      'No metrics were recorded.',
    ),
    '',
    '## Data',
    '',
    'Not recorded.',
    '',
    ...leftOutSection(run),
    '## Origin',
    '',
    `Run ${code(run.runId)}, ${instant(run.startedAt) ?? 'start not recorded'}.`,
    '',
  ];
  return lines.join('\n');
}

function leftOutSection(run: RunDetail): string[] {
  const leftOut = run.snapshot?.leftOut ?? [];
  if (leftOut.length === 0) return [];
  const rows = leftOut.map((file) => [file.path, file.why, String(file.sizeBytes ?? ''), file.sha256 ?? '']);
  return [
    '## Files that are not part of the recorded code',
    '',
    ...table(['file', 'why', 'bytes', 'SHA-256'], rows, ''),
    '',
  ];
}

function metricRow(name: string, metric: MetricSummary): string[] {
  return [name, shown(metric.last), shown(metric.min), shown(metric.max), String(metric.count)];
}

type Command = NonNullable<RunDetail['command']>;

function argvOf(command: Command, top: string): string[] {
  const program = command.python === null ? [] : [inside(top, command.python)];
  return [...program, command.script, ...command.args];
}

/** The command as one would type it in a shell at the repository's top. */
function reproduceCommand(command: Command, top: string): string {
  const folder = inside(top, command.folder);
  // Whoever reproduces it has an interpreter of their own: the record names the one that was used.
  const program = command.python === null ? [] : ['python'];
  const script = command.python === null ? `./${command.script}` : command.script;
  const call = [...program, script, ...command.args].map(shellWord).join(' ');
  return folder === '.' ? call : `cd ${shellWord(folder)} && ${call}`;
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Relative to the top when it lies in it: a stranger's folders say nothing. */
function inside(top: string, file: string): string {
  if (!path.isAbsolute(file)) return file;
  const relative = path.relative(top, file);
  if (relative === '') return '.';
  return relative.startsWith('..') ? file : relative;
}

function table(head: string[], rows: string[][], none: string): string[] {
  if (rows.length === 0) return [none];
  const line = (cells: string[]) => `| ${cells.map(inline).join(' | ')} |`;
  return [line(head), `| ${head.map(() => '---').join(' | ')} |`, ...rows.map(line)];
}

/** Foreign text that stays text in Markdown: no markup, no HTML, no new line. */
function inline(text: string): string {
  return oneLine(text)
    .replace(/[\\`*[\]|~$#!]|(?<!\w)_|_(?!\w)/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

function code(text: string): string {
  return `\`${oneLine(text).replaceAll('`', "'")}\``;
}

function fence(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((match) => match[0].length));
  const bar = '`'.repeat(longest + 1);
  return `${bar}${language}\n${text}\n${bar}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function instant(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
