import { parseDocument } from 'yaml';
import en from 'zod/v4/locales/en.js';
import * as z from 'zod/mini';
import { UserError } from '../base/errors';
import { type Goal, defaultDirection } from '../model/goal';
import type { PrintedRule } from '../model/printed';

/** What the first version reads of a folder's winnow.yaml. Every key is optional; others are left alone. */
export interface WinnowYaml {
  readonly experiment: string | null;
  readonly goal: Goal | null;
  readonly run: {
    /** The script to run when none is named. */
    readonly script: string | null;
    /** Variables for the script; they win over those of whoever starts it. */
    readonly env: Readonly<Record<string, string>>;
    /** How long a script that is asked to stop has for a checkpoint; null: the default. */
    readonly graceSeconds: number | null;
    /** Whether the script's interpreter may be asked for params, seeds and data files (python/hook). */
    readonly hook: boolean;
    /** Whether metrics are read from what scripts print; null: not said. */
    readonly printedMetrics: boolean | null;
  };
  readonly metrics: {
    /** Rules of printed metrics, for all runs of the folder. */
    readonly printed: readonly PrintedRule[];
  };
  readonly slots: {
    /** How many runs may go on at once on this machine; null: one, or one for each GPU. */
    readonly local: number | null;
  };
  /** What an hour of a run costs, or null. */
  readonly cost: { readonly currency: string; readonly perHour: number } | null;
}

z.config(en()); // The small zod brings no words for what is wrong with the file.

const scalar = z.pipe(z.union([z.string(), z.number(), z.boolean()]), z.transform(String));

const metricName = z.string().check(z.minLength(1), z.maxLength(250));
const printed = z.union([
  z.object({ pattern: z.string().check(z.minLength(1), z.maxLength(1000)) }),
  z.object({ mute: metricName }),
  z.object({ muteRule: metricName }),
  z.object({ rename: metricName, to: metricName }),
]);

const winnowYaml = z.object({
  experiment: z.nullish(z.string().check(z.trim(), z.minLength(1), z.maxLength(250))),
  goal: z.nullish(
    z.object({
      metric: z.string().check(z.minLength(1)),
      direction: z.optional(z.enum(['maximize', 'minimize'])),
      target: z.nullish(z.number()),
    }),
  ),
  run: z.nullish(
    z.object({
      script: z.nullish(z.string().check(z.minLength(1))),
      env: z.nullish(z.record(z.string().check(z.regex(/^[A-Za-z_][A-Za-z0-9_]*$/)), scalar)),
      // A day is longer than any checkpoint takes; a timer of Node's ends at 24 days.
      graceSeconds: z.nullish(z.number().check(z.minimum(0), z.maximum(86_400))),
      hook: z.nullish(z.boolean()),
      printedMetrics: z.nullish(z.boolean()),
    }),
  ),
  cost: z.nullish(
    z.object({
      currency: z.string().check(z.trim(), z.minLength(1), z.maxLength(10)),
      perHour: z.number().check(z.minimum(0)),
    }),
  ),
  metrics: z.nullish(z.object({ printed: z.nullish(z.array(printed)) })),
  slots: z.nullish(z.object({ local: z.nullish(z.int().check(z.minimum(1), z.maximum(1000))) })),
});

/**
 * Reads the text of a winnow.yaml.
 * @throws UserError 'winnow-yaml' that names the line or the field that is wrong.
 */
export function readWinnowYaml(text: string): WinnowYaml {
  const document = parseDocument(text);
  const [syntaxError] = document.errors;
  if (syntaxError !== undefined) {
    const [problem = ''] = syntaxError.message.split('\n'); // The lines below show the place.
    throw new UserError(
      'winnow-yaml',
      `winnow.yaml cannot be read: ${problem.replace(/:$/, '')}. Correct it and try again.`,
    );
  }
  // Aliases may multiply: a small file must not become a large one.
  const content: unknown = document.toJS({ maxAliasCount: 100 });
  const result = winnowYaml.safeParse(content ?? {});
  if (!result.success) {
    const issue = result.error.issues[0];
    throw new UserError(
      'winnow-yaml',
      `In winnow.yaml, ${issue?.path.join('.') || 'the file'} is wrong: ${issue?.message ?? 'unknown'}.`,
    );
  }
  const { experiment, goal, run, slots, metrics, cost } = result.data;
  return {
    experiment: experiment ?? null,
    goal: goal
      ? {
          metric: goal.metric,
          direction: goal.direction ?? defaultDirection(goal.metric),
          target: goal.target ?? null,
        }
      : null,
    run: {
      script: run?.script ?? null,
      env: run?.env ?? {},
      graceSeconds: run?.graceSeconds ?? null,
      hook: run?.hook ?? true,
      printedMetrics: run?.printedMetrics ?? null,
    },
    metrics: { printed: (metrics?.printed ?? []).map(printedRuleOf) },
    slots: { local: slots?.local ?? null },
    cost: cost ?? null,
  };
}

function printedRuleOf(entry: z.output<typeof printed>): PrintedRule {
  if ('pattern' in entry) return { kind: 'pattern', pattern: entry.pattern };
  if ('mute' in entry) return { kind: 'muteMetric', metric: entry.mute };
  if ('muteRule' in entry) return { kind: 'muteRule', rule: entry.muteRule };
  return { kind: 'rename', metric: entry.rename, to: entry.to };
}
