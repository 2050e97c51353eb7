import * as vscode from 'vscode';
import { formatColumn, formatNumber } from '../../model/format';
import { bestOf } from '../../model/goal';
import type { Experiment } from '../../model/experiment';
import { RUN_STATES, type Run, type RunState, TAGS } from '../../model/run';
import { COMMANDS, runColourId, runContextValue } from '../ids';
import { escapeMarkdown } from '../markdown';
import type { FolderLink } from '../serverConnection';
import { runUri } from './runBadges';
import { describeRun, speakRun, stateName, stateSentence } from './runText';
import { ExperimentRow, GroupRow, type MoreRow, type RunRow } from './runsModel';

/** How rows look: each function makes the native row of one kind. */

export function folderItem(link: FolderLink, runCount: number | null): vscode.TreeItem {
  const item = new vscode.TreeItem(link.folder.name, vscode.TreeItemCollapsibleState.Expanded);
  item.id = `folder:${link.folder.uri.toString()}`;
  item.iconPath = new vscode.ThemeIcon('folder');
  item.contextValue = 'folder';
  if (runCount !== null && runCount > 0) item.description = countRuns(runCount);
  return item;
}

export function experimentItem(
  { experiment, model, matchCount }: ExperimentRow,
  expanded: boolean,
): vscode.TreeItem {
  const item = new vscode.TreeItem(
    experiment.name,
    expanded ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed,
  );
  item.id = `experiment:${model.folder}:${experiment.experimentId}`;
  item.iconPath = new vscode.ThemeIcon('beaker');
  item.description = [countMatches(matchCount, experiment.runCount), describeGoal(experiment)]
    .filter(Boolean)
    .join(' · ');
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
  const { goal, isBest, isChampion, isStarred, isArchived } = row;
  const standing = { goal, isBest, isChampion, isStarred, isArchived, isOn: slot !== undefined, place };
  const item = new vscode.TreeItem(
    run.name,
    row.hasChildren ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
  );
  item.id = `run:${row.model.folder}:${run.experimentId}:${run.runId}`;
  item.description = describeRun(run, standing, now, vscode.l10n);
  item.iconPath = new vscode.ThemeIcon(ICONS[run.state], new vscode.ThemeColor(colourOf(run.state, slot)));
  item.contextValue = runContextValue({ ...run, isOn: standing.isOn, isStarred, isArchived });
  // Only for its badge: see runBadges.ts.
  item.resourceUri = runUri(row);
  item.accessibilityInformation = { label: speakRun(run, standing, vscode.l10n) };
  return item;
}

export function moreItem({ parent, hiddenCount }: MoreRow): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Show More…'));
  item.id = `more:${listId(parent)}:${parent.model.folder}`;
  if (hiddenCount !== null)
    item.description = countHidden(hiddenCount, parent.model.choice.sort === 'newest');
  item.command = { command: COMMANDS.showMore, title: vscode.l10n.t('Show More…'), arguments: [] };
  item.contextValue = 'more';
  return item;
}

function listId(parent: MoreRow['parent']): string {
  if (parent instanceof ExperimentRow) return parent.experiment.experimentId;
  return parent instanceof GroupRow ? groupId(parent) : parent.runId;
}

/** A group of runs: what they share, how they stand by the goal, and how many they are. */
export function groupItem(row: GroupRow): vscode.TreeItem {
  const { runCount, goal } = row.group;
  const item = new vscode.TreeItem(groupName(row), vscode.TreeItemCollapsibleState.Collapsed);
  item.id = `group:${row.model.folder}:${groupId(row)}`;
  const [mean = '', deviation = ''] =
    goal === null ? [] : formatColumn([goal.mean, goal.deviation], goal.deviation);
  const value = goal === null ? '' : goal.deviation === null ? mean : `${mean} ± ${deviation}`;
  item.description = [value, countRuns(runCount)].filter((part) => part !== '').join(' · ');
  item.contextValue = 'group';
  item.accessibilityInformation = { label: `${groupName(row)}, ${item.description}` };
  return item;
}

function groupId({ group, parent, model }: GroupRow): string {
  return `${parent.experiment.experimentId}:${JSON.stringify(model.choice.grouping)}:${group.value}`;
}

function groupName({ group: { value }, model }: GroupRow): string {
  const { grouping } = model.choice;
  switch (grouping.kind) {
    case 'state': {
      const state = RUN_STATES.find((one) => one === value);
      return state === undefined ? value : stateName(state, vscode.l10n);
    }
    case 'param':
      return value === '' ? vscode.l10n.t('no {0}', grouping.name) : `${grouping.name} = ${value}`;
    case 'day':
      return dayName(value);
    case 'parent':
    case 'none':
      return value;
  }
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** @param day `2026-11-25`, 'older', or '' for runs that have not started. */
function dayName(day: string): string {
  if (day === '') return vscode.l10n.t('Not started');
  if (day === 'older') return vscode.l10n.t('Older');
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const at = new Date(year, month - 1, date);
  const ago = Math.round((new Date(new Date().toDateString()).getTime() - at.getTime()) / DAY_MS);
  if (ago === 0) return vscode.l10n.t('Today');
  if (ago === 1) return vscode.l10n.t('Yesterday');
  const sameYear = year === new Date().getFullYear();
  return at.toLocaleDateString('en-US', {
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    ...(sameYear ? {} : { year: 'numeric' }),
  });
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

function countMatches(matchCount: number | null, runCount: number): string {
  if (matchCount === null) return countRuns(runCount);
  return vscode.l10n.t(
    '{0} of {1} runs',
    matchCount.toLocaleString('en-US'),
    runCount.toLocaleString('en-US'),
  );
}

function countHidden(count: number, isByAge: boolean): string {
  if (isByAge) return count === 1 ? vscode.l10n.t('1 older run') : vscode.l10n.t('{0} older runs', count);
  return count === 1 ? vscode.l10n.t('1 more run') : vscode.l10n.t('{0} more runs', count);
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
