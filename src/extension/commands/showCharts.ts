import * as vscode from 'vscode';
import { COMMANDS, RUN_COLOUR_COUNT } from '../ids';
import { later } from '../load';
import { runsOf, unknownFolder } from '../pickRun';
import type { RunRef } from '../serverConnection';
import type { Services } from '../services';
import { ExperimentRow, RunRow } from '../views/runsModel';

/** Opens the charts of runs, of an experiment's newest runs, or of what is on already. */
export const showCharts = {
  id: COMMANDS.showCharts,
  async run(services: Services, ...args: readonly unknown[]) {
    const { charts, colours } = services;
    const [first] = args;
    const linked = await linkedCharts(services, first);
    if (linked !== null) return charts.show(linked.runs, linked.metric);
    if (first instanceof ExperimentRow) return charts.show(await newestOf(services, first));
    const [selected] = first === undefined ? await services.tree.selection() : [];
    if (first === undefined && selected === undefined && colours.on().length > 0) return charts.show([]);
    if (selected instanceof ExperimentRow) return charts.show(await newestOf(services, selected));
    const runs = await runsOf(services, args, {
      title: vscode.l10n.t('Show Charts'),
      none: vscode.l10n.t('There are no runs yet'),
    });
    return runs.length > 0 ? charts.show(runs) : undefined;
  },
};

/** What a hover's link asks for; null when the argument is something else. */
async function linkedCharts({ folders }: Services, argument: unknown) {
  if (typeof argument !== 'object' || argument === null || !('runIds' in argument)) return null;
  const { showChartsArgument } = await later();
  const { folder, runIds, metric } = showChartsArgument.parse(argument);
  const link = folders.ofPath(folder);
  if (link === undefined) throw unknownFolder(folder);
  return { runs: runIds.map((runId) => ({ link, runId })), metric };
}

/** As many as there are colours to tell them apart. */
async function newestOf({ tree }: Services, experiment: ExperimentRow): Promise<RunRef[]> {
  const rows = await tree.rows(experiment);
  return rows
    .filter((row) => row instanceof RunRow)
    .slice(0, RUN_COLOUR_COUNT)
    .map((row) => ({ link: tree.linkOf(row), runId: row.runId }));
}
