import path from 'node:path';
import { writeFileAtomic } from './atomicFile';
import { storeState } from './stateFolder';
import { locateStore } from './storeLocation';

/**
 * Lines of Python that give the process that runs them variables of its environment, and leave no names behind.
 * Proxies of its own stay: this machine is added to what they are not asked for.
 */
export function kernelCode(variables: Readonly<Record<string, string>>): string {
  return [
    'def _winnow_track():',
    '    import os',
    `    variables = ${JSON.stringify(variables)}`,
    "    for name in ('NO_PROXY', 'no_proxy'):",
    "        hosts = [host for host in os.environ.get(name, '').split(',') if host]",
    "        hosts += [host for host in variables.pop(name, '').split(',') if host not in hosts]",
    '        os.environ[name] = ",".join(hosts)',
    '    os.environ.update(variables)',
    '_winnow_track()',
    'del _winnow_track',
    '',
  ].join('\n');
}

/**
 * Writes these lines into a private file of the user's state folder, so that a notebook can run them without a
 * secret in any of its cells. Returns the file, which stays where it is for this folder.
 */
export async function writeKernelFile(
  folder: string,
  variables: Readonly<Record<string, string>>,
): Promise<string> {
  const { directory } = await storeState((await locateStore(folder)).folder);
  const file = path.join(directory, 'track.py');
  await writeFileAtomic(file, kernelCode(variables));
  return file;
}
