import { stat } from 'node:fs/promises';
import { formatAge, formatNumber } from '../../model/format';
import { bestOf } from '../../model/goal';
import type { Run } from '../../model/run';
import type { Experiment } from '../../model/experiment';
import { type Command, UsageError } from '../command';
import { plain, table } from '../table';

const LIMIT = 100;

/** Lists runs. */
export const runs: Command = {
  name: 'runs',
  synopsis: 'runs [--folder DIR] [--experiment E] [--filter F] [--order O] [--limit N] [--json]',
  summary: 'Lists runs, the newest first.',
  options: {
    experiment: { type: 'string', value: 'E', help: 'only runs of this experiment' },
    filter: {
      type: 'string',
      value: 'F',
      help: "MLflow's search grammar: metrics.loss < 0.1 and params.lr = '0.01'",
    },
    order: { type: 'string', value: 'O', help: 'such as "metrics.val_accuracy DESC"' },
    limit: { type: 'string', value: 'N', help: `how many at most, ${LIMIT} by default` },
  },
  words: { least: 0, most: 0 },

  async run(call) {
    const limit = Number(call.text('limit') ?? LIMIT);
    if (!Number.isInteger(limit) || limit < 1)
      throw new UsageError('--limit takes a whole number from 1 on.');
    const location = await call.location();
    const hasStore = await stat(location.winnowDirectory).catch(() => null);
    if (hasStore === null) {
      if (call.json) call.printJson({ runs: [] });
      else call.note(`There are no runs in ${location.folder} yet. Start one: winnow run -- train.py`);
      return 0;
    }
    const { client } = await call.server();
    const [order, experiment] = [call.text('order'), call.text('experiment')];
    const filter = call.text('filter');
    const { runs: found } = await client.call('searchRuns', {
      limit,
      ...(experiment === undefined ? {} : { experiment }),
      ...(filter === undefined ? {} : { filter }),
      ...(order === undefined ? {} : { orderBy: [order] }),
    });
    if (call.json) {
      call.printJson({ runs: found.map(summaryOf) });
      return 0;
    }
    if (found.length === 0) {
      call.note('No run matches.');
      return 0;
    }
    const { experiments } = await client.call('listExperiments', {});
    call.print(tableOf(found, experiments));
    return 0;
  },
};

function summaryOf(run: Run) {
  const { runId, name, experiment, state, startedAt, endedAt, exitCode, params, tags } = run;
  const metrics = Object.fromEntries(Object.entries(run.metrics).map(([metric, { last }]) => [metric, last]));
  return { runId, name, experiment, state, startedAt, endedAt, exitCode, params, metrics, tags };
}

function tableOf(found: readonly Run[], experiments: readonly Experiment[]): string {
  const now = Date.now();
  const goals = new Map(experiments.map(({ experimentId, goal }) => [experimentId, goal]));
  const best = new Set(experiments.map(({ bestRunId }) => bestRunId));
  const names = new Set(found.map(({ experimentId }) => goals.get(experimentId)?.metric ?? ''));
  const [only = ''] = names;
  const rows = found.map((run) => {
    const goal = goals.get(run.experimentId);
    const summary = goal ? run.metrics[goal.metric] : undefined;
    const value = goal && summary ? formatNumber(bestOf(summary, goal.direction).value) : '–';
    return [
      plain(run.name),
      run.state,
      names.size > 1 && goal && summary ? `${plain(goal.metric)} ${value}` : value,
      best.has(run.runId) ? 'best' : '',
      formatAge(run.createdAt, now),
      plain(run.experiment),
      run.runId.slice(0, 8),
    ];
  });
  const heading = names.size === 1 && only !== '' ? plain(only) : 'goal';
  return table([['name', 'state', heading, '', 'age', 'experiment', 'id'], ...rows], [2, 4]);
}
