import type { Expectation } from '.';

/** Models, their registry, and traces. */
export const models: Readonly<Record<string, Expectation>> = {
  model_of_a_run: { facts: { predictions: [2, 4], again: [2, 4], signature: ['x'], run: true } },
  logged_models: {
    since: '3.0.0',
    facts: {
      status: 'READY',
      name: 'model-0',
      run: true,
      tags: { team: 'grüße' },
      params: [{ lr: '0.1' }, 151],
      metrics: [['accuracy', 0.25, 1, 'points']],
      outputs: true,
      found: ['model-0', 'model-1', 'model-2'],
      ordered: ['model-2', 'model-1', 'model-0'],
      filtered: ['model-2', 'model-1'],
      best: ['model-2'],
      loaded: [2, 4],
      files: ['MLmodel', 'conda.yaml', 'python_env.yaml', 'python_model.pkl', 'requirements.txt'],
      left: ['model-0', 'model-1'],
    },
  },
  external_model: {
    since: '3.0.0',
    facts: { status: ['PENDING', 'FAILED'], type: 'agent', params: { depth: '3' } },
  },
  registered_models: {
    facts: {
      second: ['2', 'READY', true],
      aliases: { champion: '2', first: '1' },
      description: ['It doubles.', 'The first.'],
      tags: [{ team: 'grüße' }, { checked: 'yes' }],
      champion: ['2', 'hand'],
      loaded: [2, 4],
      'by version': [2, 4],
      'by stage': [2, 4],
      stages: [
        ['1', 'Production'],
        ['2', 'None'],
      ],
      versions: ['1', '2'],
      'of the run': 2,
      models: ['doubler'],
      twice: 'RESOURCE_ALREADY_EXISTS',
      missing: 'RESOURCE_DOES_NOT_EXIST',
      'missing alias': 'INVALID_PARAMETER_VALUE',
      copied: ['copy of doubler', '1'],
      renamed: [['champion'], 0],
      deleted: 'RESOURCE_DOES_NOT_EXIST',
    },
  },
  prompts: {
    since: '2.22.0',
    facts: {
      latest: ['Good day {{name}} 🎈', '2', 'second'],
      formatted: 'Good day Ada 🎈',
      live: 'Hello {{name}}',
      models: [], // The client leaves prompts out of the models that it looks for.
    },
  },
  traces: {
    since: '2.22.0',
    facts: {
      found: ['OK', 'OK', 'ERROR'],
      ok: 2,
      spans: ['answer', 'square'],
      inputs: [{ x: 3 }, { x: 3 }],
      outputs: [10, 9],
      nested: true,
      type: 'TOOL',
      attribute: 'grüße',
      tagged: [true],
      deleted: 1,
      left: 2,
    },
  },
};
