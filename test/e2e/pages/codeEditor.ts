import type { Locator, Page } from 'playwright-core';
import type { QuickInput } from './quickInput';

/** The text editor in front. */
export class CodeEditor {
  /** The lines that are drawn. */
  readonly lines: Locator;

  constructor(
    private readonly page: Page,
    private readonly quickInput: QuickInput,
  ) {
    this.lines = page.locator('.editor-group-container.active .monaco-editor .view-line');
  }

  /**
   * Puts the cursor on a line and column (both from 1) and shows the hover there, as Ctrl+K Ctrl+I does.
   * Returns the hover once it has something to say.
   */
  async hoverAt(line: number, column: number): Promise<Locator> {
    await this.goTo(line, column);
    await this.page.keyboard.press('Control+K');
    await this.page.keyboard.press('Control+I');
    const hover = this.page
      .locator('[widgetid="editor.contrib.resizableContentHoverWidget"] .monaco-hover-content')
      .first();
    await hover.waitFor({ state: 'visible' });
    return hover;
  }

  /** Shows the hover on the first place in the given source where `text` stands. */
  async hoverOn(source: string, text: string): Promise<Locator> {
    const offset = source.indexOf(text);
    if (offset < 0) throw new Error(`The file has no ${text}.`);
    const before = source.slice(0, offset).split('\n');
    // In the middle of the text, so that quotes around a name are no matter.
    const column = (before.at(-1)?.length ?? 0) + 1 + Math.floor(text.length / 2);
    return this.hoverAt(before.length, column);
  }

  /** Moves the cursor, both from 1. */
  async goTo(line: number, column: number): Promise<void> {
    await this.quickInput.openAndAnswer('Control+G', `:${line}:${column}`);
  }
}
