// VS Code wants an extension where tests are to run; the work is in main.cjs. This one does nothing, so that its
// activation is the floor of any extension's.
exports.activate = () => undefined;
