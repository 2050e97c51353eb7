import type { Locator, Page } from 'playwright-core';

/** The command palette, quick open, and every question that an extension asks through them. */
export class QuickInput {
  private readonly widget: Locator;
  private readonly input: Locator;

  constructor(private readonly page: Page) {
    this.widget = page.locator('.quick-input-widget');
    this.input = this.widget.locator('.quick-input-box input, .quick-input-box textarea').first();
  }

  /** Opens it by a key. A window that has just loaded may not listen yet: the key is pressed until it does. */
  async open(key: string): Promise<void> {
    for (;;) {
      await this.page.keyboard.press(key);
      try {
        await this.widget.waitFor({ state: 'visible', timeout: 2_000 });
        return;
      } catch (error) {
        if (this.page.isClosed()) throw error;
      }
    }
  }

  /** Opens it by a key and takes a row. A page that has just loaded takes the focus, which closes it: then again. */
  async openAndChoose(key: string, label: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      await this.open(key);
      try {
        return await this.choose(label, 5_000);
      } catch (error) {
        if (attempt === 3 || (await this.widget.isVisible())) throw error;
      }
    }
  }

  /** Types after what is there (the ">" of the palette) and takes the row that has this label. */
  async choose(label: string, timeout = 30_000): Promise<void> {
    const text = (await this.input.inputValue()).startsWith('>') ? `>${label}` : label;
    await this.input.fill(text, { timeout });
    await this.row(label).click({ timeout });
    // Not the widget: what was chosen may go on with a question of its own.
    await this.row(label).waitFor({ state: 'hidden' });
  }

  /** Takes a row of a list that is already shown, without typing. */
  async pick(label: string | RegExp): Promise<void> {
    await this.row(label).click();
  }

  /** Answers an input box. */
  async answer(text: string): Promise<void> {
    await this.input.waitFor({ state: 'visible' });
    await this.input.fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** The labels that are shown. */
  async labels(): Promise<string[]> {
    return this.widget.locator('.monaco-list-row .label-name').allInnerTexts();
  }

  private row(label: string | RegExp): Locator {
    return this.widget
      .locator('.monaco-list-row')
      .filter({ has: this.page.locator('.label-name', { hasText: label }) })
      .first();
  }
}
