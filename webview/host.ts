import { type Channel, type PageMessage, openChannel } from '../src/api/pageRpc';
import { UserError } from '../src/base/errors';

/** The page's end of the line to the window, and what the page remembers while it is hidden or closed. */
export interface Host<Remote> {
  readonly call: Channel<Remote>['call'];
  /** What `remember` was last given, from any earlier version of the page: to be read with care. */
  readonly remembered: unknown;
  remember(state: unknown): void;
}

/** Methods that the window may call, by their names. */
export type PageMethods<Page> = { readonly [Method in keyof Page]: Page[Method] };

/** Opens the line to the window. To be called once: VS Code gives its handle out a single time. */
export function connectHost<Remote, Page>(methods: PageMethods<Page>): Host<Remote> {
  const vscode = acquireVsCodeApi();
  const channel = openChannel<Remote>(
    (message: PageMessage) => vscode.postMessage(message),
    async (method, request) => {
      const entry = Object.entries(methods).find(([name]) => name === method)?.[1];
      if (typeof entry !== 'function') throw new UserError('page-method', `The page has no "${method}".`);
      return (await entry.call(methods, request)) as unknown;
    },
    (error) => console.error(error),
  );
  window.addEventListener('message', (event) => channel.receive(event.data));
  return {
    call: (method, request) => channel.call(method, request),
    remembered: vscode.getState(),
    remember: (state) => void vscode.setState(state),
  };
}
