// Runs inside the extension host, as a test run: reads one order of the bench, carries it out, answers.
const { readFile, rename, writeFile } = require('node:fs/promises');
const path = require('node:path');
const vscode = require('vscode');

const WINNOW = 'winnow-ml.winnow';
const EMPTY = 'winnow-ml.winnow-bench-driver';
const QUIET_MS = 2_000; // The window has opened but still settles: without a pause its own start is measured too.

const ORDERS = {
  /** Moves a store into the window's folder, then activates Winnow: how long, and was it active before? */
  async activate({ storeAside, store }) {
    const extension = vscode.extensions.getExtension(WINNOW);
    if (extension === undefined) throw new Error(`${WINNOW} is not installed.`);
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    const wasActive = extension.isActive;
    const floor = await activate(vscode.extensions.getExtension(EMPTY));
    await rename(storeAside, store);
    return { wasActive, floor, winnow: await activate(extension), vscode: vscode.version };
  },

  /** Executes a command of the window. */
  async command({ command, args }) {
    await vscode.extensions.getExtension(WINNOW)?.activate();
    await vscode.commands.executeCommand(command, ...args);
    return { vscode: vscode.version };
  },
};

/** How long, and how much of a processor: the second hardly depends on what else the machine does. */
async function activate(extension) {
  const start = performance.now();
  const cpu = process.cpuUsage();
  await extension.activate();
  const { user, system } = process.cpuUsage(cpu);
  return { ms: performance.now() - start, cpuMs: (user + system) / 1000 };
}

exports.run = async () => {
  const folder = process.env.WINNOW_BENCH_DRIVER;
  const order = JSON.parse(await readFile(path.join(folder, 'order.json'), 'utf8'));
  const answer = await ORDERS[order.do](order).catch((error) => ({ error: error?.stack ?? String(error) }));
  await writeFile(path.join(folder, 'answer.part'), JSON.stringify(answer));
  await rename(path.join(folder, 'answer.part'), path.join(folder, 'answer.json'));
  // The window ends with this promise: it stays open until the bench closes it.
  await new Promise(() => undefined);
};
