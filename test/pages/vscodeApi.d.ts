/* Pages that are bundled whole ask VS Code for its handle. */
/// <reference types="vscode-webview" />
