export { findParams, readDeclarations } from './findParams';
export type { Declaration } from './reader';
export { PARAM_READERS } from './readers';
export { type ScriptFiles, type ScriptParams, readScriptParams } from './readScriptParams';
