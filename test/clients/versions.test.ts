import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { EXPECTATIONS, scenariosOf } from './expected';
import { type Project, openProject } from './project';

const VERSIONS = ['2.9.2', '2.22.5', '3.0.1', '3.11.1', '3.17.2'];

/** A line that test/fixtures/scripts/versions/main.py prints. */
const line = z.object({
  scenario: z.string(),
  facts: z.optional(z.record(z.string(), z.unknown())),
  error: z.optional(z.string()),
});

describe.each(VERSIONS)('mlflow %s', (version) => {
  let project: Project | undefined;
  const printed = new Map<string, z.infer<typeof line>>();

  beforeAll(async () => {
    project = await openProject({ environment: `versions/mlflow-${version}.txt` });
    const output = await project.python('versions/main.py');
    // Older clients print links between the lines.
    for (const text of output.split('\n').filter((text) => text.startsWith('{'))) {
      const parsed = line.parse(JSON.parse(text));
      printed.set(parsed.scenario, parsed);
    }
  });
  afterAll(() => project?.dispose());

  test('runs what this version can do', () => {
    expect([...printed.keys()].sort()).toEqual(scenariosOf(version).sort());
  });

  test.each(scenariosOf(version))('%s', (scenario) => {
    const { error, facts } = printed.get(scenario) ?? { error: 'It printed nothing.' };
    expect(error).toBeUndefined();
    expect(facts).toEqual(EXPECTATIONS[scenario]?.facts);
  });
});
