import type { Locator, Page } from 'playwright-core';

/** The view "Queue" below the experiments. */
export class QueueView {
  readonly root: Locator;

  constructor(page: Page) {
    this.root = page.locator('.part.sidebar .pane', {
      has: page.locator('.pane-header[aria-label^="Queue"]'),
    });
  }

  /** Unfolds it if it is folded. */
  async open(): Promise<void> {
    const header = this.root.locator('.pane-header');
    if ((await header.getAttribute('aria-expanded')) !== 'true') await header.click();
  }

  /** Each row as it reads: its name and what stands behind. */
  async rows(): Promise<string[]> {
    return this.root
      .locator('.monaco-list-row')
      .evaluateAll((elements) =>
        elements.map((element) =>
          [
            element.querySelector('.label-name')?.textContent ?? '',
            element.querySelector('.label-description')?.textContent ?? '',
          ].join(': '),
        ),
      );
  }

  row(text: string): Locator {
    return this.root.locator('.monaco-list-row', { hasText: text }).first();
  }

  /** Presses an inline action of a row, which shows under the pointer. */
  async pressAction(text: string, action: string): Promise<void> {
    await this.row(text).hover();
    await this.row(text).locator(`.action-label[aria-label^="${action}"]`).click();
  }

  /** Drags one row onto another. */
  async drag(from: string, to: string): Promise<void> {
    await this.row(from).dragTo(this.row(to));
  }

  async pressTitle(action: string): Promise<void> {
    await this.root.locator('.pane-header').hover();
    await this.root.locator(`.pane-header .action-label[aria-label^="${action}"]`).click();
  }

  /** The words beside the title: how many wait. */
  async description(): Promise<string> {
    return this.root.locator('.pane-header .description').innerText();
  }
}
