import en from 'zod/v4/locales/en.js';
import * as z from 'zod/mini';
import { UserError } from '../../base/errors';

z.config(en()); // The small zod brings no words for what is wrong with a request.

/** A handler whose request is parsed first; a request that does not fit is refused by its field's name. */
export function accept<Schema extends z.ZodMiniType, Answer>(
  schema: Schema,
  carryOut: (request: z.output<Schema>) => Promise<Answer>,
): (raw: unknown) => Promise<Answer> {
  return async (raw) => {
    const parsed = schema.safeParse(raw);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      const where = issue === undefined || issue.path.length === 0 ? 'The request' : issue.path.join('.');
      throw new UserError('page-request', `${where}: ${issue?.message ?? 'not understood'}`);
    }
    return carryOut(parsed.data);
  };
}
