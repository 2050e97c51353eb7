import { expect } from 'vitest';
import type { Expectation } from '.';

/** 0.1 + 0.2, to the last bit. */
const OF_TENTHS = '0.30000000000000004';

/** Python's repr of -0.0, whose sign may be lost on the way. */
const ZERO = expect.stringMatching(/^-?0\.0$/);

export const runs: Readonly<Record<string, Expectation>> = {
  basics: {
    facts: {
      name: 'first',
      status: ['RUNNING', 'FINISHED'],
      ended: [null, true],
      experiment: 'basics',
      params: 252,
      lr: '0.1',
      long: 6000,
      metrics: { loss: 0.25, 'top/5 acc.val-x': 0.75 },
      tags: { team: 'blue', note: 'grüße 🎈\n\\ "quoted"', a: '1', b: 'None', gone: null },
      description: '# why',
      source: 'main.py',
      artifacts: 'mlflow-artifacts',
    },
  },
  nested: { facts: { parent: 'outer', children: ['fold 1', 'fold 0'] } },
  resumed: {
    facts: {
      during: 'RUNNING',
      status: 'FINISHED',
      name: 'in two parts',
      steps: [0, 1],
      params: { part: '2' },
    },
  },
  ends: { facts: { failed: 'FAILED', killed: ['KILLED', 5, 'by client'] } },
  batches: { facts: { same: true, points: 1500, params: 250, tags: 120 } },
  asynchronous: { facts: { points: true, latest: 49.5, params: { a: '1', b: '2' }, tag: '3' } },
  threads: { facts: { points: true, latest: 49.75, params: true } },

  odd_values: {
    facts: {
      // MLflow's own server turns the infinities into the largest numbers; here they stay what they were.
      one: ['nan', 'inf', '-inf', '1e-320', '1.7e+308', ZERO, OF_TENTHS],
      batch: ['nan', 'inf', '-inf', '1e-320', '1.7e+308', ZERO, OF_TENTHS],
      steps: [String(2n ** 62n)],
      latest: { batch: OF_TENTHS, last: 'nan', one: OF_TENTHS },
      lowest: String(-(2n ** 62n)),
    },
  },
  long_history: { facts: { points: 30_000, same: true } },
  latest: {
    facts: {
      latest: 0.75,
      order: [
        [1000, 9, 2],
        [1500, 9, 0.5],
        [1500, 9, 0.75],
        [2000, 5, 1],
        [9000, 1, 7],
      ],
    },
  },

  deleted_run: {
    facts: {
      stage: 'deleted',
      found: [0, 1, 1],
      logging: ['INVALID_PARAMETER_VALUE', expect.stringContaining("must be in the 'active' state")],
      restored: ['active', 1],
    },
  },
  renamed_run: {
    facts: { update: ['second name', 'second name', 'FINISHED'], tag: ['third name', 'third name'] },
  },
  experiments: {
    facts: {
      name: 'its second name',
      tags: { team: 'blue', note: 'grüße' },
      twice: ['RESOURCE_ALREADY_EXISTS', expect.stringContaining('already exists')],
      stage: ['active', 'deleted'],
      run: 'deleted',
      set: ['INVALID_PARAMETER_VALUE', expect.stringContaining('Cannot set a deleted experiment')],
      restored: 'active',
      unknown: null,
      old: null,
    },
  },

  inputs: {
    facts: {
      names: ['points', 'points'],
      digests: true,
      tags: [
        [
          ['fold', '1'],
          ['mlflow.data.context', 'training'],
        ],
        [['mlflow.data.context', 'testing']],
      ],
      profiles: ['{"num_rows": 1, "num_elements": 2}', '{"num_rows": 3, "num_elements": 6}'],
      source: 'train.csv',
      found: ['with data'],
      'by context': ['with data'],
    },
  },

  refusals: {
    facts: {
      changed: [
        'INVALID_PARAMETER_VALUE',
        expect.stringMatching(
          /Changing param values is not allowed. Param with key='lr' was already logged with value='0.1' for run ID='[0-9a-f]{32}'. Attempted logging new value '0.2'/,
        ),
      ],
      'changed in a batch': 'INVALID_PARAMETER_VALUE',
      codes: {
        'missing run': 'RESOURCE_DOES_NOT_EXIST',
        'metric of a missing run': 'RESOURCE_DOES_NOT_EXIST',
        'missing experiment': 'RESOURCE_DOES_NOT_EXIST',
        'run of a missing experiment': 'RESOURCE_DOES_NOT_EXIST',
        'metric name': 'INVALID_PARAMETER_VALUE',
        'metric name in a batch': 'INVALID_PARAMETER_VALUE',
        'param name': 'INVALID_PARAMETER_VALUE',
        'long param name': 'INVALID_PARAMETER_VALUE',
        or: 'INVALID_PARAMETER_VALUE',
        'no value': 'INVALID_PARAMETER_VALUE',
        'no such attribute': 'INVALID_PARAMETER_VALUE',
        'quoted number': 'INVALID_PARAMETER_VALUE',
        order: 'INVALID_PARAMETER_VALUE',
        'missing tag': 'RESOURCE_DOES_NOT_EXIST',
      },
      'missing run': expect.stringMatching(/Run with id=0{32} not found/),
      or: expect.stringContaining("Invalid clause(s) in filter string: 'OR"),
      params: '0.1',
    },
  },

  system_metrics: {
    facts: {
      wanted: ['system/cpu_utilization_percentage', 'system/system_memory_usage_megabytes'],
      'all of the system': true,
    },
  },
};
