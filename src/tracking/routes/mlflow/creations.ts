import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { UserError } from '../../../base/errors';
import { type RunId, TAGS, isOver } from '../../../model/run';
import type { Attempt } from '../../../store/attempts';
import type { Store } from '../../../store/store';
import type { Principal } from '../../gate';
import { type Delivery, RETRY_WINDOW_MS, createDeliveries } from './deliveries';
import { needed } from './experiments';
import { epochMs, experimentIdText, optionalText, readList, readTag } from './wire';

const creation = z.object({
  experiment_id: z.pipe(
    z.nullish(experimentIdText),
    z.transform((id) => id ?? '0'),
  ),
  user_id: optionalText,
  run_name: optionalText,
  start_time: z.pipe(
    z.nullish(epochMs),
    z.transform((time) => time ?? undefined),
  ),
});

/**
 * runs/create. A script's run and its attempt are joined by the token: the first run that a script creates,
 * and that has no parent, is the attempt's run; later ones are runs of their own, shown below it.
 *
 * The request is not idempotent in MLflow and clients repeat it, so a repeated one gets the run it made. Equal
 * requests alone prove no repetition: autologging of a search creates one run a candidate with the same words in the
 * same millisecond. A request is a repetition when the answer to an earlier one like it was lost.
 */
export function createRunCreator(
  store: Store,
): (input: Record<string, unknown>, principal: Principal, delivery: Delivery) => RunId {
  const deliveries = createDeliveries();

  return (input, principal, delivery) => {
    const asked = creation.parse(input);
    const tags = tagsOf(input, asked.run_name);
    const experiment = needed(store, asked.experiment_id);
    if (experiment.deleted) {
      throw new UserError(
        'invalid',
        `The experiment ${asked.experiment_id} must be in the 'active' state. Current state is deleted.`,
      );
    }
    const parentRunId = tags[TAGS.parentRunId] ?? null;
    const attempt = principal.kind === 'attempt' ? principal.attempt : null;
    const name = asked.run_name ?? tags[TAGS.runName];
    const own = attempt === null ? null : store.getAttempt(attempt.attemptId);

    if (own !== null && parentRunId === null) {
      const joinKey = digest([asked.start_time ?? null, name ?? null]);
      const isNew = own.joinedKey === null && own.endedAt === null;
      if (isNew) join(store, own, { ...asked, name, tags, joinKey });
      if (
        isNew ||
        (own.joinedKey === joinKey &&
          deliveries.isLost(own.runId, { createdAt: own.createdAt, isUntouched: true }))
      ) {
        deliveries.watch(own.runId, delivery);
        return own.runId;
      }
    }

    const key =
      asked.start_time === undefined
        ? null
        : digest([
            own?.attemptId ?? null,
            asked.experiment_id,
            asked.user_id ?? null,
            asked.start_time,
            name ?? null,
            parentRunId,
          ]);
    const earlier = key === null ? null : repeated(key);
    if (earlier !== null) {
      deliveries.watch(earlier, delivery);
      return earlier;
    }
    const runId = store.createRun({
      experimentId: asked.experiment_id,
      name: name ?? store.freeName(),
      state: 'running',
      userId: asked.user_id ?? '',
      startedAt: asked.start_time ?? Date.now(),
      parentRunId: parentRunId ?? own?.runId ?? null,
      creationKey: key,
      tags: own === null ? tags : { ...tags, [TAGS.attempt]: own.attemptId },
    });
    deliveries.watch(runId, delivery);
    return runId;
  };

  function repeated(key: string): RunId | null {
    const candidates = store.findByCreationKey(key, Date.now() - RETRY_WINDOW_MS);
    return candidates.find((made) => deliveries.isLost(made.runId, made))?.runId ?? null;
  }
}

function join(
  store: Store,
  attempt: Attempt,
  asked: {
    readonly experiment_id: string;
    readonly user_id?: string | undefined;
    readonly name: string | undefined;
    readonly tags: Readonly<Record<string, string>>;
    readonly joinKey: string;
  },
): void {
  const run = store.activeRun(attempt.runId);
  const isLater = attempt.number > 1; // A run that goes on keeps its place and its name.
  store.updateAttempt(attempt.attemptId, { joinedKey: asked.joinKey });
  store.updateRun(attempt.runId, {
    ...(attempt.experimentChosen || isLater ? {} : { experimentId: asked.experiment_id }),
    ...(asked.name === undefined || isLater ? {} : { name: asked.name }),
    ...(asked.user_id === undefined ? {} : { userId: asked.user_id }),
    ...(isOver(run.state) || run.state === 'running' ? {} : { state: 'running' }),
  });
  const { [TAGS.runName]: _name, ...tags } = asked.tags;
  const head = store.runHead(attempt.runId);
  if (store.getTag(head, TAGS.logsTo) !== null) store.deleteTag(head, TAGS.logsTo); // It reports here after all.
  store.setTags(
    head,
    Object.entries(tags).map(([key, value]) => ({ key, value })),
  );
}

function tagsOf(input: Record<string, unknown>, runName: string | undefined): Record<string, string> {
  const list = readList(input.tags, 'tags', 100).map((tag, i) => readTag(tag, `tags[${i}]`));
  const tags = Object.fromEntries(list.map(({ key, value }) => [key, value]));
  const tagged = tags[TAGS.runName];
  if (runName !== undefined && runName !== '' && tagged !== undefined && tagged !== runName) {
    throw new UserError(
      'invalid',
      `Both 'run_name' argument and '${TAGS.runName}' tag are specified, but with different values (run_name='${runName}', ${TAGS.runName}='${tagged}').`,
    );
  }
  return tags;
}

function digest(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
