import type { Readable } from 'node:stream';

/**
 * Waits for the word that the snapshot is taken: the line "go". Resolves with null then, and with a sentence
 * when the script must not start: the one after "no ", or one of its own when nobody is there any more to say
 * it, or a person wants the run to end before it began.
 */
export function waitForGo(input: Readable, wished: Promise<void>): Promise<string | null> {
  return new Promise((resolve) => {
    let text = '';
    const settle = (refusal: string | null) => {
      input.destroy();
      resolve(refusal);
    };
    input.setEncoding('utf8');
    input.on('data', (chunk: string) => {
      text += chunk;
      const end = text.indexOf('\n');
      if (end < 0) return;
      const line = text.slice(0, end);
      settle(line === 'go' ? null : line.replace(/^no /, ''));
    });
    const nobody = 'The tracking server ended before the script could be started. Start the run again.';
    input.on('end', () => settle(nobody));
    input.on('error', () => settle(nobody));
    void wished.then(() => settle('It was stopped before the script started.'));
  });
}
