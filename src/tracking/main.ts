import { parseArgs } from 'node:util';
import { UserError } from '../base/errors';
import { startServer } from './server';

/** `server.js --folder DIR`: the tracking server of one workspace folder. Its output is the server's log. */
async function main(): Promise<void> {
  process.title = 'winnow-server';
  process.umask(0o077);
  process.on('uncaughtException', log);
  process.on('unhandledRejection', log);
  const { values } = parseArgs({ options: { folder: { type: 'string' } } });
  if (values.folder === undefined) {
    throw new UserError('usage', 'Usage: server.js --folder DIR. It is started by Winnow itself.');
  }
  const idleMs = Number(process.env['WINNOW_IDLE_MS']);
  const server = await startServer({
    folder: values.folder,
    programs: __dirname,
    ...(idleMs > 0 ? { idleMs } : {}),
    log,
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void server.stop());
  await server.ended;
  process.exit(0);
}

function log(message: unknown): void {
  const text =
    message instanceof UserError
      ? message.message
      : message instanceof Error
        ? message.stack
        : String(message);
  console.log(`${new Date().toISOString()} ${text}`);
}

main().catch((error: unknown) => {
  // The last line of the log is what a person is shown, so it is the sentence alone.
  console.log(error instanceof UserError ? error.message : error);
  process.exit(1);
});
