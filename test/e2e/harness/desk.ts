import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { afterEach, inject } from 'vitest';
import { startEditor, withoutNpm, writeSettings, QUIET_SETTINGS } from '../../../scripts/editor.mjs';
import { prepareExample } from '../../../scripts/example.mjs';
import { CHROMIUM_ARGS } from '../../../scripts/setup.mjs';
import { endEverything, endTrackingServers } from '../../harness/leftovers.mjs';
import { Workbench } from '../pages/workbench';

export interface DeskOptions {
  /** The name of the folder that holds the copy of the example. */
  readonly folderName?: string;
  /** Leaves Workspace Trust on: the folder opens in Restricted Mode. */
  readonly restricted?: boolean;
  /** Programs that the person has besides, by name, each as a shell script. */
  readonly programs?: Readonly<Record<string, string>>;
  /** More settings of the person. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A person's desk: an editor with the packed extension, a browser, and a copy of the example to work on. */
export interface Desk {
  readonly folder: string;
  /** Where Winnow keeps what is private; nothing of a journey reaches the home folder. */
  readonly stateHome: string;
  /** Opens the folder in a page of its own. Close it with `window.close()`; the runs go on. */
  openWindow(): Promise<Workbench>;
  /** Kills the tracking servers of this desk and waits until they are gone. Returns their pids. */
  killTrackingServers(signal?: NodeJS.Signals): Promise<number[]>;
  /** The pids of the extension hosts of the windows that are open. */
  extensionHosts(): number[];
  /** Ends everything this desk started and removes its folders. */
  clear(): Promise<void>;
}

/** Sets up a desk. A journey calls `clear` in its `afterAll`. */
export async function setUpDesk(options: DeskOptions = {}): Promise<Desk> {
  const setup = inject('setup');
  const scratch = mkdtempSync(path.join(tmpdir(), 'winnow-journey-'));
  const data = path.join(scratch, 'editor');
  const stateHome = path.join(scratch, 'state');
  cpSync(setup.installed, data, { recursive: true });
  writeSettings(data, {
    ...QUIET_SETTINGS,
    'window.autoDetectColorScheme': true,
    'security.workspace.trust.enabled': options.restricted === true,
    ...options.settings,
  });
  const folder = await prepareExample(path.join(scratch, options.folderName ?? 'digits'));
  const env: NodeJS.ProcessEnv = withoutNpm();
  const programs = path.join(scratch, 'programs');
  mkdirSync(programs);
  for (const [name, script] of Object.entries(options.programs ?? {})) {
    writeFileSync(path.join(programs, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  const server = await startEditor({
    editor: setup.editor,
    data,
    // A login shell would set the PATH anew.
    args: options.programs === undefined ? [] : ['--force-disable-user-env'],
    env: { ...env, PATH: `${programs}${path.delimiter}${env['PATH'] ?? ''}`, WINNOW_STATE_HOME: stateHome },
  });
  const browser = await chromium.launch({ executablePath: setup.chromium, args: [...CHROMIUM_ARGS] });
  return {
    folder,
    stateHome,
    openWindow: () => Workbench.open(browser, server.address(folder)),
    killTrackingServers: (signal = 'SIGKILL') => endTrackingServers(stateHome, signal),
    extensionHosts: () =>
      childrenOf(server.pid).filter((pid) => commandOf(pid).includes('--type=extensionHost')),
    clear: async () => {
      await browser.close();
      await server.stop();
      await endEverything(stateHome);
      rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return children === '' ? [] : children.split(' ').map(Number);
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // It has just ended.
  }
}

/** Keeps a picture of the window as it was when a test failed. Call it in a `describe`. */
export function pictureFailures(window: () => Workbench | undefined): void {
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    const name = task.name.replaceAll(/\W+/g, '-').slice(0, 60);
    // The failure itself is what counts: a page that is gone has no picture.
    await window()
      ?.picture(`failed-${name}`)
      .catch(() => undefined);
  });
}
