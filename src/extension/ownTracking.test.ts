import { expect, test, vi } from 'vitest';
import { namesTracking } from './ownTracking';

vi.mock('vscode', () => ({})); // Only the editor has it; what is tested here asks nothing of it.

test('a file of variables that sets a tracking address is seen, one that only mentions it is not', () => {
  expect(namesTracking('A=1\nMLFLOW_TRACKING_URI=http://127.0.0.1:5000\n')).toBe(true);
  expect(namesTracking('export MLFLOW_TRACKING_URI = "http://x"')).toBe(true);
  for (const text of [
    '',
    '# MLFLOW_TRACKING_URI=http://x',
    'MLFLOW_TRACKING_URI=\nOTHER=1',
    'MLFLOW_TRACKING_URI= # none',
  ]) {
    expect([text, namesTracking(text)]).toEqual([text, false]);
  }
});
