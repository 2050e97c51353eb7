import type { ParamSpec } from '../../model/param';
import { type PythonFile, readPython } from '../python';
import { abslReader } from './absl';
import { argparseReader } from './argparse';
import { argvReader } from './argv';
import { clickReader } from './click';
import { constantReader } from './constants';
import { dataclassReader } from './dataclasses';
import { environmentReader } from './environment';
import { fireReader } from './fire';
import { typerReader } from './typer';
import type { Declaration, ParamReader } from './reader';
import { scriptAlone } from './script';
import { uniqueParams } from './uniqueParams';

/** The ways that stand in the code alone: an editor's hovers need no others, nor the readers of configs. */
export const CODE_READERS: readonly ParamReader[] = [
  argparseReader,
  clickReader,
  typerReader,
  fireReader,
  abslReader,
  dataclassReader,
  argvReader,
  environmentReader,
  constantReader,
];

/**
 * The params that a script accepts, by reading its source alone. What must be computed (an f-string, a call) is
 * null; flags of a subcommand name it. Broken code gives what can be found. Configs and modules beside the
 * script are not read: see readScriptParams.
 */
export function findParams(source: string): readonly ParamSpec[] {
  return uniqueParams(readDeclarations(readPython(source)).map(({ spec }) => spec));
}

/** As findParams, with every place that names the param and every repetition. */
export function readDeclarations(file: PythonFile): readonly Declaration[] {
  const script = scriptAlone(file);
  const found: Declaration[] = [];
  for (const reader of CODE_READERS) found.push(...reader.read(script, found));
  return found;
}
