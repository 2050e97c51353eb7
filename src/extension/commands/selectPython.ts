import * as vscode from 'vscode';
import { COMMANDS } from '../ids';

const PYTHON_EXTENSION = 'ms-python.python';

/** Chooses the interpreter: with the Python extension where it is installed, else Winnow's own setting. */
export const selectPython = {
  id: COMMANDS.selectPython,
  async run() {
    const own = vscode.workspace.getConfiguration('winnow').get<unknown>('python');
    if (own === '' && vscode.extensions.getExtension(PYTHON_EXTENSION) !== undefined) {
      await vscode.commands.executeCommand('python.setInterpreter');
    } else {
      await vscode.commands.executeCommand('workbench.action.openSettings', 'winnow.python');
    }
  },
};
