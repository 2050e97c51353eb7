import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setUpDesk } from './harness/desk';
import type { Desk } from './harness/desk';
import type { Workbench } from './pages/workbench';

describe('A person who has just installed Winnow', () => {
  let desk: Desk;
  let window: Workbench;

  beforeAll(async () => {
    desk = await setUpDesk();
    window = await desk.openWindow();
  });

  afterAll(() => desk?.clear());

  it('finds Winnow in the activity bar, with one thing to do next', async () => {
    const view = await window.openWinnow();
    await expect.poll(() => view.welcome()).toContain('Run train.py');
    await window.picture('1-empty');
  });
});
