import { parseArgs } from 'node:util';
import { UserError } from '../base/errors';
import { TOKEN_VARIABLE } from '../platform/foreground';
import { serveForeground } from './foreground';
import { startServer } from './server';

// The command line becomes the server by loading this bundle.
export { serveForeground } from './foreground';

/**
 * `server.js --folder DIR`: the tracking server of one workspace folder, started by Winnow itself; its output is
 * the server's log. With `--foreground` it lives as long as its standard input is open, see `serveForeground`.
 */
async function main(): Promise<void> {
  process.title = 'winnow-server';
  process.umask(0o077);
  process.on('uncaughtException', log);
  process.on('unhandledRejection', log);
  const { values } = parseArgs({
    options: {
      folder: { type: 'string' },
      foreground: { type: 'boolean' },
      port: { type: 'string' },
      'no-token': { type: 'boolean' },
      json: { type: 'boolean' },
    },
  });
  if (values.folder === undefined) {
    throw new UserError('usage', 'Usage: server.js --folder DIR. It is started by Winnow itself.');
  }
  if (values.foreground === true) {
    process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM')).resume();
    const token = process.env[TOKEN_VARIABLE];
    delete process.env[TOKEN_VARIABLE];
    process.exit(
      await serveForeground({
        folder: values.folder,
        dist: __dirname,
        port: values.port === undefined ? undefined : Number(values.port),
        token,
        open: values['no-token'] === true,
        json: values.json === true,
        print: (line) => console.log(line),
        log: (message) => console.error(lineOf(message)),
      }),
    );
  }
  const idleMs = Number(process.env['WINNOW_IDLE_MS']);
  const server = await startServer({
    folder: values.folder,
    programs: __dirname,
    ...(idleMs > 0 ? { idleMs } : {}),
    log,
  });
  log(`Listens on ${server.trackingUri} for ${values.folder}.`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void server.stop());
  await server.ended;
  process.exit(0);
}

function log(message: unknown): void {
  console.log(`${new Date().toISOString()} ${lineOf(message)}`);
}

function lineOf(message: unknown): string {
  if (message instanceof UserError) return message.message;
  return message instanceof Error ? (message.stack ?? message.message) : String(message);
}

if (require.main === module) {
  main().catch((error: unknown) => {
    // The last line of the log is what a person is shown, so it is the sentence alone.
    console.log(error instanceof UserError ? error.message : error);
    process.exit(1);
  });
}
