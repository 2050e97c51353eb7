// npm start: Winnow in a real VS Code, opened on the example or on a folder of your own.
import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { freePort, installExtension, QUIET_SETTINGS, startEditor, writeSettings } from './editor.mjs';
import { prepareExample } from './example.mjs';
import { packageExtension } from './package.mjs';
import { cache, ensureBuilt, ensureDependencies, root } from './project.mjs';
import { ensureEditor } from './setup.mjs';

const HELP = `npm start -- [--folder DIR] [--port P] [--ask-trust] [--desktop]

  --folder DIR   the folder to open; a working copy of examples/digits by default
  --port P       the port to listen on, on this machine only; 8730 or the next free one by default
  --ask-trust    VS Code asks whether you trust the folder, and starts in Restricted Mode
  --desktop      opens the VS Code that VSCODE_PATH names, or \`code\`, instead of serving a browser`;

const PORT = 8730;

const { folder, port, askTrust, desktop } = readArguments();
try {
  await start();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

async function start() {
  ensureDependencies();
  const opened = folder ?? (await prepareExample(path.join(cache, 'example/digits')));
  if (desktop) return openDesktop(opened);

  const editor = await ensureEditor();
  const data = path.join(cache, 'start', askTrust ? 'editor-with-trust' : 'editor');
  const vsix = packageExtension(path.join(cache, 'start', 'winnow.vsix'));
  installExtension({ editor, data, vsix });
  // In the browser trust is remembered by the page, not by the server: without this every page asks again.
  const trust = { 'security.workspace.trust.enabled': askTrust };
  writeSettings(data, { ...QUIET_SETTINGS, ...trust }, { keep: true });

  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(name, () => stopping.abort());
  const { signal } = stopping;
  const server = await startEditor({ editor, data, port: port ?? (await firstFreePort()), signal });
  console.log(`Winnow is ready: ${server.address(opened)} (Ctrl-C ends it)`);
  process.exitCode = (await server.ended) ?? 0;
}

/** A desktop VS Code runs the extension from this checkout; it has its own settings and asks for trust itself. */
async function openDesktop(opened) {
  const program = process.env.VSCODE_PATH || 'code';
  ensureBuilt();
  const child = spawn(program, ['--new-window', '--wait', `--extensionDevelopmentPath=${root}`, opened], {
    stdio: 'inherit',
  });
  await new Promise((resolve, reject) => {
    child.once('exit', resolve);
    child.once('error', (cause) =>
      reject(new Error(`Could not start ${program}: set VSCODE_PATH to your VS Code. ${cause.message}`)),
    );
  });
}

async function firstFreePort() {
  try {
    return await freePort(PORT);
  } catch {
    // Taken, most likely by another `npm start`.
    return freePort();
  }
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        folder: { type: 'string' },
        port: { type: 'string' },
        'ask-trust': { type: 'boolean', default: false },
        desktop: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) {
      console.log(HELP);
      process.exit(0);
    }
    return {
      folder: values.folder && existingFolder(values.folder),
      port: values.port && portNumber(values.port),
      askTrust: values['ask-trust'],
      desktop: values.desktop || Boolean(process.env.VSCODE_PATH),
    };
  } catch (error) {
    console.error(`${error.message}\n\n${HELP}`);
    process.exit(2);
  }
}

/** Relative to where the person stands: npm runs its scripts in the project's folder. */
function existingFolder(name) {
  const full = path.resolve(process.env.INIT_CWD ?? process.cwd(), name);
  if (!existsSync(full)) throw new Error(`There is no folder ${full}.`);
  if (!statSync(full).isDirectory()) throw new Error(`${full} is not a folder.`);
  return full;
}

function portNumber(text) {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0 && number < 65536) return number;
  throw new Error(`--port takes a number from 1 to 65535, not "${text}".`);
}
