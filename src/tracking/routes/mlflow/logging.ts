import { UserError } from '../../../base/errors';
import type { LoggedModelPoint } from '../../../store/loggedModels/metrics';
import type { Point } from '../../../store/metrics';
import { readModelPoint } from './modelPoints';
import type { MlflowDeps, MlflowRoute } from './route';
import {
  checkKey,
  invalidValue,
  isKnownKey,
  missingValue,
  readDouble,
  readInt64,
  readList,
  readParam,
  readRunId,
  readTag,
} from './wire';

/**
 * What a training calls all the time. Bodies are checked by hand, with the same errors as the schemas give
 * elsewhere: a schema on every metric costs 40 % of a batch of 1,000.
 */
export function loggingRoutes({ store, ingest }: MlflowDeps): MlflowRoute[] {
  return [
    {
      method: 'POST',
      path: 'runs/log-metric',
      async handle({ input }) {
        const runId = readRunId(input);
        const point = readPlainPoint(input) ?? readPoint(input, '');
        const ofModel = input.model_id === undefined ? null : readModelPoint(input, point, '');
        await ingest.write('normal', () => {
          const run = store.activeRun(runId);
          store.logMetrics(run, [point]);
          if (ofModel !== null) store.logLoggedModelMetrics(run, [ofModel]);
        });
        return {};
      },
    },
    {
      method: 'POST',
      path: 'runs/log-parameter',
      async handle({ input }) {
        const runId = readRunId(input);
        const param = readParam(input, '');
        await ingest.write('full', () => store.logParams(store.activeRun(runId), [param]));
        return {};
      },
    },
    {
      method: 'POST',
      path: 'runs/set-tag',
      async handle({ input }) {
        const runId = readRunId(input);
        const tag = readTag(input, '');
        await ingest.write('normal', () => store.setTags(store.activeRun(runId), [tag]));
        return {};
      },
    },
    {
      method: 'POST',
      path: 'runs/delete-tag',
      async handle({ input }) {
        const runId = readRunId(input);
        const key = checkKey(input.key, 'tag', 'key');
        await ingest.write('normal', () => store.deleteTag(store.activeRun(runId), key));
        return {};
      },
    },
    {
      method: 'POST',
      path: 'runs/log-batch',
      async handle({ input }) {
        const runId = readRunId(input);
        const metrics = readList(input.metrics, 'metrics', 1000);
        const points: Point[] = new Array<Point>(metrics.length);
        const ofModels: LoggedModelPoint[] = [];
        for (let i = 0; i < metrics.length; i++) {
          const plain = readPlainPoint(metrics[i]);
          if (plain !== null) {
            points[i] = plain;
            continue;
          }
          const point = readPoint(metrics[i], `metrics[${i}]`);
          points[i] = point;
          const ofModel = readModelPoint(metrics[i], point, `metrics[${i}].`);
          if (ofModel !== null) ofModels.push(ofModel);
        }
        const params = readList(input.params, 'params', 100).map((one, i) => readParam(one, `params[${i}]`));
        const tags = readList(input.tags, 'tags', 100).map((one, i) => readTag(one, `tags[${i}]`));
        if (points.length + params.length + tags.length > 1000) {
          throw new UserError(
            'invalid',
            `A batch logging request can contain at most 1000 items. Got ${points.length + params.length + tags.length} items.`,
          );
        }
        // One transaction: a batch with a changed param writes nothing of it.
        await ingest.write(params.length > 0 ? 'full' : 'normal', () => {
          const run = store.activeRun(runId);
          store.logParams(run, params);
          store.logMetrics(run, points);
          if (ofModels.length > 0) store.logLoggedModelMetrics(run, ofModels);
          store.setTags(run, tags);
        });
        return {};
      },
    },
  ];
}

/** A point as nearly all are, without making the names that an error would need; null: look closer. */
function readPlainPoint(metric: unknown): Point | null {
  if (typeof metric !== 'object' || metric === null) return null;
  const { key, value, timestamp, step, model_id: modelId } = metric as Record<string, unknown>;
  const isPlain =
    modelId === undefined &&
    typeof key === 'string' &&
    isKnownKey(key) &&
    typeof value === 'number' &&
    typeof timestamp === 'number' &&
    Number.isSafeInteger(timestamp) &&
    timestamp >= 0 &&
    typeof step === 'number' &&
    Number.isSafeInteger(step);
  return isPlain ? { name: key, value, timestamp, step } : null;
}

function readPoint(value: unknown, where: string): Point {
  if (typeof value !== 'object' || value === null) throw invalidValue(value, where);
  const { key, value: number, timestamp, step } = value as Record<string, unknown>;
  const at = where === '' ? '' : `${where}.`;
  if (number === undefined || number === null) throw missingValue(`${at}value`);
  if (timestamp === undefined || timestamp === null) throw missingValue(`${at}timestamp`);
  const time = readInt64(timestamp, `${at}timestamp`);
  if (time < 0) {
    throw new UserError(
      'invalid',
      `Got invalid timestamp ${time} for parameter '${at}timestamp'. Timestamp must be a nonnegative long (64-bit integer).`,
    );
  }
  return {
    name: checkKey(key, 'metric', `${at}key`),
    value: readDouble(number, `${at}value`),
    timestamp: time,
    step: step === undefined || step === null ? 0 : readInt64(step, `${at}step`),
  };
}
