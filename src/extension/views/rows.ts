import * as vscode from 'vscode';
import { formatNumber } from '../../model/format';
import { bestOf } from '../../model/goal';
import type { Experiment } from '../../model/experiment';
import { type Run, type RunState, TAGS } from '../../model/run';
import { COMMANDS, runColourId, runContextValue } from '../ids';
import { escapeMarkdown } from '../markdown';
import type { FolderLink } from '../serverConnection';
import { describeRun, speakRun, stateSentence } from './runText';
import { ExperimentRow, type MoreRow, type RunRow } from './runsModel';

/** How rows look: each function makes the native row of one kind. */

export function folderItem(link: FolderLink, runCount: number | null): vscode.TreeItem {
  const item = new vscode.TreeItem(link.folder.name, vscode.TreeItemCollapsibleState.Expanded);
  item.id = `folder:${link.folder.uri.toString()}`;
  item.iconPath = new vscode.ThemeIcon('folder');
  item.contextValue = 'folder';
  if (runCount !== null && runCount > 0) item.description = countRuns(runCount);
  return item;
}

export function experimentItem({ experiment, model }: ExperimentRow, expanded: boolean): vscode.TreeItem {
  const item = new vscode.TreeItem(
    experiment.name,
    expanded ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed,
  );
  item.id = `experiment:${model.folder}:${experiment.experimentId}`;
  item.iconPath = new vscode.ThemeIcon('beaker');
  item.description = [countRuns(experiment.runCount), describeGoal(experiment)].filter(Boolean).join(' · ');
  item.contextValue = 'experiment';
  return item;
}

/** @param place of a run that waits, from 1; null when it does not, or nobody knows. */
export function runItem(
  row: RunRow,
  slot: number | undefined,
  now: number,
  place: number | null,
): vscode.TreeItem {
  const { run } = row;
  const standing = { goal: row.goal, isBest: row.isBest, isOn: slot !== undefined, place };
  const item = new vscode.TreeItem(
    run.name,
    run.childCount > 0 ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
  );
  item.id = `run:${row.model.folder}:${run.experimentId}:${run.runId}`;
  item.description = describeRun(run, standing, now, vscode.l10n);
  item.iconPath = new vscode.ThemeIcon(ICONS[run.state], new vscode.ThemeColor(colourOf(run.state, slot)));
  item.contextValue = runContextValue({ ...run, isOn: standing.isOn });
  item.accessibilityInformation = { label: speakRun(run, standing, vscode.l10n) };
  return item;
}

export function moreItem({ parent, hiddenCount }: MoreRow): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Show More…'));
  item.id = `more:${parent instanceof ExperimentRow ? parent.experiment.experimentId : parent.runId}:${parent.model.folder}`;
  item.description =
    hiddenCount === 1 ? vscode.l10n.t('1 older run') : vscode.l10n.t('{0} older runs', hiddenCount);
  item.command = { command: COMMANDS.showMore, title: vscode.l10n.t('Show More…'), arguments: [] };
  item.contextValue = 'more';
  return item;
}

/** A row that says what is wrong, or offers a way out of it. */
export function noteItem(label: string, icon: string, command?: vscode.Command): vscode.TreeItem {
  const item = new vscode.TreeItem(label);
  item.iconPath = new vscode.ThemeIcon(icon);
  item.tooltip = label;
  item.contextValue = 'note';
  if (command !== undefined) item.command = command;
  return item;
}

/** The tooltip of a run: what it is, how it stands, its metrics and params. Foreign text stays plain text. */
export function runTooltip({ run, goal, isBest }: RunRow, now: number): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendMarkdown(`**${escapeMarkdown(run.name)}**${isBest ? ` · ${vscode.l10n.t('best')}` : ''}\n\n`);
  text.appendMarkdown(`${escapeMarkdown(stateSentence(run, now, vscode.l10n))}\n\n`);
  const summary = goal === null ? undefined : run.metrics[goal.metric];
  if (goal !== null && summary !== undefined) {
    const { value, step } = bestOf(summary, goal.direction);
    text.appendMarkdown(
      `${escapeMarkdown(vscode.l10n.t('Best {0}: {1} at step {2}.', goal.metric, formatNumber(value), step))}\n\n`,
    );
  }
  const logsTo = run.tags[TAGS.logsTo];
  if (logsTo !== undefined) {
    text.appendMarkdown(`${escapeMarkdown(vscode.l10n.t('The script logs to {0}, not here.', logsTo))}\n\n`);
  }
  const checkout = run.tags[TAGS.checkout] ?? '';
  if (checkout !== '') {
    const sentence = vscode.l10n.t('Files that it made beside your folder lie in {0}.', checkout);
    text.appendMarkdown(`${escapeMarkdown(sentence)}\n\n`);
  }
  appendTable(text, metricsOf(run, goal?.metric));
  appendTable(text, paramsOf(run));
  return text;
}

export function experimentTooltip({ experiment }: ExperimentRow): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendMarkdown(`**${escapeMarkdown(experiment.name)}**\n\n`);
  const { goal } = experiment;
  if (goal === null) {
    text.appendMarkdown(vscode.l10n.t('No goal yet: it follows from the first metric.'));
  } else {
    const sentence =
      goal.direction === 'maximize'
        ? vscode.l10n.t('Goal: the highest {0}', goal.metric)
        : vscode.l10n.t('Goal: the lowest {0}', goal.metric);
    const target = goal.target === null ? '' : vscode.l10n.t(', target {0}', formatNumber(goal.target));
    text.appendMarkdown(escapeMarkdown(`${sentence}${target}.`));
  }
  return text;
}

const ICONS: Readonly<Record<RunState, string>> = {
  queued: 'history',
  running: 'play-circle',
  finished: 'pass',
  failed: 'error',
  stopped: 'stop-circle',
  pruned: 'circle-slash',
  lost: 'question',
};

/** The run's colour when it is on in charts; failed stays red; green and red mean nothing else. */
function colourOf(state: RunState, slot: number | undefined): string {
  if (state === 'failed') return 'testing.iconFailed';
  if (slot !== undefined) return runColourId(slot);
  switch (state) {
    case 'queued':
      return 'testing.iconQueued';
    case 'running':
      return 'charts.blue';
    default:
      return 'descriptionForeground';
  }
}

function countRuns(count: number): string {
  return count === 1 ? vscode.l10n.t('1 run') : vscode.l10n.t('{0} runs', count.toLocaleString('en-US'));
}

function describeGoal({ goal }: Experiment): string {
  return goal === null ? '' : `${goal.metric} ${goal.direction === 'maximize' ? '↑' : '↓'}`;
}

const MAX_METRICS = 8; // A tooltip of more than about 16 lines covers the rows below it.
const MAX_PARAMS = 10;

function metricsOf(run: Run, goalMetric: string | undefined): readonly [string, string][] {
  const names = Object.keys(run.metrics).filter((name) => !name.startsWith('system/'));
  names.sort((a, b) => Number(b === goalMetric) - Number(a === goalMetric) || a.localeCompare(b));
  return limited(
    names.map((name) => [name, formatNumber(run.metrics[name]?.last ?? NaN)]),
    MAX_METRICS,
  );
}

function paramsOf(run: Run): readonly [string, string][] {
  return limited(
    Object.entries(run.params).sort(([a], [b]) => a.localeCompare(b)),
    MAX_PARAMS,
  );
}

function limited(rows: readonly [string, string][], count: number): readonly [string, string][] {
  if (rows.length <= count) return rows;
  return [...rows.slice(0, count), [vscode.l10n.t('and {0} more', rows.length - count), '']];
}

const MAX_VALUE_LENGTH = 60;

function appendTable(text: vscode.MarkdownString, rows: readonly [string, string][]): void {
  if (rows.length === 0) return;
  const lines = rows.map(([name, value]) => {
    const shown = value.length > MAX_VALUE_LENGTH ? `${value.slice(0, MAX_VALUE_LENGTH)}…` : value;
    return `| ${escapeMarkdown(name)} | ${escapeMarkdown(shown)} |`;
  });
  text.appendMarkdown(`|  |  |\n|:--|--:|\n${lines.join('\n')}\n\n`);
}
