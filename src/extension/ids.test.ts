import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { COMMANDS, RUN_COLOUR_COUNT, VIEWS, runColourId, runContextValue } from './ids';

const root = path.resolve(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const words: Record<string, string> = JSON.parse(readFileSync(path.join(root, 'package.nls.json'), 'utf8'));
const { contributes } = manifest;

test('package.json declares exactly the commands that exist', () => {
  const declared = contributes.commands.map(({ command }: { command: string }) => command);
  expect(declared.sort()).toEqual(Object.values(COMMANDS).sort());
});

test('every command has a file, and every file is in the list', () => {
  const files = readdirSync(path.join(import.meta.dirname, 'commands'))
    .map((name) => path.basename(name, '.ts'))
    .filter((name) => name !== 'index' && name !== 'command');
  expect(files.sort()).toEqual(Object.keys(COMMANDS).sort());
  const list = readFileSync(path.join(import.meta.dirname, 'commands/index.ts'), 'utf8');
  const listed = list.slice(list.indexOf('commands: readonly')).matchAll(/^ {2}(\w+),$/gm);
  expect([...listed].map(([, name]) => name).sort()).toEqual(files.sort());
});

test('every sentence of package.json is written in package.nls.json, and no other', () => {
  const used = [...JSON.stringify(manifest).matchAll(/"%([^"%]+)%"/g)].map(([, key]) => key);
  expect([...new Set(used)].sort()).toEqual(Object.keys(words).sort());
});

test('menus, keys and links name commands that exist', () => {
  const ours = [
    ...`${JSON.stringify(contributes.menus)}${JSON.stringify(contributes.keybindings)}`.matchAll(
      /"(winnow\.\w+)"/g,
    ),
  ];
  const linked = [...JSON.stringify(words).matchAll(/command:(winnow\.\w+)/g)];
  const known: string[] = Object.values(COMMANDS);
  expect(
    [...ours, ...linked].map(([, id]) => id).filter((id) => id === undefined || !known.includes(id)),
  ).toEqual([]);
});

test('every view and every colour of a run is declared', () => {
  expect(contributes.views.winnow.map(({ id }: { id: string }) => id)).toEqual(Object.values(VIEWS));
  const colours = contributes.colors.map(({ id }: { id: string }) => id);
  for (let slot = 1; slot <= RUN_COLOUR_COUNT; slot++) expect(colours).toContain(runColourId(slot));
  expect(runColourId(9)).toBe(runColourId(1));
});

test('the flags of a row are what the menus test', () => {
  expect(runContextValue({ state: 'running', hasRunner: true, isOn: false })).toBe('run.live.off.runner');
  expect(runContextValue({ state: 'lost', hasRunner: false, isOn: true })).toBe('run.over.on.foreign');
  expect(runContextValue({ state: 'failed', hasRunner: true, isOn: true })).toBe(
    'run.over.on.runner.resumable',
  );
});
