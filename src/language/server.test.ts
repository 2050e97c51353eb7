import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  type Hover,
  HoverRequest,
  InitializeRequest,
  InitializedNotification,
  type ProtocolConnection,
} from 'vscode-languageserver';
import {
  StreamMessageReader,
  StreamMessageWriter,
  createProtocolConnection,
} from 'vscode-languageserver/node';
import { CONNECTION_NOTIFICATION, THEME_NOTIFICATION } from '../api/language';
import { numbersToWire } from '../api/wire';
import { spawnPiped } from '../platform/spawn';
import { metricUsage, usageOf } from './testUsage';

// The process as the editor starts it, bundled, over stdio; and an HTTP server with a tracking server's answers.

const FOLDER = mkdtempSync(path.join(tmpdir(), 'winnow language ü'));
const TRAIN = pathToFileURL(path.join(FOLDER, 'train.py')).href;
const TOKEN = 'the-token';

let http: Server;
let editor: ProtocolConnection;
let trackingUri: string;
let seenTokens: (string | undefined)[] = [];
let isSilent = false;
let stop: () => void;

beforeAll(async () => {
  const bundle = path.join(FOLDER, 'language.js');
  await esbuild.build({
    entryPoints: [path.join(import.meta.dirname, 'main.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
  });
  http = createServer((request, response) => {
    seenTokens.push(request.headers.authorization);
    if (isSilent) return;
    const answers: Record<string, unknown> = {
      '/api/winnow/metrics/usage': { usage: metricUsage() },
      '/api/winnow/params/usage': { usage: null },
      '/api/winnow/experiments/list': { experiments: [] },
    };
    void answerSeries(request.url ?? '').then((series) =>
      response.end(JSON.stringify(answers[request.url ?? ''] ?? series, numbersToWire)),
    );
  }).listen(0, '127.0.0.1');
  await once(http, 'listening');
  const address = http.address();
  trackingUri = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;

  const child = spawnPiped(process.execPath, [bundle, '--stdio']);
  stop = () => child.kill();
  if (child.stdout === null || child.stdin === null) throw new Error('The process has no pipes.');
  editor = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  editor.listen();
  await editor.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    capabilities: {},
  });
  await editor.sendNotification(InitializedNotification.type, {});
  await editor.sendNotification(DidOpenTextDocumentNotification.type, {
    textDocument: {
      uri: TRAIN,
      languageId: 'python',
      version: 1,
      text: 'mlflow.log_metric("val_accuracy", x)\n',
    },
  });
});

afterAll(() => {
  editor.dispose();
  stop();
  http.closeAllConnections();
  http.close();
  rmSync(FOLDER, { recursive: true });
});

async function answerSeries(url: string) {
  if (!url.endsWith('/series/read')) return {};
  const signal = new AbortController().signal;
  return { series: await usageOf({}).series([metricUsage().last.run.runId], 'val_accuracy', 220, signal) };
}

const hoverAt = (line: number, character: number, uri = TRAIN): Promise<Hover | null> =>
  editor.sendRequest(HoverRequest.type, { textDocument: { uri }, position: { line, character } });

const connect = (connection: { trackingUri: string; token: string } | null) =>
  editor.sendNotification(CONNECTION_NOTIFICATION, { folder: FOLDER, connection });

test('before the window names a tracking server there are no hovers', async () => {
  expect(await hoverAt(0, 22)).toBe(null);
  expect(seenTokens).toEqual([]);
});

test('a hover asks the tracking server with its token', async () => {
  await connect({ trackingUri, token: TOKEN });
  await editor.sendNotification(THEME_NOTIFICATION, { theme: 'light' });
  const hover = await hoverAt(0, 22);
  expect(JSON.stringify(hover?.contents)).toContain('0.9916');
  expect(hover?.range).toEqual({ start: { line: 0, character: 18 }, end: { line: 0, character: 32 } });
  expect(new Set(seenTokens)).toEqual(new Set([`Bearer ${TOKEN}`]));
});

test('a changed text is read as it is now', async () => {
  await editor.sendNotification(DidChangeTextDocumentNotification.type, {
    textDocument: { uri: TRAIN, version: 2 },
    contentChanges: [
      { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, text: '#\n' },
    ],
  });
  expect(await hoverAt(0, 0)).toBe(null);
  expect(await hoverAt(1, 22)).not.toBe(null);
});

test('places and files that are not there have no hover', async () => {
  expect(await hoverAt(9_999, 9_999)).toBe(null);
  expect(await hoverAt(0, 0, 'file:///elsewhere.py')).toBe(null);
});

test('a message that is not understood costs nothing', async () => {
  await editor.sendNotification(CONNECTION_NOTIFICATION, { folder: 3 });
  await editor.sendNotification(THEME_NOTIFICATION, { theme: 'pink' });
  expect(await hoverAt(1, 22)).not.toBe(null);
});

test('a tracking server that does not answer gives no hover, and the next one comes', async () => {
  isSilent = true;
  expect(await hoverAt(1, 22)).toBe(null);
  isSilent = false;
  expect(await hoverAt(1, 22)).not.toBe(null);
});

test('a tracking server that is gone gives no hover', async () => {
  await connect({ trackingUri: 'http://127.0.0.1:1', token: TOKEN });
  expect(await hoverAt(1, 22)).toBe(null);
  await connect(null);
  seenTokens = [];
  expect(await hoverAt(1, 22)).toBe(null);
  expect(seenTokens).toEqual([]);
});
