import { UserError } from '../../base/errors';
import type { Stage } from '../../model/modelVersion';

/** A registered model. Instants are epoch milliseconds. */
export interface RegisteredModelRecord {
  readonly name: string;
  readonly description: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly tags: Readonly<Record<string, string>>;
  /** Alias → version. */
  readonly aliases: Readonly<Record<string, number>>;
  /** The newest version of each stage that has one. */
  readonly latestVersions: readonly ModelVersionRecord[];
}

/** A version of a registered model. Instants are epoch milliseconds. */
export interface ModelVersionRecord {
  readonly name: string;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Null once it was taken away; an empty one is what a client said. */
  readonly description: string | null;
  readonly stage: Stage;
  /** Where the model came from, as the client said it: text of a stranger's, never to be opened as it is. */
  readonly source: string;
  /** Where its files are: the source, or what a `models:/` source stands for. */
  readonly storageLocation: string;
  /** Empty when no run was named. */
  readonly runId: string;
  readonly runLink: string;
  /** The logged model that was registered. */
  readonly modelId: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly aliases: readonly string[];
}

export function modelMissing(name: string): UserError {
  return new UserError('not-found', `Registered Model with name=${name} not found`);
}

export function versionMissing(name: string, version: number): UserError {
  return new UserError('not-found', `Model Version (name=${name}, version=${version}) not found`);
}
