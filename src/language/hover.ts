import type { Hover, Position } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { ThemeKind } from '../api/language';
import { symbolAt } from '../code/symbols';
import { hoverFeatures } from './features';
import type { UsageSource } from './usage';

/** Where a hover gets its facts, and how it looks. */
export interface HoverSources {
  readonly usage: UsageSource;
  readonly folder: string;
  readonly fileName: string;
  readonly theme: ThemeKind;
  readonly now: number;
}

const DEADLINE_MS = 1_000; // Later the eyes have left the place.

/** What the editor shows at a place of a Python file, or null when nothing is known there. */
export async function getHover(
  document: TextDocument,
  position: Position,
  { usage, folder, fileName, theme, now }: HoverSources,
  signal: AbortSignal,
): Promise<Hover | null> {
  const source = document.getText();
  const symbol = symbolAt(source, document.offsetAt(position));
  const feature = hoverFeatures.find(({ kind }) => kind === symbol?.kind);
  if (symbol === null || feature === undefined) return null;
  const range = { start: document.positionAt(symbol.range.from), end: document.positionAt(symbol.range.to) };
  // The time counts from here: reading a large file for the first time takes as long by itself.
  const within = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);
  const value = await feature.show(usage, { symbol, source, fileName, folder, theme, now }, within);
  return value === null ? null : { contents: { kind: 'markdown', value }, range };
}
