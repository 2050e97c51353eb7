/**
 * A failure that a person can do something about. Its message is a whole sentence that says what failed, on
 * what, and what to do next; it is shown as it is. Any other error is a bug: logged with its stack and shown
 * as one message with "Show Log".
 */
export class UserError extends Error {
  override readonly name = 'UserError';

  /** Also true for an error of another bundle of the same program, which has a class of its own. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'UserError' && 'code' in value;
  }

  /** @param code a stable kebab-case word that programs can test, such as 'git-missing'. */
  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Whether an error only says that somebody cancelled: never shown. */
export function isAbortError(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'Canceled');
}

/** The sentence of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a Node error such as 'ENOENT', or undefined. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Ends a switch over a union: the compiler complains when a member is missing. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
