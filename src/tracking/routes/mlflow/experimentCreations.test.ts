import { expect, test, vi } from 'vitest';
import { openTemporary } from '../../../store/testing';
import type { Delivery } from './deliveries';
import { createExperimentCreations } from './experimentCreations';

const arrives: Delivery = { whenDone: (report) => report(true) };
const isLost: Delivery = { whenDone: (report) => report(false) };

test('of two who heard that there is none, both get the one that the first makes', () => {
  const creations = createExperimentCreations(openTemporary());
  creations.missed('digits');
  creations.missed('digits');
  const made = creations.create('digits', {}, arrives);
  expect(creations.create('digits', {}, arrives)).toBe(made);
  expect(() => creations.create('digits', {}, arrives)).toThrow("Experiment 'digits' already exists.");
});

test('one who did not ask is told that the name is taken', () => {
  const creations = createExperimentCreations(openTemporary());
  creations.create('digits', {}, arrives);
  expect(() => creations.create('digits', {}, arrives)).toThrow('already exists');
  creations.missed('other');
  expect(() => creations.create('digits', {}, arrives)).toThrow('already exists');
});

test('what was heard long ago counts no more', () => {
  vi.useFakeTimers();
  try {
    const creations = createExperimentCreations(openTemporary());
    creations.create('digits', {}, arrives);
    creations.missed('digits');
    vi.advanceTimersByTime(10_001);
    expect(() => creations.create('digits', {}, arrives)).toThrow('already exists');
  } finally {
    vi.useRealTimers();
  }
});

test('a request whose answer was lost gets the experiment that it made, also from the next server', () => {
  const store = openTemporary();
  const first = createExperimentCreations(store);
  const made = first.create('digits', { team: 'blue' }, isLost);
  expect(first.create('digits', { team: 'blue' }, isLost)).toBe(made);
  vi.useFakeTimers({ now: Date.now() + 1000 });
  try {
    const next = createExperimentCreations(store);
    expect(next.create('digits', { team: 'blue' }, arrives)).toBe(made);
    expect(() => next.create('digits', {}, arrives)).toThrow('already exists');
  } finally {
    vi.useRealTimers();
  }
});

test('a deleted one keeps its name', () => {
  const store = openTemporary();
  const creations = createExperimentCreations(store);
  store.setExperimentDeleted(creations.create('digits', {}, isLost), true);
  creations.missed('digits');
  expect(() => creations.create('digits', {}, arrives)).toThrow('deleted state');
});
