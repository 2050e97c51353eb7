import type { Locator, Page } from 'playwright-core';

/** Messages at the lower right, and their buttons. */
export class Notifications {
  constructor(private readonly page: Page) {}

  /** The texts that are shown. */
  async texts(): Promise<string[]> {
    return this.toasts().locator('.notification-list-item-message').allInnerTexts();
  }

  /** Waits for a message that has this text and presses one of its buttons. */
  async press(text: string | RegExp, button: string): Promise<void> {
    const toast = this.toasts().filter({ hasText: text }).first();
    await toast.locator('.monaco-button', { hasText: button }).click();
  }

  /** The message that has this text. */
  toast(text: string | RegExp): Locator {
    return this.toasts().filter({ hasText: text }).first();
  }

  private toasts(): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item');
  }
}
