import type { Command } from './command';
import { chooseScript } from './chooseScript';
import { compareWithWorkingTree } from './compareWithWorkingTree';
import { connect } from './connect';
import { copyRunCommand } from './copyRunCommand';
import { debugExperiment } from './debugExperiment';
import { deleteRun } from './deleteRun';
import { hideFromCharts } from './hideFromCharts';
import { openRun } from './openRun';
import { openRunPage } from './openRunPage';
import { openSnapshot } from './openSnapshot';
import { promoteRun } from './promoteRun';
import { purge } from './purge';
import { renameRun } from './renameRun';
import { restoreRun } from './restoreRun';
import { runAgain } from './runAgain';
import { runAgainWith } from './runAgainWith';
import { runExperiment } from './runExperiment';
import { runInTerminal } from './runInTerminal';
import { runNotebook } from './runNotebook';
import { runWithParams } from './runWithParams';
import { selectPython } from './selectPython';
import { setGoal } from './setGoal';
import { showCharts } from './showCharts';
import { showInCharts } from './showInCharts';
import { showLog } from './showLog';
import { showMore } from './showMore';
import { showOutput } from './showOutput';
import { stopRun } from './stopRun';
import { toggleInCharts } from './toggleInCharts';
import { trackNotebook } from './trackNotebook';
import { undoPromotion } from './undoPromotion';

/** Every command, listed by hand: a file that is missing here fails a test. */
export const commands: readonly Command[] = [
  runExperiment,
  runWithParams,
  chooseScript,
  runAgain,
  runAgainWith,
  runInTerminal,
  debugExperiment,
  runNotebook,
  trackNotebook,
  stopRun,
  showOutput,
  showCharts,
  showInCharts,
  hideFromCharts,
  toggleInCharts,
  openRun,
  openRunPage,
  openSnapshot,
  compareWithWorkingTree,
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
