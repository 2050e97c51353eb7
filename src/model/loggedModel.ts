/** How far a logged model is, in MLflow's words without their prefix. */
export type LoggedModelStatus = 'PENDING' | 'READY' | 'UPLOAD_FAILED';

/** A point of a metric that was logged of a model. Steps and timestamps are bigints where a number is not exact. */
export interface LoggedModelMetric {
  readonly name: string;
  /** May be NaN or infinite. */
  readonly value: number;
  readonly step: number | bigint;
  /** Epoch milliseconds. */
  readonly timestamp: number | bigint;
  /** The run that logged it. */
  readonly runId: string;
  /** The data it was measured on; empty when nobody said. */
  readonly datasetName: string;
  readonly datasetDigest: string;
}

/** A model that a run or a person logged: a folder of files with params, tags and metrics of its own. */
export interface LoggedModel {
  readonly modelId: string;
  readonly experimentId: string;
  readonly name: string;
  readonly modelType: string | null;
  /** The run that made it, as the client said: it need not exist here. */
  readonly sourceRunId: string | null;
  readonly status: LoggedModelStatus;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly deleted: boolean;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly metrics: readonly LoggedModelMetric[];
}

const MODEL_ID = /^m-[0-9a-f]{32}$/;

export function isLoggedModelId(text: string): boolean {
  return MODEL_ID.test(text);
}
