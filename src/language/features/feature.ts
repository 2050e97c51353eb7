import type { ThemeKind } from '../../api/language';
import type { CodeSymbol } from '../../code/symbols';
import type { UsageSource } from '../usage';

/** What a hover is asked about, and what it may know. */
export interface HoverRequest {
  readonly symbol: CodeSymbol;
  readonly source: string;
  /** The file's name without its folder, to say whose param it is. */
  readonly fileName: string;
  /** The workspace folder, for links. */
  readonly folder: string;
  readonly theme: ThemeKind;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** One kind of hover: a file of its own, and a line in index.ts. */
export interface HoverFeature {
  readonly kind: CodeSymbol['kind'];
  /** The hover's Markdown, or null when no run knows the symbol. May throw: that costs this hover only. */
  readonly show: (usage: UsageSource, request: HoverRequest, signal: AbortSignal) => Promise<string | null>;
}
