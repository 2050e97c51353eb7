import type { FrameLocator, Locator, Page } from 'playwright-core';

/** The page "Run with Params", in a frame of its own. */
export class ParamsForm {
  /** @param place which of the pages that are there: a notebook has one of its own. */
  constructor(
    private readonly page: Page,
    private readonly place: 'first' | 'last' = 'first',
  ) {}

  /** What is inside the page. VS Code puts a frame into a frame. */
  get content(): FrameLocator {
    const pages = this.page.frameLocator('iframe.webview.ready');
    return pages[this.place]().frameLocator('iframe#active-frame');
  }

  /** All words of the page. */
  async text(): Promise<string> {
    return this.content.locator('body').innerText();
  }

  /** The field of a param. */
  field(name: string): Locator {
    return this.content.locator(`[data-name="${name}"]`);
  }

  /** The names of the params, in the order of the rows. */
  async params(): Promise<(string | null)[]> {
    const rows = await this.content.locator('tr.param').all();
    return Promise.all(rows.map((row) => row.getAttribute('data-param')));
  }

  /** The sentence below a param's field; empty when its value is right. */
  async problem(name: string): Promise<string> {
    return this.content.locator(`tr[data-param="${name}"] .problem`).innerText();
  }

  /** One of the lines below the table: `known`, `forecast`, `command` or `where`. */
  async fact(id: string): Promise<string> {
    return (await this.content.locator(`#${id}`).innerText()).replaceAll(/\s+/g, ' ').trim();
  }

  /** What stands beside the buttons: why they are off, or what was started. */
  async status(): Promise<string> {
    return (await this.content.locator('.status').innerText()).trim();
  }

  button(id: 'queue' | 'run-now' | 'debug'): Locator {
    return this.content.locator(`#${id}`);
  }
}
