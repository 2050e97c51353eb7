import type * as z from 'zod';
import { UserError } from '../../base/errors';

/** A handler whose request is parsed first; a request that does not fit is refused by its field's name. */
export function accept<Schema extends z.ZodType, Answer>(
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
