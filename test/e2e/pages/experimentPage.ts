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
  row(name: string): Locator {
    return this.table.locator(`.grid-row:not([hidden]):has(.name-text:text-is("${name}"))`).first();
  }

  /** The button that turns a run on or off in charts. */
  eye(name: string): Locator {
    return this.row(name).locator('.eye');
  }

  /** The head of a column. */
  column(name: string): Locator {
    return this.table.getByRole('columnheader', { name }).first();
  }

  /** The names of runs and groups that are drawn, from top to bottom. */
  names(): Promise<string[]> {
    return this.table.locator('.grid-row:not([hidden])').evaluateAll((rows) =>
      rows
        .map((row) => ({
          top: row.getBoundingClientRect().top,
          name: row.querySelector('.name-text')?.textContent ?? '',
        }))
        .sort((a, b) => a.top - b.top)
        .map(({ name }) => name),
    );
  }

  /** The first run that is off in charts. */
  firstOff(): Promise<string> {
    return this.table
      .locator('.grid-row:not([hidden]):has(.eye .codicon-eye-closed)')
      .first()
      .locator('.name-text')
      .innerText();
  }

  /** What completion offers. */
  options(): Promise<string[]> {
    return this.content.locator('[role="option"] .completion-text').allInnerTexts();
  }

  /** Chooses in a list that a button of the table opened. */
  async choose(label: string): Promise<void> {
    await this.content.locator('.chooser .choice').filter({ hasText: label }).first().click();
  }

  /** An item of the menu that is open. */
  item(label: string): Locator {
    return this.content.locator('.menu .menu-item').filter({ hasText: label }).first();
  }

  /** The saved views. */
  views(): Promise<string[]> {
    return this.table.locator('.view-tab .view-name').allInnerTexts();
  }

  selectedView(): Promise<string> {
    return this.table.locator('.view-tab[aria-selected="true"] .view-name').innerText();
  }

  /** The line below the table. */
  status(): Promise<string> {
    return this.table.locator('.table-status').innerText();
  }

  /** What the head says of one thing, such as "Best run"; '' when it does not speak of it. */
  async fact(label: string): Promise<string> {
    const facts = await this.head.locator('.stat').evaluateAll((stats) =>
      stats.map((stat) => ({
        label: stat.querySelector('dt')?.textContent?.trim() ?? '',
        text: (stat.querySelector('dd')?.textContent ?? '').replaceAll(/\s+/g, ' ').trim(),
      })),
    );
    return facts.find((one) => one.label.startsWith(label))?.text ?? '';
  }

  async press(label: string | RegExp): Promise<void> {
    await this.content.getByRole('button', { name: label }).first().click();
  }
}
