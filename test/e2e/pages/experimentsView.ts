import type { Locator, Page } from 'playwright-core';

/** One row of the tree, as it reads. */
export interface TreeRow {
  readonly label: string;
  readonly description: string;
  /** 1 for an experiment, 2 for its runs, 3 for child runs. */
  readonly level: number;
  /** The name of the state icon's codicon, for example "pass". */
  readonly icon: string;
}

/** Winnow's view in the side bar: welcome text, tree, actions. */
export class ExperimentsView {
  readonly root: Locator;

  constructor(private readonly page: Page) {
    // The first of Winnow's views; the queue is below it.
    this.root = page.locator('.part.sidebar [id="workbench.view.extension.winnow"] .pane').first();
  }

  /** Every row that is drawn, from top to bottom. */
  async rows(): Promise<TreeRow[]> {
    return this.root.locator('.monaco-list-row').evaluateAll((elements) =>
      elements.map((element) => ({
        label: element.querySelector('.label-name')?.textContent ?? '',
        description: element.querySelector('.label-description')?.textContent ?? '',
        level: Number(element.getAttribute('aria-level')),
        icon:
          /codicon-([\w-]+)/.exec(
            element.querySelector('.custom-view-tree-node-item-icon')?.className ?? '',
          )?.[1] ?? '',
      })),
    );
  }

  /** The rows of runs: all but the experiments. */
  async runs(): Promise<TreeRow[]> {
    return (await this.rows()).filter(({ level }) => level > 1);
  }

  /** The row whose label or description has this text. */
  row(text: string | RegExp): Locator {
    return this.root.locator('.monaco-list-row', { hasText: text }).first();
  }

  /** Selects a row by a click. Rows that are drawn anew just then may swallow it. */
  async select(text: string | RegExp): Promise<void> {
    const row = this.row(text);
    do await row.click();
    while ((await row.getAttribute('aria-selected')) !== 'true');
  }

  /** Opens the row's context menu and takes an item of it. */
  async chooseFromMenu(text: string | RegExp, item: string): Promise<void> {
    await this.row(text).click({ button: 'right' });
    const entry = this.page.locator('.monaco-menu .action-menu-item', { hasText: item }).first();
    await entry.waitFor();
    // A menu that has just opened may take the click for the end of the one that opened it, and stay.
    while (await entry.isVisible()) {
      await entry.click();
      await entry.waitFor({ state: 'hidden', timeout: 2_000 }).catch(() => undefined);
    }
  }

  /** Presses an inline action of a row, which shows under the pointer. */
  async pressAction(text: string | RegExp, action: string): Promise<void> {
    await this.row(text).hover();
    await this.row(text).locator(`.action-label[aria-label^="${action}"]`).click();
  }

  /** What the empty view says. */
  async welcome(): Promise<string> {
    return this.root.locator('.welcome-view-content').innerText();
  }

  /** Presses a button of the welcome text. */
  async pressWelcome(label: string): Promise<void> {
    await this.root.locator('.welcome-view-content .monaco-button', { hasText: label }).click();
  }

  /** Presses a button of the view's title bar. */
  async pressTitle(label: string): Promise<void> {
    // Of a single view they stand in the side bar's title, of several in the view's own.
    const places = [
      '.composite.title',
      '.pane:first-child .pane-header',
      '.split-view-view:first-child .pane-header',
    ];
    const action = `.action-label[aria-label^="${label}"]`;
    await this.root
      .locator('.pane-header')
      .hover()
      .catch(() => undefined);
    await this.page
      .locator(places.map((place) => `.part.sidebar ${place} ${action}`).join(', '))
      .first()
      .click();
  }
}
