const { spawn } = require('node:child_process');
const path = require('node:path');
const readline = require('node:readline');
const vscode = require('vscode');

/** Reads code as lines of JSON, runs it in one set of globals, and answers with the error it raised or null. */
const LOOP = `
import json, sys
names = {"__name__": "__main__"}
for line in sys.stdin:
    error = None
    try:
        exec(json.loads(line), names)
    except BaseException as raised:
        error = repr(raised)
    print(json.dumps(error), file=sys.__stderr__, flush=True)
`;

/** A notebook has a kernel once a test has started one, as a person does by running a cell. */
exports.activate = ({ subscriptions }) => {
  const kernels = new Map();
  const start = (uri) => {
    const folder = vscode.workspace.getWorkspaceFolder(uri).uri.fsPath;
    const python = path.join(folder, '.venv/bin/python');
    const child = spawn(python, ['-c', LOOP], { cwd: folder, stdio: ['pipe', 'ignore', 'pipe'] });
    subscriptions.push({ dispose: () => child.kill() });
    const answers = readline.createInterface({ input: child.stderr })[Symbol.asyncIterator]();
    kernels.set(uri.toString(), {
      language: 'python',
      async *executeCode(code) {
        child.stdin.write(`${JSON.stringify(code)}\n`);
        const error = JSON.parse((await answers.next()).value);
        const data = new TextEncoder().encode(error ?? '');
        if (error !== null) yield { items: [{ mime: 'application/vnd.code.notebook.error', data }] };
      },
    });
  };
  return { start, kernels: { getKernel: async (uri) => kernels.get(uri.toString()) } };
};
