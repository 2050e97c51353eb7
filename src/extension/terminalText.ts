/**
 * Makes a script's output fit for a terminal: line ends that return to the left, colours kept, and the
 * sequences taken out that would act on the person's machine or lie to them: window titles, links with another
 * text than target, the clipboard (OSC), and the strings of DCS, SOS, PM and APC.
 */
export class TerminalText {
  private held = '';

  /** The next piece of output. A sequence that is cut in the middle is held back until its end is there. */
  next(piece: string): string {
    let text = this.held + piece;
    this.held = '';
    const open = text.search(UNFINISHED);
    if (open !== -1 && text.length - open <= MAX_HELD) {
      this.held = text.slice(open);
      text = text.slice(0, open);
    }
    return text.replaceAll(ACTING, '').replaceAll(/\r?\n/g, '\r\n');
  }

  /** What was held back when the output is over. */
  end(): string {
    const rest = this.held.startsWith('\u001b') ? '' : this.held;
    this.held = '';
    return rest.replaceAll(/\r?\n/g, '\r\n');
  }
}

const MAX_HELD = 4096; // A longer sequence is no sequence: it is shown.

const ACTING =
  /(?:\u001b[\]P^_X]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c|$)|\u001b[cn-o|}~=>NO78]|\u001b\[[?>=!]?[\d;]*[cnhltqx]/g;

/** A carriage return or an escape sequence that may go on in the next piece, at the end of the text. */
const UNFINISHED =
  /(?:\r|\u001b(?:\[[\d;?>=!]*|[\]P^_X][^\u0007\u001b\u009c]*(?:\u001b)?)?|[\u0090\u0098\u009d-\u009f][^\u0007\u001b\u009c]*)$/;
