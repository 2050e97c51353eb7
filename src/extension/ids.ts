import type { RunState } from '../model/run';

/**
 * Every id that package.json and the code must agree on: commands, views, settings, context keys and colours,
 * each with its type. A unit test compares this file with package.json.
 */

export const COMMANDS = {
  /** Runs the script given, open or chosen. Argument: a Uri, or nothing. */
  runExperiment: 'winnow.runExperiment',
  /** Shows the form with the script's params. Argument: a Uri, or nothing. */
  runWithParams: 'winnow.runWithParams',
  /** Runs one of the scripts of the folders, chosen from a list. */
  chooseScript: 'winnow.chooseScript',
  /** Starts a run's script again with the same arguments. Arguments: a row of the tree, or a run id. */
  runAgain: 'winnow.runAgain',
  /** Lets a script wait for a slot. Argument: a Uri, or nothing. */
  addToQueue: 'winnow.addToQueue',
  /** Queues a script several times with different seeds. Argument: a Uri, or nothing. */
  runSeveralTimes: 'winnow.runSeveralTimes',
  /** Queues runs that have ended once more. Arguments: rows of the tree, or a run id. */
  retryRun: 'winnow.retryRun',
  pauseQueue: 'winnow.pauseQueue',
  resumeQueue: 'winnow.resumeQueue',
  /** Arguments of these: rows of the queue, or a run id. */
  moveToTopOfQueue: 'winnow.moveToTopOfQueue',
  moveUpInQueue: 'winnow.moveUpInQueue',
  moveDownInQueue: 'winnow.moveDownInQueue',
  removeFromQueue: 'winnow.removeFromQueue',
  /** Goes on with a run as a new attempt of it. Arguments: a row of the tree, or a run id. */
  resumeRun: 'winnow.resumeRun',
  /** Shows the form with the values of a run. Arguments: a row of the tree, or a run id. */
  runAgainWith: 'winnow.runAgainWith',
  /** Runs the script in a terminal that stays with it. Argument: a Uri, a row of the tree, or nothing. */
  runInTerminal: 'winnow.runInTerminal',
  /** Runs the script under the debugger. Argument: a Uri, a row of the tree, or nothing. */
  debugExperiment: 'winnow.debugExperiment',
  /** Executes a copy of a notebook as a run. Argument: a Uri, or nothing. */
  runNotebook: 'winnow.runNotebook',
  /** Gives the kernel of the open notebook what its mlflow calls need to arrive. */
  trackNotebook: 'winnow.trackNotebook',
  stopRun: 'winnow.stopRun',
  showOutput: 'winnow.showOutput',
  /** Opens a run's output as read-only text. Arguments: a row of the tree, or a run id. */
  openOutputAsText: 'winnow.openOutputAsText',
  /** Searches a run's output. Arguments: a row of the tree, or a run id. */
  searchOutput: 'winnow.searchOutput',
  /** Shows which line gave which metric. Arguments: a row of the tree, or a run id. */
  showPrintedMetrics: 'winnow.showPrintedMetrics',
  /** Opens the charts. Arguments: rows of the tree, or a run id or a list of them, and a metric's name. */
  showCharts: 'winnow.showCharts',
  showInCharts: 'winnow.showInCharts',
  hideFromCharts: 'winnow.hideFromCharts',
  toggleInCharts: 'winnow.toggleInCharts',
  /** Selects a run in the tree. Argument: a run id. */
  openRun: 'winnow.openRun',
  /** Opens an experiment's page. Argument: a row of the tree, {folder, experiment}, or nothing. */
  openExperiment: 'winnow.openExperiment',
  /** Opens a run's page. Argument: as of openRun, or 'selection', perhaps 'selection beside', for the tree's. */
  openRunPage: 'winnow.openRunPage',
  openSnapshot: 'winnow.openSnapshot',
  compareWithWorkingTree: 'winnow.compareWithWorkingTree',
  /** Shows runs side by side. Arguments: rows of the tree, a list of run ids, or `{ folder, runIds }`, the base first. */
  compareRuns: 'winnow.compareRuns',
  /** Arguments of these: rows of the tree, or a run id or a list of them. */
  starRun: 'winnow.starRun',
  unstarRun: 'winnow.unstarRun',
  archiveRun: 'winnow.archiveRun',
  unarchiveRun: 'winnow.unarchiveRun',
  /** How the tree shows runs. Argument of filterRuns: a filter to use at once. */
  filterRuns: 'winnow.filterRuns',
  clearFilter: 'winnow.clearFilter',
  groupRuns: 'winnow.groupRuns',
  sortRuns: 'winnow.sortRuns',
  showArchived: 'winnow.showArchived',
  hideArchived: 'winnow.hideArchived',
  copyRunCommand: 'winnow.copyRunCommand',
  renameRun: 'winnow.renameRun',
  deleteRun: 'winnow.deleteRun',
  restoreRun: 'winnow.restoreRun',
  purge: 'winnow.purge',
  setGoal: 'winnow.setGoal',
  promoteRun: 'winnow.promoteRun',
  undoPromotion: 'winnow.undoPromotion',
  showLog: 'winnow.showLog',
  /** Connects to the folders' tracking servers again after a failure. */
  connect: 'winnow.connect',
  /** Lets the person choose the interpreter that runs scripts. */
  selectPython: 'winnow.selectPython',
  /** Loads the next page of an experiment's runs. Argument: the row "Show More…". */
  showMore: 'winnow.showMore',
} as const;

export type CommandId = (typeof COMMANDS)[keyof typeof COMMANDS];

export const VIEWS = { experiments: 'winnow.experiments', queue: 'winnow.queue' } as const;

/** Settings without the prefix `winnow.`, each with the type that package.json declares. */
export interface Settings {
  readonly python: string;
  readonly 'run.showOutput': boolean;
  readonly 'run.hook': boolean;
  readonly 'run.saveBeforeRun': boolean;
  readonly 'run.printedMetrics': boolean;
  readonly 'snapshot.maxFileSizeMB': number;
  readonly 'terminal.track': boolean;
}

/** Context keys for `when` clauses, each with the values it takes. */
export interface ContextKeys {
  /** What the Experiments view has to show. 'hidden' until it is known. */
  readonly 'winnow.state': 'hidden' | 'empty' | 'runs' | 'failed';
  /** Whether no interpreter was found when one was looked for last. */
  readonly 'winnow.pythonMissing': boolean;
  /** The script that "Run" in the empty view runs: a file name, or '' when none was found. */
  readonly 'winnow.suggestedScript': string;
  /** Whether runs wait in this window's folders, and whether they may go on. */
  readonly 'winnow.queue': 'empty' | 'waiting' | 'paused';
  /** Whether the tree shows only runs that fulfil a filter. */
  readonly 'winnow.isFiltered': boolean;
  /** Whether the tree shows runs that were archived, too. */
  readonly 'winnow.showsArchived': boolean;
  /** Whether a run is running in this window's folders. */
  readonly 'winnow.isRunning': boolean;
}

/** Schemes of read-only documents. */
export const SCHEMES = { snapshot: 'winnow-snapshot', plan: 'winnow-plan' } as const;

/** The scheme of runs' outputs as text. */
export const OUTPUT_SCHEME = 'winnow-output';

/** Colours of the runs, contributed so that themes and people can change them. */
export const RUN_COLOUR_COUNT = 8;
export const runColourId = (slot: number): string => `winnow.run${((slot - 1) % RUN_COLOUR_COUNT) + 1}`;

/** The flags of a run's row that `when` clauses test, such as `viewItem =~ /\.live\b/`. */
export function runContextValue(run: {
  readonly state: RunState;
  readonly hasRunner: boolean;
  readonly isOn: boolean;
  readonly isStarred?: boolean;
  readonly isArchived?: boolean;
}): string {
  const isLive = run.state === 'running' || run.state === 'queued';
  const isResumable = run.hasRunner && ['stopped', 'failed', 'lost'].includes(run.state);
  return [
    'run',
    isLive ? 'live' : 'over',
    run.isOn ? 'on' : 'off',
    run.hasRunner ? 'runner' : 'foreign',
    ...(isResumable ? ['resumable'] : []),
    ...(run.isStarred === true ? ['starred'] : []),
    ...(run.isArchived === true ? ['archived'] : []),
  ].join('.');
}
