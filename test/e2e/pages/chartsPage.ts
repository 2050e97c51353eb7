import type { FrameLocator, Locator, Page } from 'playwright-core';

/** Winnow's charts, a page of the extension in a frame of its own. */
export class ChartsPage {
  constructor(private readonly page: Page) {}

  /** What is inside the page. VS Code puts a frame into a frame. */
  get content(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready').first().frameLocator('iframe#active-frame');
  }

  /** Every chart's drawing. */
  canvases(): Locator {
    return this.content.locator('canvas');
  }

  /** All words of the page: titles, legends, the lines that tell a chart in words. */
  async text(): Promise<string> {
    return this.content.locator('body').innerText();
  }
}
