import { expect, test } from 'vitest';
import { type Target, readWitness, wrongState } from './verdict';

const witness = (text: string) => readWitness(text);
const ended = (state: 'finished' | 'failed' | 'lost', more: object = {}) => ({
  ...{ state, exitCode: null, signal: null, reason: null },
  ...more,
});
const judge = (killed: readonly Target[], text: string, run: ReturnType<typeof ended>) =>
  wrongState(new Set(killed), witness(text), run);

test('a run is judged by what its script did', () => {
  expect(judge(['window'], 'started\ndone\n', ended('finished', { exitCode: 0 }))).toBeNull();
  expect(judge(['runner'], 'started\ndone\n', ended('finished'))).not.toBeNull();
  expect(judge(['window'], 'started\ndone\n', ended('lost', { reason: 'x' }))).not.toBeNull();
  expect(judge(['server'], 'started\n', ended('failed', { exitCode: 1 }))).not.toBeNull();
  expect(judge(['server'], '', ended('failed', { reason: 'It never ran.' }))).toBeNull();
  expect(judge(['window'], '', ended('failed', { reason: 'It never ran.' }))).not.toBeNull();
  expect(judge(['script'], 'started\n', ended('failed', { signal: 'SIGKILL' }))).toBeNull();
  expect(judge(['script'], 'started\n', ended('lost', { reason: 'x' }))).not.toBeNull();
  expect(judge(['script', 'runner'], 'started\n', ended('lost', { reason: 'x' }))).toBeNull();
});

test('a line that was cut is not what the script did', () => {
  expect(readWitness('started\nline 1\npoint 1\nline 2')).toMatchObject({ lines: [1], points: [1] });
});
