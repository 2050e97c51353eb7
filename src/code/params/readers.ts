import type { ParamSpec } from '../../model/param';
import { abslReader } from './absl';
import { argparseReader } from './argparse';
import { argvReader } from './argv';
import { clickReader } from './click';
import { configReader } from './configFiles';
import { constantReader } from './constants';
import { dataclassReader } from './dataclasses';
import { environmentReader } from './environment';
import { fireReader } from './fire';
import { hydraReader } from './hydra';
import { notebookReader } from './notebook';
import { typerReader } from './typer';
import type { Declaration, ParamReader } from './reader';
import type { Script } from './script';
import { uniqueParams } from './uniqueParams';

/** Every way, in the order in which params are shown: the command line, configs, the environment, constants. */
export const PARAM_READERS: readonly ParamReader[] = [
  argparseReader,
  clickReader,
  typerReader,
  fireReader,
  abslReader,
  dataclassReader,
  argvReader,
  hydraReader,
  configReader,
  environmentReader,
  notebookReader,
  constantReader,
];

/** The params of a script, each once. */
export function paramsOf(script: Script): readonly ParamSpec[] {
  return uniqueParams(declarationsOf(script).map(({ spec }) => spec));
}

function declarationsOf(script: Script): readonly Declaration[] {
  const found: Declaration[] = [];
  // The text of a notebook is no Python.
  const readers = script.path.endsWith('.ipynb') ? [notebookReader] : PARAM_READERS;
  for (const reader of readers) found.push(...reader.read(script, found));
  return found;
}
