import type { Command } from './command';
import { chooseScript } from './chooseScript';
import { compareWithWorkingTree } from './compareWithWorkingTree';
import { connect } from './connect';
import { copyRunCommand } from './copyRunCommand';
import { deleteRun } from './deleteRun';
import { hideFromCharts } from './hideFromCharts';
import { openRun } from './openRun';
import { openSnapshot } from './openSnapshot';
import { promoteRun } from './promoteRun';
import { purge } from './purge';
import { renameRun } from './renameRun';
import { restoreRun } from './restoreRun';
import { runAgain } from './runAgain';
import { runAgainWith } from './runAgainWith';
import { runExperiment } from './runExperiment';
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
import { undoPromotion } from './undoPromotion';

/** Every command, listed by hand: a file that is missing here fails a test. */
export const commands: readonly Command[] = [
  runExperiment,
  runWithParams,
  chooseScript,
  runAgain,
  runAgainWith,
  stopRun,
  showOutput,
  showCharts,
  showInCharts,
  hideFromCharts,
  toggleInCharts,
  openRun,
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
