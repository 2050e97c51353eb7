import * as vscode from 'vscode';
import { defaultDirection } from '../../model/goal';
import { formatNumber } from '../../model/format';
import { COMMANDS } from '../ids';
import { experimentOf } from '../pickExperiment';
import type { Services } from '../services';

/** Says what an experiment is about: a metric, whether more or less of it is better, and perhaps a target. */
export const setGoal = {
  id: COMMANDS.setGoal,
  async run(services: Services, ...args: readonly unknown[]) {
    const found = await experimentOf(services, args, vscode.l10n.t('Set Goal'));
    if (found === undefined) return;
    const { experiment, link } = found;
    const client = await link.client();
    const { runs } = await client.call('searchRuns', {
      experimentIds: [experiment.experimentId],
      limit: 200,
    });
    const names = new Set(runs.flatMap((run) => Object.keys(run.metrics)));
    const items = [...names]
      .filter((name) => !name.startsWith('system/'))
      .sort((a, b) => a.localeCompare(b))
      .flatMap((metric) =>
        directionsOf(metric).map((direction) => ({
          label: metric,
          description:
            direction === 'maximize' ? vscode.l10n.t('↑ more is better') : vscode.l10n.t('↓ less is better'),
          metric,
          direction,
        })),
      );
    if (items.length === 0) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t(
          'No run of {0} has logged a metric yet. The goal is one of its metrics.',
          experiment.name,
        ),
      );
      return;
    }
    const chosen = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t('Goal of {0}', experiment.name),
      placeHolder: vscode.l10n.t('The metric that decides which run is best'),
    });
    if (chosen === undefined) return;
    const old = experiment.goal?.metric === chosen.metric ? experiment.goal.target : null;
    const target = await vscode.window.showInputBox({
      title: vscode.l10n.t('Target for {0}', chosen.metric),
      value: old === null ? '' : String(old),
      prompt: vscode.l10n.t('The value to reach. Leave it empty for none.'),
      validateInput: (text) =>
        text.trim() === '' || Number.isFinite(Number(text))
          ? undefined
          : vscode.l10n.t('A target is a number, such as {0}.', formatNumber(0.98)),
    });
    if (target === undefined) return;
    await client.call('setGoal', {
      experimentId: experiment.experimentId,
      goal: {
        metric: chosen.metric,
        direction: chosen.direction,
        target: target.trim() === '' ? null : Number(target),
      },
    });
  },
};

/** The likely direction first. */
function directionsOf(metric: string): readonly ('maximize' | 'minimize')[] {
  return defaultDirection(metric) === 'maximize' ? ['maximize', 'minimize'] : ['minimize', 'maximize'];
}
