/**
 * Asks again until the answer is there, and returns it. A test waits for a condition, never for a time.
 * @throws what the last question threw, or says what was waited for, once `limitMs` is over.
 */
export async function waitFor<T>(
  what: string,
  ask: () => T | null | undefined | false | '' | Promise<T | null | undefined | false | ''>,
  limitMs = 50_000, // Below mocha's own limit, which would not say what was missing.
): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`Waited ${limitMs / 1000} s for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
