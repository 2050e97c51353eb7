/**
 * One thing that was drawn on a line of the terminal. A progress bar draws its line again and again: each drawing is
 * a frame, ended by a carriage return or by backspaces; the last one is ended by the line feed.
 */
export interface Frame {
  /** Decoded, with colours still in it. */
  readonly text: string;
  /** Where it begins in the output, in bytes. */
  readonly offset: number;
}

export interface FrameSink {
  /** A frame that may hold a metric. */
  frame(frame: Frame): void;
  /** The line is over. Not called for lines without a frame. */
  lineEnd(): void;
}

export interface FrameSplitter {
  read(bytes: Buffer): void;
  /** Gives out what has no end yet. */
  end(): void;
  /** Where the first frame begins that was not given out. */
  readonly offset: number;
  /** Whether what begins there is the rest of a frame that was too long. */
  readonly isInside: boolean;
}

export interface SplitterStart {
  readonly offset: number;
  readonly isInside: boolean;
  /** Whether frames of the first line were given out before. */
  readonly hasFrame: boolean;
  /** Gives out every line with a number. */
  readonly takesAll: boolean;
}

const MAX_FRAME_BYTES = 64 * 1024; // A longer one is no line of metrics; it is passed over without keeping it.

/**
 * What every line with a metric has: a number behind `:` or `=`, a column or a metric's word; a table's head. This
 * one look at the bytes decides for nearly all lines of a chatty script, so it must stay cheap.
 */
const MAY_HOLD =
  /[:=>|\]\x82\x83]\s*(?:\x1b|['"]?[-+]?(?:\.?\d|nan|inf))|\d[%/]|^\s*(?:\d+|all)\s+\d|(?:epoch|step|iter|round|batch|episode)\W{0,3}\d|(?:loss|acc|accuracy|error|score|reward|mAP50|time)\s/i;
const BREAK = /[\n\r\b]/g;

/**
 * Cuts output into frames. Bytes in, in pieces of any size: a character, a sequence or a line that is cut in the
 * middle goes on in the next piece. Lines that cannot hold a metric are not decoded and not given out.
 */
export function createFrameSplitter(sink: FrameSink, from: SplitterStart): FrameSplitter {
  const mayHold = from.takesAll ? /\d|nan|inf/i : MAY_HOLD;
  let held: Buffer[] = [];
  let heldBytes = 0;
  let { offset, isInside } = from;
  let { hasFrame } = from;

  function give(bytes: Buffer): void {
    const rough = bytes.toString('latin1');
    if (!mayHold.test(rough)) return;
    hasFrame = true;
    sink.frame({ text: bytes.toString('utf8'), offset });
  }

  function read(bytes: Buffer): void {
    const rough = bytes.toString('latin1');
    let start = 0;
    BREAK.lastIndex = 0;
    for (let found = BREAK.exec(rough); found !== null; found = BREAK.exec(rough)) {
      const at = found.index;
      if (heldBytes > 0) {
        held.push(bytes.subarray(start, at));
        if (!isInside) give(Buffer.concat(held));
        held = [];
      } else if (at > start && !isInside) {
        // The line is tested where it lies: a copy of each would cost more than the test.
        const line = rough.slice(start, at);
        if (at - start <= MAX_FRAME_BYTES && mayHold.test(line)) {
          hasFrame = true;
          sink.frame({ text: bytes.toString('utf8', start, at), offset });
        }
      }
      offset += heldBytes + (at + 1 - start);
      heldBytes = 0;
      isInside = false;
      if (rough.charCodeAt(at) === 10 && hasFrame) {
        hasFrame = false;
        sink.lineEnd();
      }
      start = at + 1;
    }
    if (start === bytes.length) return;
    const rest = bytes.length - start;
    if (isInside || heldBytes + rest > MAX_FRAME_BYTES) {
      offset += heldBytes + rest;
      held = [];
      heldBytes = 0;
      isInside = true;
    } else {
      held.push(Buffer.from(bytes.subarray(start))); // A copy: the reader uses its buffer again.
      heldBytes += rest;
    }
  }

  return {
    read,
    end() {
      if (heldBytes > 0 && !isInside) give(Buffer.concat(held));
      offset += heldBytes;
      held = [];
      heldBytes = 0;
      if (hasFrame) sink.lineEnd();
      hasFrame = false;
    },
    get offset() {
      return offset;
    },
    get isInside() {
      return isInside;
    },
  };
}
