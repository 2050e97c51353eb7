/** Reads a text from left to right. What does not fit throws NotRead, which the formats catch. */
export class Scanner {
  at = 0;

  constructor(readonly text: string) {}

  get next(): string {
    return this.text.charAt(this.at);
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** Takes what a sticky pattern matches here; null when it does not. */
  take(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match === null) return null;
    this.at += match[0].length;
    return match[0];
  }

  /** As take, but something must be here. */
  must(pattern: RegExp): string {
    const taken = this.take(pattern);
    if (taken === null) throw new NotRead(`Unexpected ${this.next} at ${this.at}.`);
    return taken;
  }
}

/** The text is not what it should be. */
export class NotRead extends Error {}
