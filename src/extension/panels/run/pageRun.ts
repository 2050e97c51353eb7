import type { MetricColumns, PageRun } from '../../../api/runPage';
import type { MetricSummary, RunCommand, RunDetail } from '../../../model/run';
import { quoted } from '../../../code/shellLine';

/** A run as its page shows it. */
export function toPageRun(run: RunDetail, slot: number | null): PageRun {
  const { command, snapshot } = run;
  return {
    runId: run.runId,
    name: run.name,
    experimentId: run.experimentId,
    experiment: run.experiment,
    state: run.state,
    reason: run.reason,
    createdAt: run.createdAt,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    exitCode: run.exitCode,
    signal: run.signal,
    hasRunner: run.hasRunner,
    deleted: run.deleted,
    slot,
    params: Object.entries(run.params),
    tags: Object.entries(run.tags),
    metrics: toColumns(run.metrics),
    command: command === null ? null : commandLine(command),
    snapshot:
      snapshot === null
        ? null
        : {
            commit: snapshot.commit,
            baseCommit: snapshot.baseCommit,
            branch: snapshot.branch,
            leftOutCount: snapshot.leftOut.length,
          },
    hasOutput: run.outputPath !== null,
  };
}

/** Short enough to read: the whole one, with the folder and the interpreter's path, is for copying. */
function commandLine({ python, script, args }: RunCommand): string {
  return [...(python === null ? [] : ['python']), script, ...args].map(quoted).join(' ');
}

function toColumns(metrics: Readonly<Record<string, MetricSummary>>): MetricColumns {
  const entries = Object.entries(metrics);
  const column = (key: keyof MetricSummary) => Float64Array.from(entries, ([, summary]) => summary[key]);
  return {
    names: entries.map(([name]) => name),
    last: column('last'),
    lastStep: column('lastStep'),
    min: column('min'),
    minStep: column('minStep'),
    max: column('max'),
    maxStep: column('maxStep'),
    first: column('first'),
    firstStep: column('firstStep'),
    count: column('count'),
  };
}
