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
    await this.ensureShown(text);
    await this.toast(text).locator('.monaco-button', { hasText: button }).click();
  }

  /** The message that has this text. */
  toast(text: string | RegExp): Locator {
    return this.toasts().filter({ hasText: text }).first();
  }

  /** A toast leaves after a few seconds; the bell at the lower right brings it back. */
  private async ensureShown(text: string | RegExp): Promise<void> {
    if (await this.toast(text).isVisible()) return;
    await this.page.locator('.part.statusbar [id="status.notifications"]').click();
    await this.toast(text).waitFor();
  }

  private toasts(): Locator {
    return this.page.locator(
      '.notifications-toasts .notification-list-item, .notifications-center.visible .notification-list-item',
    );
  }
}
