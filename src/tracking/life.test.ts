import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { createLife } from './life';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A life that ends after a second without anybody. */
function shortLife() {
  const state = { isNeeded: false, hasEnded: false };
  const life = createLife({
    idleMs: 1000,
    isNeeded: () => state.isNeeded,
    onIdle: () => (state.hasEnded = true),
  });
  onTestFinished(() => life.dispose());
  return { life, state };
}

test('a server that nobody needs ends, a second after the last request', () => {
  const { life, state } = shortLife();
  vi.advanceTimersByTime(900);
  life.touch();
  vi.advanceTimersByTime(900);
  expect(state.hasEnded).toBe(false);
  vi.advanceTimersByTime(400);
  expect(state.hasEnded).toBe(true);
});

test('whoever holds the server keeps it, until the time is over or the holder lets go', () => {
  const { life, state } = shortLife();
  life.hold('a shell', 5000);
  life.hold('another shell', 60_000);
  vi.advanceTimersByTime(20_000);
  life.hold('another shell', 0);
  vi.advanceTimersByTime(500);
  expect(state.hasEnded).toBe(false);
  vi.advanceTimersByTime(1000);
  expect(state.hasEnded).toBe(true);
});

test('a live run or an open window needs the server for as long as it lasts', () => {
  const { state } = shortLife();
  state.isNeeded = true;
  vi.advanceTimersByTime(60_000);
  state.isNeeded = false;
  vi.advanceTimersByTime(500);
  expect(state.hasEnded).toBe(false);
  vi.advanceTimersByTime(1000);
  expect(state.hasEnded).toBe(true);
});
