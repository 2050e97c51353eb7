import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { root } from '../../../scripts/project.mjs';
import { ChartsPage } from './chartsPage';
import { CodeEditor } from './codeEditor';
import { Dialog } from './dialog';
import { ExperimentPage } from './experimentPage';
import { ExperimentsView } from './experimentsView';
import { Notifications } from './notifications';
import { QueueView } from './queueView';
import { QuickInput } from './quickInput';
import { RunPage } from './runPage';

const START_MS = 60_000; // A cold workbench on two busy cores.
const pictures = path.join(root, 'test-results');

/** A VS Code window in the browser, as a person sees it. Its parts are objects of their own. */
export class Workbench {
  readonly quickInput: QuickInput;
  readonly experiments: ExperimentsView;
  readonly editor: CodeEditor;
  readonly charts: ChartsPage;
  readonly queue: QueueView;
  readonly run: RunPage;
  readonly experiment: ExperimentPage;
  readonly notifications: Notifications;
  readonly dialog: Dialog;

  private constructor(
    private readonly context: BrowserContext,
    readonly page: Page,
  ) {
    this.quickInput = new QuickInput(page);
    this.experiments = new ExperimentsView(page);
    this.editor = new CodeEditor(page, this.quickInput);
    this.charts = new ChartsPage(page);
    this.queue = new QueueView(page);
    this.run = new RunPage(page);
    this.experiment = new ExperimentPage(page);
    this.notifications = new Notifications(page);
    this.dialog = new Dialog(page);
  }

  /** Opens an address of VS Code's server and waits until the window takes input. */
  static async open(browser: Browser, address: string): Promise<Workbench> {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      colorScheme: 'dark',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const page = await context.newPage();
    await page.goto(address);
    await page.locator('.monaco-workbench .part.activitybar').waitFor({ timeout: START_MS });
    await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: START_MS });
    return new Workbench(context, page);
  }

  /** Runs a command by its title, for example "Winnow: Show Charts". */
  async runCommand(title: string): Promise<void> {
    await this.quickInput.openAndChoose('F1', title);
  }

  /** Opens a file of the folder by its path in the folder. */
  async openFile(name: string): Promise<void> {
    await this.quickInput.openAndChoose('Control+P', name);
    await this.page
      .locator('.tabs-container .tab.active', { hasText: path.basename(name) })
      .first()
      .waitFor();
    await this.editor.lines.first().waitFor();
  }

  /** Shows the Winnow view of the side bar. */
  async openWinnow(): Promise<ExperimentsView> {
    const icon = this.page
      .locator('.part.activitybar [role="tab"]')
      .filter({ has: this.page.locator('.action-label[aria-label^="Winnow"]') });
    if ((await icon.getAttribute('aria-selected')) !== 'true') await icon.click();
    await this.experiments.root.waitFor();
    return this.experiments;
  }

  /** The status bar item that contains a text. */
  statusItem(text: string | RegExp): Locator {
    return this.page.locator('.part.statusbar .statusbar-item', { hasText: text });
  }

  /** The tabs of the open editors. */
  async openTabs(): Promise<string[]> {
    return this.page.locator('.tabs-container .tab .monaco-icon-label-container').allTextContents();
  }

  /** What the terminal in front shows; terminals draw on a canvas, their text is copied. */
  async terminalText(): Promise<string> {
    await this.runCommand('Terminal: Select All');
    await this.runCommand('Terminal: Copy Selection');
    await this.runCommand('Terminal: Clear Selection');
    return this.page.evaluate(() => navigator.clipboard.readText());
  }

  /** Ctrl+clicks a text in the terminal in front, in one of the lines right above the cursor. */
  async followTerminalLink(label: string): Promise<void> {
    const lines = (await this.terminalText()).trimEnd().split('\n');
    const line = lines.findLastIndex((text) => text.includes(label));
    const column = lines[line]?.indexOf(label) ?? -1;
    if (column === -1) throw new Error(`The terminal does not show ${label}.`);
    // What is typed goes into a field of one cell at the cursor.
    const cell = await this.page.locator('.terminal-wrapper.active .xterm-helper-textarea').boundingBox();
    if (cell === null) throw new Error('The terminal has no cursor.');
    const x = cell.x + (column + label.length / 2) * cell.width;
    const y = cell.y + (line - lines.length + 0.5) * cell.height;
    // The provider of links is asked when the pointer comes; the second time it has answered.
    await this.page.mouse.move(x - cell.width, y);
    await this.page.mouse.move(x, y);
    await this.page.keyboard.down('Control');
    try {
      await this.page.mouse.click(x, y);
    } finally {
      await this.page.keyboard.up('Control');
    }
  }

  /** Keeps a picture of the window, dark and light, in test-results/ for a person to look at. */
  async picture(name: string): Promise<void> {
    await this.inThemes(async (theme) => {
      mkdirSync(pictures, { recursive: true });
      await this.page.screenshot({ path: path.join(pictures, `${name}-${theme}.png`) });
    });
  }

  /** Looks at the window in a light theme, then in a dark one, which stays. */
  async inThemes(look: (theme: 'light' | 'dark') => Promise<void>): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      await this.page.emulateMedia({ colorScheme });
      const theme = colorScheme === 'dark' ? '.vs-dark' : '.vs';
      await this.page.locator(`.monaco-workbench${theme}`).waitFor();
      // Pages of the extension follow a moment later; two frames is what a redraw takes.
      await this.page.evaluate(
        () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
      );
      await look(colorScheme);
    }
  }

  /** Keeps a picture of the window in the theme that it has. */
  async snapshot(name: string): Promise<void> {
    mkdirSync(pictures, { recursive: true });
    await this.page.evaluate(
      () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
    );
    await this.page.screenshot({ path: path.join(pictures, `${name}.png`) });
  }

  /** Loads the page again, as F5 in a browser does. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.page.locator('.monaco-workbench .part.activitybar').waitFor({ timeout: START_MS });
  }

  /** Closes the window. What runs goes on. */
  async close(): Promise<void> {
    await this.context.close();
  }
}
