import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pictureFailures, setUpDesk } from './harness/desk';
import type { Desk } from './harness/desk';
import type { Workbench } from './pages/workbench';

describe('A folder that is not trusted', () => {
  let desk: Desk;
  let window: Workbench;

  beforeAll(async () => {
    desk = await setUpDesk({ restricted: true });
    window = await desk.openWindow();
  });

  afterAll(() => desk?.clear());
  pictureFailures(() => window);

  it('is told what trusting it would give, and nothing is read or started', async () => {
    if (await window.dialog.root.isVisible()) await window.dialog.press('No');
    const view = await window.openWinnow();
    await expect.poll(() => view.welcome()).toContain('This folder is not trusted');
    expect(await view.welcome()).toContain('Manage Workspace Trust');
    await window.picture('8-restricted');
    expect(existsSync(path.join(desk.folder, '.winnow'))).toBe(false);
    expect(existsSync(path.join(desk.stateHome, 'stores'))).toBe(false);
  });
});
