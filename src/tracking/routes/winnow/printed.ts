import { UserError } from '../../../base/errors';
import type { Ingest } from '../../../ingest/ingest';
import type { KeptPrintedRule, PrintedRule } from '../../../model/printed';
import { type RunDetail, isOver } from '../../../model/run';
import { readYourPattern } from '../../../printed/yours';
import { readConfig } from '../../../queue/readConfig';
import type { Store } from '../../../store/store';
import { readPrinted } from '../../readPrinted';
import type { Handlers } from './index';

export interface PrintedDeps {
  /** The workspace folder, for its winnow.yaml. */
  readonly folder: string;
}

/** Printed metrics: which line gave which, and what a person wants otherwise. */
export function printedHandlers({
  folder,
  store,
  ingest,
}: PrintedDeps & { readonly store: Store; readonly ingest: Ingest }): Handlers<
  'getPrinted' | 'addPrintedRule' | 'removePrintedRule' | 'readPrintedAgain'
> {
  function runOf(runId: string): RunDetail {
    const run = store.getRun(runId);
    if (run === null) throw new UserError('not-found', `Run with id=${runId} not found`);
    return run;
  }

  async function rulesFor(run: RunDetail): Promise<KeptPrintedRule[]> {
    const { metrics } = await readConfig(folder);
    const ofFile = metrics.printed.map((rule, i) => ({ ruleId: `yaml${i + 1}`, rule, experimentId: null }));
    return [...ofFile, ...store.printedRules(run.experimentId)];
  }

  return {
    async getPrinted({ runId }) {
      return { metrics: store.printedMetrics(runId), rules: await rulesFor(runOf(runId)) };
    },

    async addPrintedRule({ rule, experimentId, runId }) {
      if (rule.kind === 'pattern') readYourPattern(rule.pattern); // Throws what is wrong with it.
      if (experimentId !== null && store.getExperiment(experimentId) === null) {
        throw new UserError('not-found', `No Experiment with id=${experimentId} exists`);
      }
      if (runId !== undefined) runOf(runId);
      const ruleId = await ingest.write('full', () => {
        if (runId !== undefined) dropMuted(store, runId, rule);
        return store.addPrintedRule(rule, experimentId);
      });
      return { ruleId };
    },

    async removePrintedRule({ ruleId }) {
      if (ruleId.startsWith('yaml')) {
        throw new UserError('printed-rule', 'This rule is in winnow.yaml. Change it there.');
      }
      await ingest.write('full', () => store.removePrintedRule(ruleId));
      return {};
    },

    async readPrintedAgain({ runId }, { signal }) {
      const run = runOf(runId);
      if (!isOver(run.state)) {
        throw new UserError(
          'run-live',
          `The run ${run.name} is still going on. Read its output again when it is over.`,
        );
      }
      if (run.outputPath === null) {
        throw new UserError(
          'run-without-runner',
          `The run ${run.name} was not started by Winnow, so it has no output here.`,
        );
      }
      const rules = (await rulesFor(run)).map(({ rule }) => rule);
      const series = await readPrinted(run.outputPath, rules, run.startedAt ?? run.createdAt, signal);
      await ingest.write('full', () => {
        const head = store.activeRun(runId);
        store.clearPrinted(head);
        store.logPrinted(head, series);
        store.sweepPrinted(head);
      });
      return { metricCount: store.printedMetrics(runId).filter(({ dropped }) => dropped === null).length };
    },
  };
}

function dropMuted(store: Store, runId: string, rule: PrintedRule): void {
  const run = store.activeRun(runId);
  for (const metric of store.printedMetrics(runId)) {
    const isMuted =
      (rule.kind === 'muteMetric' && rule.metric === metric.name) ||
      (rule.kind === 'muteRule' && rule.rule === metric.rule);
    if (isMuted) store.dropPrinted(run, metric.name, 'muted');
  }
}
