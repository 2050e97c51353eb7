import type { Expectation } from '.';

/** Of 25 runs, number i: loss i, optimizer in turn adam, SGD, sgdw; sparse -i for every fifth and NaN for 10. */
export const searches: Readonly<Record<string, Expectation>> = {
  search_runs: {
    facts: {
      filters: {
        'metrics.loss < 3': [0, 1, 2],
        "metrics.loss >= 22 and params.optimizer = 'adam'": [24],
        'metrics.`top 5/acc` = 0.5': [4],
        'metrics."loss" != 1 and metrics.loss <= 2': [0, 2],
        "params.optimizer LIKE 'S%'": [1, 4, 7, 10, 13, 16, 19, 22],
        "params.optimizer ILIKE 's%' AND metrics.loss < 6": [1, 2, 4, 5],
        "params.size != '0' and metrics.loss < 4": [1, 3],
        "tags.team = 'grüße'": [9],
        "tags.`odd key.x` LIKE '%3'": [3, 13, 23],
        "attributes.status = 'KILLED'": [3],
        "attributes.run_name ILIKE 'RUN-0%' and metrics.loss < 3": [0, 1, 2],
        "run_name = 'run-07'": [7],
        'start_time > 1000000000000 and start_time < 1000000000004': [1, 2, 3],
        'metrics.sparse > -1e300': [0, 5, 15, 20],
      },
      orders: [
        downFrom(24),
        [22, 19, 16, 13, 10, 7, 4, 1, 24, 21, 18, 15, 12, 9, 6, 3, 0, 23, 20, 17, 14, 11, 8, 5, 2],
        // NaN comes after the values and what is missing after NaN, in both directions; then the newest first.
        [20, 15, 5, 0, 10, ...downFrom(24).filter((i) => i % 5 !== 0)],
        [0, 5, 15, 20, 10, ...downFrom(24).filter((i) => i % 5 !== 0)],
        [9, ...downFrom(24).filter((i) => i !== 9)],
        downFrom(24).reverse(),
        downFrom(24).reverse(),
      ],
      in: [2, 5],
      pages: [downFrom(24).slice(0, 10), downFrom(14).slice(0, 10), downFrom(4)],
      none: [],
      frame: [
        [0, '0', 'red', 'FINISHED'],
        [1, '1', 'red', 'FINISHED'],
      ],
      names: ['run-24', 'run-23', 'run-22'],
    },
  },
  search_experiments: {
    facts: {
      descending: ['Sought 09', 'Sought 08'],
      ilike: ['Sought 01', 'Sought 03', 'Sought 05', 'Sought 07', 'Sought 09'],
      exact: ['Sought 03'],
      deleted: ['Sought 10', 'Sought 11'],
      all: 12,
      pages: [4, 4, 2],
    },
  },
};

/** The whole numbers from `first` down to 0. */
function downFrom(first: number): number[] {
  return Array.from({ length: first + 1 }, (_, i) => first - i);
}
