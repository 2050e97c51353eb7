/** The part of markdown-it 14 that is used; the package brings no types of its own. */
declare module 'markdown-it' {
  interface Options {
    readonly html?: boolean;
    readonly linkify?: boolean;
    readonly breaks?: boolean;
    readonly maxNesting?: number;
  }
  export default class MarkdownIt {
    constructor(options?: Options);
    /** Whether an address may be linked to. */
    validateLink: (address: string) => boolean;
    disable(rules: string | readonly string[]): this;
    render(text: string): string;
  }
}
