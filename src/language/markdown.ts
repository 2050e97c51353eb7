import type { OpenRunArgument, ShowChartsArgument } from '../api/language';
import type { Run } from '../model/run';

const MAX_LENGTH = 80; // A hover is at most 520 px wide; a longer name would break its table.

/**
 * A foreign text as plain words in Markdown: no link, picture, HTML, icon or table cell comes out of it, and
 * it stays on one line.
 */
export function escapeMarkdown(text: string): string {
  const visible = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').replace(BIDIRECTIONAL, '');
  const short = visible.length > MAX_LENGTH ? `${[...visible].slice(0, MAX_LENGTH - 1).join('')}…` : visible;
  return (
    short
      .replace(/[\\`*[\]|~]/g, '\\$&')
      // Inside of a word it is no emphasis: val_accuracy stays as it is.
      .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\_')
      // A list, a heading or a line, when the text comes first.
      .replace(/^[-+#=](?=[-+#=\s]|$)/, '\\$&')
      .replace(/^(\d+)(?=[.)](\s|$))/, '$1\\')
      .replace(/[&<>$@]|:(?=\S)|(?<=www)\./gi, (character) => `&#${character.charCodeAt(0)};`)
  );
}

// Characters that turn the direction of what follows: a name could show another name.
const BIDIRECTIONAL = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** A link to a run, with its name. */
export function runLink(folder: string, run: Run, label = escapeMarkdown(run.name)): string {
  const argument: OpenRunArgument = { folder, runId: run.runId };
  return commandLink(label, 'winnow.openRun', argument);
}

/** A link that draws a metric of some runs. */
export function chartLink(folder: string, runs: readonly Run[], metric: string): string {
  const runIds = [...new Set(runs.map((run) => run.runId))];
  const argument: ShowChartsArgument = { folder, runIds, metric };
  return commandLink('Show Chart', 'winnow.showCharts', argument);
}

/** A table with one row a line. The first row is its head; an empty head takes no room in the editor. */
export function table(
  alignments: readonly ('left' | 'right')[],
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = `|${alignments.map((side) => (side === 'left' ? ':--' : '--:')).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

export function picture(alternative: string, svg: string): string {
  const data = Buffer.from(svg, 'utf8').toString('base64');
  return `![${escapeMarkdown(alternative)}](data:image/svg+xml;base64,${data})`;
}

/** Paragraphs, the empty ones left out. */
export function paragraphs(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== '').join('\n\n');
}

function commandLink(label: string, command: string, argument: unknown): string {
  // Parentheses would end the link: encodeURIComponent leaves them as they are.
  const encoded = encodeURIComponent(JSON.stringify([argument])).replace(
    /[()]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
  return `[${label}](command:${command}?${encoded})`;
}
