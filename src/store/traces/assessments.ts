import { randomBytes } from 'node:crypto';
import { UserError } from '../../base/errors';
import type { Assessment, AssessmentKind } from '../../model/trace';
import type { Db } from '../database';
import { groupedBy } from '../keyValues';
import type { TraceHead } from './traces';

export interface NewAssessment {
  readonly name: string;
  readonly kind: AssessmentKind;
  readonly content: Readonly<Record<string, unknown>>;
  /** As the client says: it tells a repeated request from a second assessment. */
  readonly createdAt: number;
  /** The id of the assessment whose place this one takes, or null. */
  readonly overrides: string | null;
}

export interface AssessmentStore {
  /** Adds an assessment; one that is there word for word stays once. @returns its id. */
  createAssessment(trace: TraceHead, assessment: NewAssessment): string;
  /** @throws UserError 'not-found'. */
  getAssessment(trace: TraceHead, assessmentId: string): Assessment;
  updateAssessment(
    trace: TraceHead,
    assessmentId: string,
    update: Pick<NewAssessment, 'name' | 'content'>,
  ): void;
  /** Deletes it, and gives back its place to the one it overrode. Nothing happens when it is not there. */
  deleteAssessment(trace: TraceHead, assessmentId: string): void;
}

interface Row {
  assessment_id: string;
  trace_key: number;
  trace_id: string;
  name: string;
  kind: AssessmentKind;
  content: string;
  created_at: number;
  updated_at: number;
  valid: number;
}

export function assessmentStore(db: Db): AssessmentStore {
  const insert = db.prepare<[string, number, string, AssessmentKind, string, number, number]>(
    `INSERT INTO assessments (assessment_id, trace_key, name, kind, content, created_at, updated_at, valid)
     VALUES (?, ?, ?, ?, ?, ?, ?, 1)`,
  );
  const same = db
    .prepare<[number, string, AssessmentKind, number, string], string>(
      `SELECT assessment_id FROM assessments
       WHERE trace_key = ? AND name = ? AND kind = ? AND created_at = ? AND content = ?`,
    )
    .pluck();
  const byId = db.prepare<[number, string], Row>(
    `SELECT assessments.*, trace_id FROM assessments JOIN traces USING (trace_key)
     WHERE trace_key = ? AND assessment_id = ?`,
  );
  const update = db.prepare<[string, string, number, number, string]>(
    `UPDATE assessments SET name = ?, content = ?, updated_at = ? WHERE trace_key = ? AND assessment_id = ?`,
  );
  const setValid = db.prepare<[number, number, string]>(
    'UPDATE assessments SET valid = ? WHERE trace_key = ? AND assessment_id = ?',
  );
  const drop = db.prepare<[number, string]>(
    'DELETE FROM assessments WHERE trace_key = ? AND assessment_id = ?',
  );

  function needed({ traceKey, traceId }: TraceHead, assessmentId: string): Row {
    const row = byId.get(traceKey, assessmentId);
    if (row === undefined) {
      throw new UserError(
        'not-found',
        `Assessment with ID '${assessmentId}' not found for trace '${traceId}'`,
      );
    }
    return row;
  }

  return {
    createAssessment(trace, { name, kind, content, createdAt, overrides }) {
      const text = textOf(content);
      const known = same.get(trace.traceKey, name, kind, createdAt, text);
      if (known !== undefined) return known;
      if (overrides !== null) {
        needed(trace, overrides);
        setValid.run(0, trace.traceKey, overrides);
      }
      const assessmentId = `a-${randomBytes(16).toString('hex')}`;
      insert.run(assessmentId, trace.traceKey, name, kind, text, createdAt, createdAt);
      return assessmentId;
    },

    getAssessment: (trace, assessmentId) => assessmentOf(needed(trace, assessmentId)),

    updateAssessment(trace, assessmentId, { name, content }) {
      needed(trace, assessmentId);
      update.run(name, textOf(content), Date.now(), trace.traceKey, assessmentId);
    },

    deleteAssessment(trace, assessmentId) {
      const row = byId.get(trace.traceKey, assessmentId);
      if (row === undefined) return;
      const { overrides } = assessmentOf(row).content;
      if (typeof overrides === 'string') setValid.run(1, trace.traceKey, overrides);
      drop.run(trace.traceKey, assessmentId);
    },
  };
}

/** Reads the assessments of traces, whose keys come as a JSON list, in the order they were made. */
export function assessmentReader(db: Db): (traceKeys: string) => Map<number, Assessment[]> {
  const read = db.prepare<[string], Row>(
    `SELECT assessments.*, trace_id FROM assessments JOIN traces USING (trace_key)
     WHERE trace_key IN (SELECT value FROM json_each(?)) ORDER BY assessment_key`,
  );
  return (traceKeys) =>
    new Map(
      [...groupedBy(read.all(traceKeys), (row) => row.trace_key)].map(([key, rows]) => [
        key,
        rows.map(assessmentOf),
      ]),
    );
}

function assessmentOf(row: Row): Assessment {
  return {
    assessmentId: row.assessment_id,
    traceId: row.trace_id,
    name: row.name,
    kind: row.kind,
    content: JSON.parse(row.content) as Record<string, unknown>,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    valid: row.valid === 1,
  };
}

/** A value of 17 digits or more came as a bigint; protobuf's numbers are doubles. */
function textOf(content: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(content, (_key, value: unknown) =>
    typeof value === 'bigint' ? Number(value) : value,
  );
}
