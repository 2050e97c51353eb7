const vscode = require('vscode');

/** The adapter of the interpreter that the configuration names, as the real extension starts the one it brings. */
exports.activate = ({ subscriptions }) => {
  subscriptions.push(
    vscode.debug.registerDebugAdapterDescriptorFactory('debugpy', {
      createDebugAdapterDescriptor: ({ configuration }) =>
        new vscode.DebugAdapterExecutable(configuration.python, ['-m', 'debugpy.adapter']),
    }),
  );
};
