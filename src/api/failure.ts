import { UserError, errorCode, messageOf } from '../base/errors';

/** The answer of a request. @throws UserError 'server-unreachable' when nobody answers. */
export async function reach<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') throw error;
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    const why = errorCode(cause) ?? messageOf(error);
    throw new UserError('server-unreachable', `The tracking server does not answer (${why}).`, {
      cause: error,
    });
  }
}

/** What the server says that went wrong, by the status and the text of its answer. */
export function failureOf(status: number, text: string): UserError {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && 'message' in body) {
      const code = 'error_code' in body ? String(body.error_code) : String(status);
      return new UserError(code, String(body.message));
    }
  } catch {
    /* Not JSON: the status says enough. */
  }
  return new UserError(String(status), `The tracking server answered ${status}.`);
}
