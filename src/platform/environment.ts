/**
 * Variables of the editor, of npm and of Node that must not reach a program which outlives them: they would
 * make an Electron out of it, attach a debugger, or point into a folder that an update removes.
 */
const HOST_VARIABLES = /^(ELECTRON_|VSCODE_|npm_|NODE_OPTIONS$|NODE_CHANNEL_FD$|INIT_CWD$)/;

/** A copy of an environment without the host's own variables. */
export function withoutHostVariables(env: NodeJS.ProcessEnv): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !HOST_VARIABLES.test(name)) kept[name] = value;
  }
  return kept;
}
