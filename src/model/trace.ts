/** How a traced call ended, in MLflow's words. */
export const TRACE_STATES = ['STATE_UNSPECIFIED', 'OK', 'ERROR', 'IN_PROGRESS'] as const;
export type TraceState = (typeof TRACE_STATES)[number];

/** What an assessment says: a judgement, what would have been right, or a problem that the trace shows. */
export const ASSESSMENT_KINDS = ['feedback', 'expectation', 'issue'] as const;
export type AssessmentKind = (typeof ASSESSMENT_KINDS)[number];

/** What somebody or something thinks of a trace. */
export interface Assessment {
  readonly assessmentId: string;
  readonly traceId: string;
  readonly name: string;
  readonly kind: AssessmentKind;
  /** What the client gave beside, such as source, value and rationale, in MLflow's names. */
  readonly content: Readonly<Record<string, unknown>>;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** False: another assessment took its place. */
  readonly valid: boolean;
}

/** A traced call: what is known of it beside its spans, which are a file of its own. */
export interface Trace {
  readonly traceId: string;
  readonly experimentId: string;
  readonly clientRequestId: string | null;
  readonly requestPreview: string | null;
  readonly responsePreview: string | null;
  /** Epoch milliseconds. */
  readonly requestedAt: number;
  /** Null while it goes on. */
  readonly durationMs: number | null;
  readonly state: TraceState;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly assessments: readonly Assessment[];
}

// Clients make `tr-` and 32 hexadecimal digits, older ones the digits alone; programs beside MLflow's client make
// their own. The id is the name of a folder, so it must be one name, the same on every disk.
const TRACE_ID = /^[0-9a-z][0-9a-z_-]{0,99}$/;

export function isTraceId(text: string): boolean {
  return TRACE_ID.test(text);
}
