import type { Orders } from './orders';

/**
 * Waits for the word that the snapshot is taken: "go". Resolves with null then, and with a sentence when the
 * script must not start: the one after "no ", or one of its own when nobody is there any more to say it, or a
 * person wants the run to end before it began.
 */
export async function waitForGo(orders: Orders, wished: Promise<void>): Promise<string | null> {
  const order = await Promise.race([
    orders.next(),
    wished.then(() => 'no It was stopped before the script started.'),
  ]);
  orders.close();
  if (order === null) {
    return 'The tracking server ended before the script could be started. Start the run again.';
  }
  return order === 'go' ? null : order.replace(/^no /, '');
}
