import type { ServerHandle } from '../platform/server';

const HOLD_MS = 12 * 3_600_000; // A working day: whoever took the address may use it that long.

/** Keeps the server alive for a person who was given its address. */
export async function holdServer({ client }: ServerHandle): Promise<void> {
  await client.call('hold', { holder: 'cli', ttlMs: HOLD_MS });
}
