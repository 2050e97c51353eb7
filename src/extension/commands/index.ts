import type { Command } from './command';
import { addToQueue } from './addToQueue';
import { chooseScript } from './chooseScript';
import { compareRuns } from './compareRuns';
import { compareWithWorkingTree } from './compareWithWorkingTree';
import { connect } from './connect';
import { copyRunCommand } from './copyRunCommand';
import { debugExperiment } from './debugExperiment';
import { deleteRun } from './deleteRun';
import { hideFromCharts } from './hideFromCharts';
import { moveDownInQueue } from './moveDownInQueue';
import { moveToTopOfQueue } from './moveToTopOfQueue';
import { moveUpInQueue } from './moveUpInQueue';
import { openRun } from './openRun';
import { openRunPage } from './openRunPage';
import { openSnapshot } from './openSnapshot';
import { openExperiment } from './openExperiment';
import { openOutputAsText } from './openOutputAsText';
import { pauseQueue } from './pauseQueue';
import { promoteRun } from './promoteRun';
import { purge } from './purge';
import { removeFromQueue } from './removeFromQueue';
import { renameRun } from './renameRun';
import { restoreRun } from './restoreRun';
import { resumeQueue } from './resumeQueue';
import { retryRun } from './retryRun';
import { resumeRun } from './resumeRun';
import { runAgain } from './runAgain';
import { runAgainWith } from './runAgainWith';
import { runExperiment } from './runExperiment';
import { runSeveralTimes } from './runSeveralTimes';
import { runInTerminal } from './runInTerminal';
import { runNotebook } from './runNotebook';
import { runWithParams } from './runWithParams';
import { searchOutput } from './searchOutput';
import { selectPython } from './selectPython';
import { setGoal } from './setGoal';
import { showCharts } from './showCharts';
import { showInCharts } from './showInCharts';
import { showLog } from './showLog';
import { showMore } from './showMore';
import { showOutput } from './showOutput';
import { showPrintedMetrics } from './showPrintedMetrics';
import { stopRun } from './stopRun';
import { toggleInCharts } from './toggleInCharts';
import { trackNotebook } from './trackNotebook';
import { undoPromotion } from './undoPromotion';
import { starRun } from './starRun';
import { unstarRun } from './unstarRun';
import { archiveRun } from './archiveRun';
import { unarchiveRun } from './unarchiveRun';
import { filterRuns } from './filterRuns';
import { clearFilter } from './clearFilter';
import { groupRuns } from './groupRuns';
import { sortRuns } from './sortRuns';
import { showArchived } from './showArchived';
import { hideArchived } from './hideArchived';

/** Every command, listed by hand: a file that is missing here fails a test. */
export const commands: readonly Command[] = [
  runExperiment,
  runWithParams,
  chooseScript,
  runAgain,
  addToQueue,
  runSeveralTimes,
  retryRun,
  pauseQueue,
  resumeQueue,
  moveToTopOfQueue,
  moveUpInQueue,
  moveDownInQueue,
  removeFromQueue,
  resumeRun,
  runAgainWith,
  runInTerminal,
  debugExperiment,
  runNotebook,
  trackNotebook,
  stopRun,
  showOutput,
  openExperiment,
  openOutputAsText,
  searchOutput,
  showPrintedMetrics,
  showCharts,
  showInCharts,
  hideFromCharts,
  toggleInCharts,
  openRun,
  openRunPage,
  openSnapshot,
  compareWithWorkingTree,
  compareRuns,
  starRun,
  unstarRun,
  archiveRun,
  unarchiveRun,
  filterRuns,
  clearFilter,
  groupRuns,
  sortRuns,
  showArchived,
  hideArchived,
  copyRunCommand,
  renameRun,
  deleteRun,
  restoreRun,
  purge,
  setGoal,
  promoteRun,
  undoPromotion,
  selectPython,
  connect,
  showMore,
  showLog,
];
