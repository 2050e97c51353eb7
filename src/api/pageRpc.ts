import { UserError, messageOf } from '../base/errors';

/** What travels between a window and a page. */
export type PageMessage =
  | { readonly kind: 'call'; readonly id: string; readonly method: string; readonly request: unknown }
  | { readonly kind: 'answer'; readonly id: string; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: string; readonly code: string; readonly message: string };

export type RequestTo<Api, Method extends keyof Api> = Api[Method] extends (
  request: infer Request,
) => Promise<unknown>
  ? Request
  : never;
export type AnswerFrom<Api, Method extends keyof Api> = Api[Method] extends (
  request: never,
) => Promise<infer Answer>
  ? Answer
  : never;

/** One end of the line between a window and a page; `Remote` is the interface of the other end. */
export interface Channel<Remote> {
  /** @throws UserError with the other end's sentence, or code 'page-closed' when the line closes first. */
  call<Method extends keyof Remote & string>(
    method: Method,
    request: RequestTo<Remote, Method>,
  ): Promise<AnswerFrom<Remote, Method>>;
  /** Takes a message from the other end. What is no message of ours is ignored. */
  receive(message: unknown): void;
  /** Rejects whatever is waiting. The channel stays usable: a page that is shown again calls again. */
  rejectPending(why: string): void;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/**
 * @param post sends a message to the other end.
 * @param answer carries out a call of the other end; what it throws is answered with its sentence.
 * @param onError hears of what `answer` threw that is no UserError.
 */
export function openChannel<Remote>(
  post: (message: PageMessage) => void,
  answer: (method: string, request: unknown) => Promise<unknown>,
  onError: (error: unknown) => void = () => undefined,
): Channel<Remote> {
  // A page is destroyed and made anew behind the window's back: an answer to the old one must not fit the new one.
  const self = Math.random().toString(36).slice(2);
  let calls = 0;
  const pending = new Map<string, Pending>();

  async function carryOut(id: string, method: string, request: unknown): Promise<void> {
    try {
      post({ kind: 'answer', id, value: await answer(method, request) });
    } catch (error) {
      if (!(error instanceof UserError)) onError(error);
      post({
        kind: 'failed',
        id,
        code: error instanceof UserError ? error.code : 'failed',
        message: messageOf(error),
      });
    }
  }

  return {
    call<Method extends keyof Remote & string>(method: Method, request: RequestTo<Remote, Method>) {
      const id = `${self}-${(calls += 1)}`;
      return new Promise<AnswerFrom<Remote, Method>>((resolve, reject) => {
        // The other end is of the same build and implements `Remote`: its answer has the method's type.
        pending.set(id, { resolve: (value) => resolve(value as AnswerFrom<Remote, Method>), reject });
        post({ kind: 'call', id, method, request });
      });
    },
    receive(raw) {
      const message = parseMessage(raw);
      if (message === null) return;
      if (message.kind === 'call') {
        void carryOut(message.id, message.method, message.request);
        return;
      }
      const waiting = pending.get(message.id);
      if (waiting === undefined) return;
      pending.delete(message.id);
      if (message.kind === 'answer') waiting.resolve(message.value);
      else waiting.reject(new UserError(message.code, message.message));
    },
    rejectPending(why) {
      const waiting = [...pending.values()];
      pending.clear();
      for (const { reject } of waiting) reject(new UserError('page-closed', why));
    },
  };
}

function parseMessage(raw: unknown): PageMessage | null {
  if (typeof raw !== 'object' || raw === null || !('kind' in raw) || !('id' in raw)) return null;
  const { kind, id } = raw;
  if (typeof id !== 'string') return null;
  if (kind === 'call' && 'method' in raw && typeof raw.method === 'string') {
    return { kind, id, method: raw.method, request: 'request' in raw ? raw.request : undefined };
  }
  if (kind === 'answer') return { kind, id, value: 'value' in raw ? raw.value : undefined };
  if (kind === 'failed' && 'message' in raw && typeof raw.message === 'string') {
    const code = 'code' in raw && typeof raw.code === 'string' ? raw.code : 'failed';
    return { kind, id, code, message: raw.message };
  }
  return null;
}
