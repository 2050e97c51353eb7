import type { FrameLocator, Locator, Page } from 'playwright-core';

/** The page that shows runs side by side, in a frame of its own. */
export class ComparePage {
  constructor(private readonly page: Page) {}

  /** What is inside the page in front. VS Code puts a frame into a frame. */
  get content(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready').last().frameLocator('iframe#active-frame');
  }

  get grid(): Locator {
    return this.content.locator('.compare');
  }

  async heading(): Promise<string> {
    return this.content.locator('h1').innerText();
  }

  /** The names of the columns; the first is the base. */
  async columns(): Promise<string[]> {
    return this.content.locator('.name-button').allInnerTexts();
  }

  /** The cells of the row with this name, as they read. Null while there is no such row. */
  async row(name: string): Promise<string[] | null> {
    const row = this.line(name);
    if ((await row.count()) === 0) return null;
    return row
      .locator('.cell')
      .evaluateAll((cells) =>
        cells.map((cell) =>
          [...cell.querySelectorAll('.value, .beside')].map((part) => part.textContent.trim()).join(' '),
        ),
      );
  }

  line(name: string): Locator {
    return this.content.locator('.value-line', {
      has: this.content.locator('.name-text').getByText(name, { exact: true }),
    });
  }

  /** The heading of a section with its note. */
  async section(id: string): Promise<string> {
    return this.content.locator(`[data-section=${id}]`).innerText();
  }

  async press(label: string): Promise<void> {
    await this.content.getByRole('button', { name: label }).first().click();
  }
}
