import { formatBytes, formatCount } from '../../model/format';
import { type Call, type Command, UsageError } from '../command';

const DAY_MS = 86_400_000;

/** Removes deleted runs, logged models and experiments for good. */
export const purge: Command = {
  name: 'purge',
  synopsis: 'purge [--older-than DAYS] [--yes] [--folder DIR] [--json]',
  summary: 'Removes what was deleted, for good: runs, their points and files, logged models, experiments.',
  options: {
    'older-than': { type: 'string', value: 'DAYS', help: 'only what was deleted that many days ago' },
    yes: { type: 'boolean', help: 'do it; without it the command only says what would go' },
  },
  words: { least: 0, most: 0 },

  async run(call) {
    const before = Date.now() - daysOf(call) * DAY_MS;
    const { client } = await call.server();
    const isDone = call.flag('yes');
    const report = await client.call(isDone ? 'purge' : 'planPurge', { before });
    if (call.json) {
      call.printJson({ purged: isDone, ...report });
      return 0;
    }
    const { runCount, modelCount, experimentCount, sizeBytes } = report;
    if (runCount + modelCount + experimentCount === 0) {
      call.print('Nothing was deleted that could be purged.');
      return 0;
    }
    const what = [
      counted(runCount, 'run', 'runs'),
      counted(modelCount, 'logged model', 'logged models'),
      counted(experimentCount, 'experiment', 'experiments'),
    ].filter((part) => part !== null);
    if (isDone) {
      call.print(`Purged ${what.join(', ')}: ${formatBytes(sizeBytes)} are free again.`);
    } else {
      call.print(
        `Would purge ${what.join(', ')}, with ${formatBytes(sizeBytes)} of files beside the database.`,
      );
      call.note('This cannot be undone. winnow purge --yes does it.');
    }
    return 0;
  },
};

function daysOf(call: Call): number {
  const text = call.text('older-than');
  if (text === undefined) return 0;
  const days = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || days > 36_500) {
    throw new UsageError(`--older-than takes a number of days, not "${text}".`);
  }
  return days;
}

function counted(count: number, one: string, many: string): string | null {
  return count === 0 ? null : `${formatCount(count)} ${count === 1 ? one : many}`;
}
