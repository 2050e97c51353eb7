import type { FrameLocator, Locator, Page } from 'playwright-core';

/** The page of a run, in a frame of its own. */
export class RunPage {
  constructor(private readonly page: Page) {}

  /** What is inside the page in front. VS Code puts a frame into a frame. */
  get content(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready').last().frameLocator('iframe#active-frame');
  }

  /** An area by the id of its heading, such as `metrics`. */
  area(id: string): Locator {
    return this.content.locator(`#part-${id}`);
  }

  async heading(): Promise<string> {
    return this.content.locator('h1').innerText();
  }

  async text(): Promise<string> {
    return this.content.locator('body').innerText();
  }

  async press(label: string | RegExp): Promise<void> {
    await this.content.getByRole('button', { name: label }).first().click();
  }
}
