// The charts page in a browser, without an editor: the page itself behind a window that is made up.
import './fakeHost.js';
import '../../webview/pages/charts.ts';
