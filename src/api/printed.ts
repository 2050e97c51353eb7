import * as z from 'zod/mini';
import { once } from '../base/once';

const name = z.string().check(z.minLength(1), z.maxLength(250));

/** A person's decision about printed metrics (model/printed.ts). */
export const printedRule = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('muteMetric'), metric: name }),
  z.object({ kind: z.literal('muteRule'), rule: name }),
  z.object({ kind: z.literal('rename'), metric: name, to: name }),
  z.object({ kind: z.literal('pattern'), pattern: z.string().check(z.minLength(1), z.maxLength(1000)) }),
]);

export const keptPrintedRule = once(() =>
  z.object({ ruleId: z.string(), rule: printedRule, experimentId: z.nullable(z.string()) }),
);

export const printedMetric = once(() =>
  z.object({
    name: z.string(),
    rule: z.string(),
    line: z.string(),
    offset: z.number(),
    count: z.number(),
    dropped: z.nullable(z.enum(['logged', 'param', 'muted'])),
  }),
);
