// Runs side by side in a browser, without an editor: the page itself behind a window that is made up.
import './fakeCompareHost.js';
import '../../webview/pages/compare.ts';
