import { ProposedFeatures, createConnection } from 'vscode-languageserver/node';
import { serveLanguage } from './server';

// The channel (--node-ipc or --stdio) is named on the command line by whoever starts this process.
serveLanguage(createConnection(ProposedFeatures.all));
