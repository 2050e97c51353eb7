/**
 * A call whose answer several parts of a page want at about the same moment: who asks the same again within `ms` gets
 * the same answer. A failure is nobody's but that of who asked meanwhile.
 */
export function sharedFor<Request, Answer>(
  ms: number,
  call: (request: Request) => Promise<Answer>,
  now: () => number = () => performance.now(),
): (request: Request) => Promise<Answer> {
  let last: { readonly key: string; readonly at: number; readonly answer: Promise<Answer> } | null = null;
  return (request) => {
    const key = JSON.stringify(request);
    if (last !== null && last.key === key && now() - last.at < ms) return last.answer;
    const asked = { key, at: now(), answer: call(request) };
    last = asked;
    asked.answer.catch(() => {
      if (last === asked) last = null;
    });
    return asked.answer;
  };
}
