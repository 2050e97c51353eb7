import type { SyntaxNode } from '@lezer/common';
import { type PythonFile, nodesOf, textOf } from '../python';
import { importsOf, pathsOf } from './imports';
import type { Script } from './script';

/** A file of Python whose declarations count: the script itself, or a module of its folder that it imports. */
export interface Source {
  /** Relative to the folder that the script runs in; null for the script itself. */
  readonly path: string | null;
  readonly file: PythonFile;
  /** The names of the module that the script uses. */
  readonly uses: ReadonlySet<string>;
  /** Whether the script gets to a place: it is no function that nobody of the script's calls. */
  isReached(node: SyntaxNode): boolean;
}

export type Module = Source & { readonly path: string };

const MOST_MODULES = 40;
const MOST_CHARACTERS = 200_000; // Of one module: longer ones are generated.

/** Everything is used of a module whose names are imported by a star. */
const STAR = '*';

/** The modules of the folder that the script imports, also by other modules, in the order they are met. */
export function importedModules(script: Script): readonly Module[] {
  const uses = new Map<string, Set<string>>();
  const queue: { path: string; file: PythonFile }[] = [{ path: script.path, file: script.file }];
  for (let step = 0; step < queue.length && step < 3 * MOST_MODULES; step += 1) {
    const from = queue[step];
    if (from === undefined) break;
    for (const wanted of importsOf(from.file)) {
      for (const { path, names } of pathsOf(wanted, script.path, from.path)) {
        const text = path === script.path ? null : script.text(path);
        if (text === null || text.length > MOST_CHARACTERS) continue;
        const file = script.python(path);
        if (file === null || (!uses.has(path) && uses.size >= MOST_MODULES)) continue;
        const known = uses.get(path) ?? new Set();
        const isNews = !uses.has(path) || names.some((name) => !known.has(name));
        uses.set(path, new Set([...known, ...names]));
        if (isNews) queue.push({ path, file });
      }
    }
  }
  return [...uses].flatMap(([path, names]) => {
    const file = script.python(path);
    return file === null ? [] : [moduleOf(path, file, names)];
  });
}

function moduleOf(path: string, file: PythonFile, uses: ReadonlySet<string>): Module {
  let reached: ReadonlySet<string> | null = null;
  return {
    path,
    file,
    uses,
    isReached(node) {
      const outermost = outermostOf(node);
      const name = nameOf(file, outermost);
      if (name === null) return !isMainBlock(file, outermost);
      reached ??= reachedNames(file, uses);
      return uses.has(STAR) || reached.has(name);
    },
  };
}

/** Names at the module's top level that are used, and those that these use. */
function reachedNames(file: PythonFile, uses: ReadonlySet<string>): ReadonlySet<string> {
  const texts = new Map<string, string>();
  for (const kind of ['FunctionDefinition', 'ClassDefinition'] as const) {
    for (const node of nodesOf(file, kind)) {
      const outermost = outermostOf(node);
      const name = nameOf(file, outermost);
      if (name !== null) texts.set(name, textOf(file, outermost));
    }
  }
  const reached = new Set<string>();
  const queue = [...uses];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const text = texts.get(name);
    if (text === undefined || reached.has(name)) continue;
    reached.add(name);
    for (const [word] of text.matchAll(/[A-Za-z_]\w*/g)) if (texts.has(word)) queue.push(word);
  }
  return reached;
}

function outermostOf(node: SyntaxNode): SyntaxNode {
  let outermost = node;
  while (outermost.parent !== null && outermost.parent.name !== 'Script') outermost = outermost.parent;
  return outermost;
}

/** The name of a function or class, decorated or not; null for any other statement. */
function nameOf(file: PythonFile, statement: SyntaxNode): string | null {
  const definition =
    statement.name === 'DecoratedStatement'
      ? (statement.getChild('FunctionDefinition') ?? statement.getChild('ClassDefinition'))
      : statement;
  if (definition?.name !== 'FunctionDefinition' && definition?.name !== 'ClassDefinition') return null;
  const name = definition.getChild('VariableName');
  return name === null ? null : textOf(file, name);
}

/** `if __name__ == "__main__":`, which an import does not run. */
export function isMainBlock(file: PythonFile, statement: SyntaxNode): boolean {
  if (statement.name !== 'IfStatement') return false;
  const condition = statement.getChild('BinaryExpression');
  return condition !== null && /__name__/.test(textOf(file, condition));
}
