import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError, errorCode, messageOf } from '../base/errors';
import { type WinnowYaml, readWinnowYaml } from '../code/winnowYaml';

/** What winnow.yaml of a folder says; a folder without one says nothing. @throws UserError 'winnow-yaml'. */
export async function readConfig(folder: string): Promise<WinnowYaml> {
  let text = '';
  try {
    text = await readFile(path.join(folder, 'winnow.yaml'), 'utf8');
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') {
      const why = `winnow.yaml in ${folder} cannot be read (${messageOf(error)}).`;
      throw new UserError('winnow-yaml', why, { cause: error });
    }
  }
  return readWinnowYaml(text);
}
