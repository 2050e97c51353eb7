import { artifacts } from './artifacts';
import { models } from './models';
import { runs } from './runs';
import { searches } from './searches';

/** What a scenario of test/fixtures/scripts/versions must print. Matchers stand where ids or texts differ. */
export interface Expectation {
  /** The first client version that can do it; all of them when absent. */
  readonly since?: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Every scenario, by its function's name. The facts are the same for all versions of the client. */
export const EXPECTATIONS: Readonly<Record<string, Expectation>> = {
  ...runs,
  ...searches,
  ...artifacts,
  ...models,
};

/** The names of the scenarios that a version runs. */
export function scenariosOf(version: string): string[] {
  return Object.keys(EXPECTATIONS).filter((name) => !isOlder(version, EXPECTATIONS[name]?.since ?? '0'));
}

function isOlder(version: string, other: string): boolean {
  return version.localeCompare(other, 'en', { numeric: true }) < 0;
}
