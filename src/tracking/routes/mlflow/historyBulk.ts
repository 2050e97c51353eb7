import { UserError } from '../../../base/errors';
import { JsonText } from '../../json';
import { pointsText } from './pointsText';
import type { MlflowDeps, MlflowRoute } from './route';
import { sampledSteps } from './sampledSteps';
import { invalidValue, missingValue, readInt64 } from './wire';

const MOST_RUNS = 100;
const MOST_POINTS = 25_000;
const MOST_SAMPLED = 2500;
const FIRST_STEP = -(2n ** 63n);
const LAST_STEP = 2n ** 63n - 1n;

/** metrics/get-history-bulk and get-history-bulk-interval: one metric of many runs, for those who draw it. */
export function historyBulkRoutes({ store }: MlflowDeps): MlflowRoute[] {
  return [
    {
      method: 'GET',
      path: 'metrics/get-history-bulk',
      ajax: true,
      handle({ input }) {
        const runIds = textsOf(input['run_id']);
        if (runIds.length === 0) {
          throw invalid('GetMetricHistoryBulk request must specify at least one run_id.');
        }
        if (runIds.length > MOST_RUNS) {
          throw invalid(
            `GetMetricHistoryBulk request cannot specify more than ${MOST_RUNS} run_ids. Received ${runIds.length} run_ids.`,
          );
        }
        const key = input['metric_key'];
        if (typeof key !== 'string') {
          throw invalid('GetMetricHistoryBulk request must specify a metric_key.');
        }
        let left = Math.min(wholeOr(input['max_results'], 'max_results', MOST_POINTS), MOST_POINTS);
        const parts: string[] = [];
        for (const runId of [...new Set(runIds)].sort()) {
          if (left <= 0) break;
          const rows = store.history(runId, key, left, { offset: 0 });
          left -= rows.length;
          if (rows.length > 0) parts.push(pointsText(key, rows, runId));
        }
        // MLflow makes this answer by hand, not by protobuf: an empty list is there.
        return new JsonText(`{"metrics":[${parts.join(',')}]}`);
      },
    },
    {
      method: 'GET',
      path: 'metrics/get-history-bulk-interval',
      ajax: true,
      handle({ input }) {
        const runIds = textsOf(input['run_ids']);
        if (runIds.length === 0) throw missingValue('run_ids');
        if (runIds.length > MOST_RUNS) {
          throw invalid(
            `GetMetricHistoryBulkInterval request must specify at most ${MOST_RUNS} run_ids. Received ${runIds.length} run_ids.`,
          );
        }
        const key = input['metric_key'];
        if (typeof key !== 'string' || key === '') throw missingValue('metric_key');
        const most = wholeOr(input['max_results'], 'max_results', MOST_SAMPLED);
        if (most < 1 || most > MOST_SAMPLED) {
          throw invalid(`max_results must be between 1 and ${MOST_SAMPLED}.`);
        }
        const range = rangeOf(input['start_step'], input['end_step']);
        for (const runId of runIds) store.runHead(runId);
        const logged = runIds.map((runId) => store.loggedSteps(runId, key, range));
        const steps = sampledSteps(logged, most);
        const parts = runIds.flatMap((runId) => {
          const rows = store.pointsAtSteps(runId, key, steps, MOST_POINTS);
          return rows.length === 0 ? [] : [pointsText(key, rows, runId)];
        });
        return new JsonText(parts.length === 0 ? '{}' : `{"metrics":[${parts.join(',')}]}`);
      },
    },
  ];
}

function rangeOf(start: unknown, end: unknown): { fromStep: number | bigint; toStep: number | bigint } {
  if (start === undefined && end === undefined) return { fromStep: FIRST_STEP, toStep: LAST_STEP };
  if (start === undefined || end === undefined) {
    throw invalid('If either start step or end step are specified, both must be specified.');
  }
  const fromStep = readInt64(start, 'start_step');
  const toStep = readInt64(end, 'end_step');
  if (fromStep > toStep) {
    throw invalid(
      `end_step must be greater than start_step. Found start_step=${fromStep} and end_step=${toStep}.`,
    );
  }
  return { fromStep, toStep };
}

/** What a name of the query has, once or more often. */
function textsOf(value: unknown): string[] {
  const values: unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return values.filter((one): one is string => typeof one === 'string' && one !== '');
}

function wholeOr(value: unknown, name: string, usual: number): number {
  if (value === undefined) return usual;
  const whole = Number(readInt64(value, name));
  if (whole < 0) throw invalidValue(value, name);
  return whole;
}

function invalid(message: string): UserError {
  return new UserError('invalid', message);
}
