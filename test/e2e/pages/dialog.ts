import type { Locator, Page } from 'playwright-core';

/** A modal question in the middle of the window. */
export class Dialog {
  readonly root: Locator;

  constructor(page: Page) {
    this.root = page.locator('.monaco-dialog-box');
  }

  /** Its question and its detail. */
  async text(): Promise<string> {
    return this.root.locator('.dialog-message-container').innerText();
  }

  /** Presses a button by its label and waits until the dialog is gone. */
  async press(button: string): Promise<void> {
    await this.root.locator('.dialog-buttons .monaco-button', { hasText: button }).first().click();
    await this.root.waitFor({ state: 'hidden' });
  }
}
