import * as z from 'zod/mini';
import { UserError } from '../../../base/errors';
import { ASSESSMENT_KINDS, type AssessmentKind } from '../../../model/trace';
import type { MlflowDeps, MlflowRoute } from './route';
import { assessmentMessage, readTraceId, wireTime } from './traceWire';
import { missingValue, optionalText } from './wire';

/** traces/:trace_id/assessments: what people, models and code think of traces. */
export function assessmentRoutes({ store, ingest }: MlflowDeps): MlflowRoute[] {
  const answer = (traceId: string, assessmentId: string) => ({
    assessment: assessmentMessage(store.getAssessment(store.traceHead(traceId), assessmentId)),
  });
  const one = 'traces/:trace_id/assessments/:assessment_id';

  return [
    {
      method: 'POST',
      path: 'traces/:trace_id/assessments',
      major: 3,
      async handle({ params, input }) {
        const traceId = readTraceId(params.trace_id);
        const { assessment } = z.object({ assessment: newAssessment }).parse(input);
        const { assessment_name: name, create_time: createdAt, ...fields } = assessment;
        const content = contentOf(fields);
        const kind = kindOf(content);
        if (kind === null) {
          throw new UserError(
            'invalid',
            `An assessment needs a value: one of ${ASSESSMENT_KINDS.join(', ')} must be given.`,
          );
        }
        const assessmentId = await ingest.write('full', () =>
          store.createAssessment(store.traceHead(traceId), {
            name,
            kind,
            content,
            createdAt: createdAt ?? Date.now(),
            overrides: fields.overrides ?? null,
          }),
        );
        return answer(traceId, assessmentId);
      },
    },
    {
      method: 'GET',
      path: one,
      major: 3,
      handle: ({ params }) => answer(readTraceId(params.trace_id), assessmentIdOf(params)),
    },
    {
      method: 'PATCH',
      path: one,
      major: 3,
      async handle({ params, input }) {
        const traceId = readTraceId(params.trace_id);
        const assessmentId = assessmentIdOf(params);
        const { assessment, update_mask: mask } = z
          .object({ assessment: changedAssessment, update_mask: fieldMask })
          .parse(input);
        await ingest.write('full', () => {
          const trace = store.traceHead(traceId);
          const known = store.getAssessment(trace, assessmentId);
          const content = changed(known.kind, known.content, contentOf(assessment), mask);
          const name = mask.includes('assessment_name') ? assessment.assessment_name : undefined;
          store.updateAssessment(trace, assessmentId, { name: name ?? known.name, content });
        });
        return answer(traceId, assessmentId);
      },
    },
    {
      method: 'DELETE',
      path: one,
      major: 3,
      async handle({ params }) {
        const traceId = readTraceId(params.trace_id);
        const assessmentId = assessmentIdOf(params);
        await ingest.write('full', () => store.deleteAssessment(store.traceHead(traceId), assessmentId));
        return {};
      },
    },
  ];
}

const name = z.string().check(z.minLength(1), z.maxLength(250));
const anything = z.optional(z.unknown());

/** What a client says of an assessment, in MLflow's names. Values are any JSON. */
const fields = {
  span_id: optionalText,
  source: z.nullish(z.object({ source_type: anything, source_id: anything })),
  feedback: z.nullish(z.object({ value: anything, error: anything })),
  expectation: z.nullish(
    z.pipe(z.object({ value: anything, serialized_value: anything }), z.transform(serialized)),
  ),
  issue: z.nullish(z.object({ issue_name: anything })),
  rationale: optionalText,
  metadata: z.nullish(z.record(z.string(), z.string())),
  overrides: optionalText,
};

const newAssessment = z.object({ ...fields, assessment_name: name, create_time: z.nullish(wireTime) });
const changedAssessment = z.object({ ...fields, assessment_name: z.nullish(name) });

type Content = Readonly<Record<string, unknown>>;

/** The fields that are kept as they are. @throws UserError 'invalid' when they are too large. */
function contentOf(given: Content): Content {
  const kept = Object.entries(given).filter(
    ([key, value]) => Object.hasOwn(fields, key) && value !== undefined && value !== null,
  );
  const content = Object.fromEntries(kept);
  const size = jsonOf(content).length;
  if (size > MAX_SIZE) {
    throw new UserError('invalid', `The assessment has ${size} characters; ${MAX_SIZE} are allowed.`);
  }
  return content;
}

/** An expected object or list travels as JSON in a text: clients read it from there only. */
function serialized(expectation: { readonly value?: unknown }): object {
  const { value } = expectation;
  if (typeof value !== 'object' || value === null) return expectation;
  return { serialized_value: { serialization_format: 'JSON_FORMAT', value: jsonOf(value) } };
}

/** Whole numbers of any size are doubles in protobuf's values. */
function jsonOf(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? Number(part) : part));
}

const MAX_SIZE = 1_000_000; // All assessments of a trace come with every answer about it.

function kindOf(content: Content): AssessmentKind | null {
  return ASSESSMENT_KINDS.find((kind) => content[kind] !== undefined) ?? null;
}

/** The fields of a mask, which protobuf's JSON writes as one text of names in camel case. */
const fieldMask = z.pipe(
  z.union([
    z.pipe(
      z.string().check(z.maxLength(1000)),
      z.transform((text) => text.split(',')),
    ),
    z.pipe(
      z.object({ paths: z.array(z.string()) }),
      z.transform(({ paths }) => paths),
    ),
  ]),
  z.transform((paths) =>
    paths.map((path) => path.trim().replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)),
  ),
);

/** Content with the fields of the mask taken over. Metadata is added to what is there; source and span stay. */
function changed(kind: AssessmentKind, known: Content, given: Content, mask: readonly string[]): Content {
  const content: Record<string, unknown> = { ...known };
  for (const field of mask) {
    if (field === 'feedback' || field === 'expectation') {
      if (field !== kind) {
        throw new UserError(
          'invalid',
          `Cannot update ${field} value on an assessment that is of kind ${kind}.`,
        );
      }
      if (given[field] === undefined) throw missingValue(`assessment.${field}`);
      content[field] = given[field];
    } else if (field === 'rationale') {
      content['rationale'] = given['rationale'] ?? '';
    } else if (field === 'metadata') {
      content['metadata'] = { ...objectOf(known['metadata']), ...objectOf(given['metadata']) };
    }
  }
  return content;
}

function objectOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

function assessmentIdOf(params: Readonly<Record<string, string>>): string {
  const { assessment_id: id } = params;
  if (id === undefined || id === '') throw missingValue('assessment_id');
  return id;
}
