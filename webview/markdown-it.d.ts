/** The part of markdown-it 14 that is used; the package brings no types of its own. */
declare module 'markdown-it' {
  interface Options {
    readonly html?: boolean;
    readonly linkify?: boolean;
    readonly breaks?: boolean;
    readonly maxNesting?: number;
  }
  interface Token {
    readonly content: string;
    attrs: readonly (readonly [name: string, value: string])[] | null;
    attrGet(name: string): string | null;
  }
  interface Renderer {
    readonly rules: Record<
      string,
      (
        tokens: readonly Token[],
        index: number,
        options: Options,
        environment: unknown,
        renderer: Renderer,
      ) => string
    >;
    renderToken(tokens: readonly Token[], index: number, options: Options): string;
  }
  export default class MarkdownIt {
    constructor(options?: Options);
    readonly renderer: Renderer;
    readonly utils: { escapeHtml(text: string): string };
    /** Whether an address may be linked to. */
    validateLink: (address: string) => boolean;
    render(text: string): string;
  }
}
