import { formatDuration, formatNumber } from '../../model/format';
import type { RunDetail } from '../../model/run';
import type { Command } from '../command';
import { plain, table } from '../table';

/** Shows one run. */
export const show: Command = {
  name: 'show',
  synopsis: 'show RUN [--folder DIR] [--json]',
  summary: 'Shows one run, named by its id, the beginning of it, or its name.',
  options: {},
  words: { least: 1, most: 1 },

  async run(call) {
    const { client } = await call.server();
    const { run } = await client.call('resolveRun', { ref: call.words[0] ?? '' });
    if (call.json) call.printJson(detailOf(run));
    else call.print(textOf(run));
    return 0;
  },
};

function detailOf(run: RunDetail) {
  const { runId, name, experiment, state, startedAt, endedAt, exitCode, params, metrics, tags } = run;
  const { command, snapshot, signal, reason, createdAt, parentRunId, outputPath } = run;
  return {
    runId,
    name,
    experiment,
    state,
    createdAt,
    startedAt,
    endedAt,
    exitCode,
    signal,
    reason,
    command,
    snapshot,
    parentRunId,
    outputPath,
    params,
    metrics,
    tags,
  };
}

function textOf(run: RunDetail): string {
  const facts: string[][] = [
    ['run', `${plain(run.name)} (${run.runId})`],
    ['experiment', plain(run.experiment)],
    ['state', run.reason === null ? run.state : `${run.state}: ${plain(run.reason)}`],
  ];
  if (run.exitCode !== null) facts.push(['exit code', String(run.exitCode)]);
  if (run.signal !== null) facts.push(['signal', run.signal]);
  if (run.startedAt !== null) facts.push(['started', new Date(run.startedAt).toLocaleString()]);
  if (run.startedAt !== null && run.endedAt !== null) {
    facts.push(['took', formatDuration(run.endedAt - run.startedAt)]);
  }
  if (run.command !== null) {
    const { python, script, args } = run.command;
    facts.push(['command', plain([python ?? [], script, args].flat().join(' '))]);
  }
  if (run.snapshot !== null) facts.push(['snapshot', run.snapshot.commit]);
  if (run.outputPath !== null) facts.push(['output', run.outputPath]);
  const sections = [table(facts)];

  const params = Object.entries(run.params).map(([name, value]) => [`  ${plain(name)}`, plain(value)]);
  if (params.length > 0) sections.push(`params\n${table(params)}`);
  const metrics = Object.entries(run.metrics).map(([name, { last, lastStep, min, max, count }]) => [
    `  ${plain(name)}`,
    formatNumber(last),
    String(lastStep),
    formatNumber(min),
    formatNumber(max),
    String(count),
  ]);
  if (metrics.length > 0) {
    sections.push(table([['metrics', 'last', 'step', 'min', 'max', 'points'], ...metrics], [1, 2, 3, 4, 5]));
  }
  return sections.join('\n\n');
}
