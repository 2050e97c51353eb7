import { serveInForeground } from '../../platform/foreground';
import { type Call, type Command, UsageError } from '../command';
import { holdServer } from '../hold';

/** Finds or starts the folder's tracking server and returns, or is the server until it is told to end. */
export const server: Command = {
  name: 'server',
  synopsis:
    'server [--folder DIR] [--json] [--foreground [--port P] [--token T | --no-token] [--host 127.0.0.1]]',
  summary: "Finds or starts the folder's tracking server, keeps it for 12 hours, and returns.",
  options: {
    foreground: { type: 'boolean', help: 'be the server until SIGTERM; one line says when it is ready' },
    port: { type: 'string', value: 'P', help: 'with --foreground: the port, 1024 to 65535' },
    token: {
      type: 'string',
      value: 'T',
      help: 'with --foreground: the token that clients give; $WINNOW_SERVER_TOKEN keeps it out of lists of processes',
    },
    'no-token': {
      type: 'boolean',
      help: 'with --foreground: ask for no token; every local user may connect',
    },
    host: { type: 'string', value: 'HOST', help: 'with --foreground: only 127.0.0.1, which is the default' },
  },
  words: { least: 0, most: 0 },

  async run(call) {
    if (call.flag('foreground')) return serveInForeground(foregroundOptions(call));
    const misplaced = ['port', 'token', 'host'].find((name) => call.text(name) !== undefined);
    if (misplaced !== undefined || call.flag('no-token')) {
      throw new UsageError(
        `--${misplaced ?? 'no-token'} goes with --foreground: a server in the background keeps its own port and token.`,
      );
    }
    const handle = await call.server();
    await holdServer(handle);
    const { connection, info, location } = handle;
    if (call.json) {
      const { trackingUri, token } = connection;
      call.printJson({ trackingUri, token, pid: info.pid, store: info.store });
    } else {
      call.print(`The tracking server of ${location.folder} answers at ${connection.trackingUri}.`);
      call.note('eval "$(winnow env)" lets MLflow clients in this shell log to it.');
    }
    return 0;
  },
};

function foregroundOptions(call: Call): Parameters<typeof serveInForeground>[0] {
  const open = call.flag('no-token');
  refuseOtherHosts(call.text('host'), open);
  const token = call.text('token') ?? (open ? undefined : call.env['WINNOW_SERVER_TOKEN']);
  if (open && token !== undefined) throw new UsageError('--token and --no-token exclude each other.');
  if (token !== undefined && !/^[\x21-\x7e]{8,200}$/.test(token)) {
    throw new UsageError('A token has 8 to 200 characters of ASCII without spaces.');
  }
  if (token?.includes(',') === true) throw new UsageError('A token has no comma.');
  const { folder, json, print, note } = call;
  return {
    folder,
    dist: __dirname,
    port: portOf(call.text('port')),
    token,
    open,
    json,
    print,
    log: (message) => note(message instanceof Error ? (message.stack ?? message.message) : String(message)),
  };
}

function refuseOtherHosts(host: string | undefined, open: boolean): void {
  if (host === undefined || host === '127.0.0.1' || host === 'localhost') return;
  throw new UsageError(
    open
      ? `--no-token works on 127.0.0.1 only: on ${host} whoever reaches this machine could read and delete every run.`
      : `The tracking server listens on 127.0.0.1 only, not on ${host}. Reach it from another machine through an SSH tunnel.`,
  );
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!/^\d{4,5}$/.test(text) || port < 1024 || port > 65_535) {
    throw new UsageError(`--port takes a number from 1024 to 65535, not "${text}".`);
  }
  return port;
}
