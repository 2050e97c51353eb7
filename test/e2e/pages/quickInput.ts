import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

const STEP_MS = 3_000; // A widget that is there answers in a tenth of that, on a machine that has other things to do.
const MOST_ATTEMPTS = 6;
const MOST_KEYS = 10; // Half a minute: a window that is still loading.

/** The command palette, quick open, and every question that an extension asks through them. */
export class QuickInput {
  private readonly widget: Locator;
  private readonly input: Locator;

  constructor(private readonly page: Page) {
    this.widget = page.locator('.quick-input-widget');
    this.input = this.widget.locator('.quick-input-box input, .quick-input-box textarea').first();
  }

  /**
   * Opens it by a key and takes the row with this label. A page of the extension that has just loaded takes the
   * focus, which closes it in the middle: then all of it is done again.
   */
  async openAndChoose(key: string, label: string): Promise<void> {
    await this.again(key, async () => {
      const text = (await this.input.inputValue({ timeout: STEP_MS })).startsWith('>') ? `>${label}` : label;
      await this.input.fill(text, { timeout: STEP_MS });
      await this.row(label).click({ timeout: STEP_MS });
    });
    // Not the widget: what was chosen may go on with a question of its own.
    await this.row(label).waitFor({ state: 'hidden' });
  }

  /** Opens it by a key and answers it with a text, such as a line to go to. */
  async openAndAnswer(key: string, text: string): Promise<void> {
    await this.again(key, async () => {
      await this.input.fill(text, { timeout: STEP_MS });
      await this.input.press('Enter', { timeout: STEP_MS });
    });
  }

  /** Takes a row of a list that is already shown, without typing. */
  async pick(label: string | RegExp): Promise<void> {
    await this.row(label).click();
  }

  /** Answers an input box. */
  async answer(text: string): Promise<void> {
    await this.input.fill(text);
    await this.input.press('Enter');
  }

  /**
   * Answers the question where to save a file. The dialog writes its own suggestion when it has listed the folder,
   * also over what was typed before.
   */
  async answerFile(file: string): Promise<void> {
    await expect.poll(() => this.input.inputValue()).toContain(`/`);
    await this.row(/./).waitFor();
    await expect
      .poll(async () => {
        if ((await this.input.inputValue()) === file) return true;
        await this.input.fill(file);
        return false;
      })
      .toBe(true);
    await this.input.press('Enter');
    await this.widget.waitFor({ state: 'hidden' });
  }

  /** The labels that are shown. */
  async labels(): Promise<string[]> {
    return this.widget.locator('.monaco-list-row .label-name').allInnerTexts();
  }

  /** Does something with it as soon as it is open, and once more from the start when it was closed meanwhile. */
  private async again(key: string, act: () => Promise<void>): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      await this.open(key);
      try {
        return await act();
      } catch (error) {
        if (attempt === MOST_ATTEMPTS || this.page.isClosed()) throw error;
        // What is left of it would take the key for its own.
        await this.page.keyboard.press('Escape');
        await this.widget.waitFor({ state: 'hidden', timeout: STEP_MS }).catch(() => undefined);
      }
    }
  }

  /** A window that has just loaded may not listen yet: the key is pressed until it does. */
  private async open(key: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      await this.page.keyboard.press(key);
      try {
        await this.widget.waitFor({ state: 'visible', timeout: STEP_MS });
        return;
      } catch (error) {
        if (this.page.isClosed() || attempt === MOST_KEYS) throw error;
      }
    }
  }

  private row(label: string | RegExp): Locator {
    return this.widget
      .locator('.monaco-list-row')
      .filter({ has: this.page.locator('.label-name', { hasText: label }) })
      .first();
  }
}
