import type { FrameLocator, Locator, Page } from 'playwright-core';

/** The page of an experiment, in a frame of its own: head, runs, charts. */
export class ExperimentPage {
  constructor(private readonly page: Page) {}

  /** What is inside the page in front. VS Code puts a frame into a frame. */
  get content(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready').last().frameLocator('iframe#active-frame');
  }

  get head(): Locator {
    return this.content.locator('.experiment-head');
  }

  get table(): Locator {
    return this.content.locator('.runs-table');
  }

  get charts(): Locator {
    return this.content.locator('.experiment-charts');
  }

  get filter(): Locator {
    return this.table.getByRole('combobox').first();
  }

  /** The row of a run, by its name. */
  row(name: string | RegExp): Locator {
    return this.table.locator('[role="row"]').filter({ hasText: name }).first();
  }

  /** The names in the table, from top to bottom. */
  names(): Promise<string[]> {
    return this.table.locator('.grid-row.run .run-name').allInnerTexts();
  }

  /** The line below the table. */
  status(): Promise<string> {
    return this.table.locator('.table-status').innerText();
  }

  /** What the head says of one thing, such as "Best run". */
  fact(label: string): Promise<string> {
    return this.head.locator('.stat', { hasText: label }).locator('dd').innerText();
  }

  async press(label: string | RegExp): Promise<void> {
    await this.content.getByRole('button', { name: label }).first().click();
  }
}
