import { UserError } from '../../../base/errors';
import { isPrompt, stageNamed } from '../../../model/modelVersion';
import type { ModelVersionRecord } from '../../../store/registry/records';
import type { Store } from '../../../store/store';
import { isLatest } from './registryWire';
import { type SourceUri, hasRelativeParts, parseSource } from './sourceUri';

/** What the registry needs to know of logged models. */
export interface LoggedModels {
  /** Null when there is no such model. */
  find(modelId: string): { readonly artifactLocation: string; readonly sourceRunId: string | null } | null;
  /** Notes on the logged model that it became a version (its tag mlflow.modelVersions). Called inside of a write. */
  registered(modelId: string, name: string, version: number): void;
}

/** What model-versions/create says of where its model comes from. */
export interface AskedSource {
  readonly source: string;
  readonly runId: string | undefined;
  readonly modelId: string | undefined;
}

/** The same, checked. */
export interface ResolvedSource {
  readonly source: string;
  /** Where the files are: the source, or what a `models:/` source stands for. */
  readonly storageLocation: string;
  /** Empty when there is no run. */
  readonly runId: string;
  readonly modelId: string | null;
}

type Known = Pick<
  Store,
  'runKeysOf' | 'getRegisteredModel' | 'getModelVersion' | 'versionByAlias' | 'latestVersions'
>;

/**
 * Checks a source and finds what it stands for. A source is text of a stranger's: no path of this machine, nothing
 * that climbs out of where it starts, and nothing of a run or a logged model other than the one that is named.
 * Where none is named, a source that lies in a known one names it. Other addresses (s3, https, …) are kept as they
 * are: clients read them, the server never does.
 * @throws UserError 'invalid' in MLflow's words, 'not-found' for a version, alias or logged model that is not there.
 */
export function resolveSource(asked: AskedSource, known: Known, loggedModels: LoggedModels): ResolvedSource {
  const { source } = asked;
  const uri = parseSource(source);
  if (uri.scheme === null) throw localSource(asked);
  if (hasRelativeParts(source, uri)) {
    throw invalid(
      source,
      'If supplying a source as an http, https, local file path, ftp, objectstore, or mlflow-artifacts uri, an absolute path must be provided without relative path references present. Please provide an absolute path.',
    );
  }
  if (uri.scheme === 'models') return fromRegistry(asked, uri, known, loggedModels);
  if (uri.scheme === 'runs') {
    if (given(asked.modelId)) throw notOf('model_id', source);
    if (uri.host !== '') throw notOf('run_id', source);
    return { ...inRun(asked, uri.parts[0], known), modelId: null };
  }
  const owner = uri.artifactParts === null ? null : ownerOf(uri.artifactParts);
  if (owner?.kind === 'model') {
    const model = given(asked.modelId) ? asked.modelId : owner.id;
    if (model !== owner.id) throw notOf('model_id', source);
    if (given(asked.modelId) || loggedModels.find(owner.id) !== null) {
      return ofLoggedModel(asked, model, loggedModels);
    }
  }
  if (given(asked.modelId)) {
    if (uri.artifactParts !== null) throw notOf('model_id', source);
    return ofLoggedModel(asked, asked.modelId, loggedModels);
  }
  return { ...inRun(asked, owner?.kind === 'run' ? owner.id : undefined, known), modelId: null };
}

/** A prompt has no files: MLflow's clients put one of these words in the place of a source. */
export function checkPromptSource({ source, runId }: AskedSource): ResolvedSource {
  if (!['dummy-source', 'prompt-template'].includes(source)) {
    throw new UserError(
      'invalid',
      `Invalid prompt source: '${source}'. Prompt sources must use an MLflow placeholder.`,
    );
  }
  return { source, storageLocation: source, runId: runId ?? '', modelId: null };
}

/** Of a run that this server does not know it has no files either, so that whoever names another one gains nothing. */
function inRun(
  { source, runId }: AskedSource,
  sourceRunId: string | undefined,
  known: Known,
): Omit<ResolvedSource, 'modelId'> {
  const isKnown = sourceRunId !== undefined && known.runKeysOf([sourceRunId]).length > 0;
  if (isKnown && given(runId) && runId !== sourceRunId) throw notOf('run_id', source);
  const named = given(runId) ? runId : isKnown ? sourceRunId : '';
  return { source, storageLocation: source, runId: named };
}

function ofLoggedModel(asked: AskedSource, modelId: string, loggedModels: LoggedModels): ResolvedSource {
  const model = loggedModels.find(modelId);
  if (model === null) throw new UserError('not-found', `Logged model with ID '${modelId}' not found.`);
  const { source } = asked;
  return {
    source,
    storageLocation: source,
    runId: given(asked.runId) ? asked.runId : (model.sourceRunId ?? ''),
    modelId,
  };
}

/** `models:/<logged model>`, `models:/name/version`, `models:/name/stage`, `models:/name/latest`, `models:/name@alias`. */
function fromRegistry(
  asked: AskedSource,
  uri: SourceUri,
  known: Known,
  loggedModels: LoggedModels,
): ResolvedSource {
  const { source } = asked;
  const [first, second] = uri.parts;
  if (uri.host !== '') throw invalid(source, 'Registered model sources must use the active model registry.');
  if (first === undefined || uri.parts.length > 2) throw notOf('model_id', source);
  if (second === undefined && !first.includes('@')) {
    if (given(asked.modelId) && asked.modelId !== first) throw notOf('model_id', source);
    const model = ofLoggedModel(asked, first, loggedModels);
    const location = loggedModels.find(first)?.artifactLocation ?? source;
    return { ...model, storageLocation: location };
  }
  const version = versionNamed(source, first, second, known);
  const wrongRun = asked.runId !== undefined && asked.runId !== version.runId;
  const wrongModel = asked.modelId !== undefined && asked.modelId !== (version.modelId ?? '');
  if (wrongRun || wrongModel) {
    throw invalid(
      source,
      'The run_id and model_id request parameters must match the referenced model version.',
    );
  }
  return {
    source: `models:/${version.name}/${version.version}`,
    storageLocation: version.storageLocation,
    runId: version.runId,
    modelId: version.modelId,
  };
}

function versionNamed(
  source: string,
  first: string,
  second: string | undefined,
  known: Known,
): ModelVersionRecord {
  const at = first.lastIndexOf('@');
  const name = second === undefined ? first.slice(0, at) : first;
  if (isPrompt(known.getRegisteredModel(name).tags)) {
    throw invalid(source, 'Prompt versions cannot be used as model version sources.');
  }
  if (second === undefined) {
    const alias = first.slice(at + 1);
    const found = known.versionByAlias(name, alias);
    if (found === null) throw new UserError('invalid', `Registered model alias ${alias} not found.`);
    return found;
  }
  if (/^\d+$/.test(second)) return known.getModelVersion(name, Number(second));
  const stage = stageNamed(second);
  const latest = known
    .latestVersions(name)
    .findLast((version) => isLatest(second) || version.stage === stage);
  if (latest === undefined) {
    throw new UserError('not-found', `No versions of model with name '${name}' and stage '${second}' found`);
  }
  return latest;
}

/** Whose folder an artifact of this server lies in: `<experiment>/<run>/artifacts`, `<experiment>/models/<id>/artifacts`. */
function ownerOf(parts: readonly string[]): { readonly kind: 'run' | 'model'; readonly id: string } | null {
  const [, second, third, fourth] = parts;
  if (second === 'models' && third !== undefined && fourth === 'artifacts')
    return { kind: 'model', id: third };
  return second !== undefined && third === 'artifacts' ? { kind: 'run', id: second } : null;
}

/** Clients say '' for "none" as well as nothing. */
function given(id: string | undefined): id is string {
  return id !== undefined && id !== '';
}

function localSource({ source, modelId }: AskedSource): UserError {
  const id = given(modelId) ? 'model_id' : 'run_id';
  return invalid(
    source,
    `To use a local path as a model version source, the ${id} request parameter has to be specified and the local path has to be contained within the artifact directory of the run specified by the ${id}. This server keeps artifacts itself: name them by their mlflow-artifacts:/ address.`,
  );
}

function notOf(parameter: string, source: string): UserError {
  return invalid(
    source,
    `The ${parameter} request parameter must identify the resource that contains the source.`,
  );
}

function invalid(source: string, why: string): UserError {
  return new UserError('invalid', `Invalid model version source: '${source}'. ${why}`);
}
