/**
 * What the window needs after its start only: a bundle of its own, `dist/later.js`, which `load.ts` loads when
 * the first of these is asked for. In one bundle with the rest, reading it would be most of the activation.
 */
export { compareRunsArgument } from '../api/comparePage';
export {
  openExperimentArgument,
  openRunArgument,
  openRunsArgument,
  showChartsArgument,
} from '../api/language';
export { filesOnDisk } from '../code/filesOnDisk';
export { planSeeds } from '../code/seeds';
export { looksLikeTraining } from '../code/training';
export { readWinnowYaml } from '../code/winnowYaml';
export { clientVariables } from '../platform/clientVariables';
export { kernelCode, writeKernelFile } from '../platform/kernelVariables';
export { connectServer, ensureServer } from '../platform/server';
export { locateStore } from '../platform/storeLocation';
export { createCharts } from './panels/chartsPanel';
export { createComparePages } from './panels/comparePanel';
export { createExperimentPages } from './panels/experimentPanel';
export { createParamsForms } from './panels/paramsPanel';
export { createRunPages } from './panels/runPanel';
export { pythonFor } from './python';
