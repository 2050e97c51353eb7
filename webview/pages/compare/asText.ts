import type { CompareView } from '../../../src/api/comparePage';
import type { CompareCell } from './cells';
import type { CompareRow } from './rows';
import { t } from '../../ui/l10n';

/** What is shown as a table in Markdown, one below each section's heading. Values stay text whatever they hold. */
export function asMarkdown(view: CompareView, rows: readonly CompareRow[]): string {
  const names = view.runs.map(({ run }, index) => (index === 0 ? t('{0} (base)', run.name) : run.name));
  const line = (cells: readonly string[]) => `| ${cells.map(inMarkdown).join(' | ')} |`;
  const blocks: string[] = [];
  for (const row of rows) {
    if (row.kind === 'head') {
      blocks.push(
        '',
        `### ${inMarkdown(row.section.title)}`,
        '',
        ...(row.shownCount === 0 || row.isFolded
          ? []
          : [line(['', ...names]), `|:--|${'--:|'.repeat(names.length)}`]),
      );
    } else if (row.kind === 'note') blocks.push(inMarkdown(row.text));
    else blocks.push(line([nameOf(row), ...row.cells().map(shown)]));
  }
  return `${blocks.join('\n').trim()}\n`;
}

/** What is shown as CSV (RFC 4180): section, name, one column a run with its value, whatever the page shortens. */
export function asCsv(view: CompareView, rows: readonly CompareRow[]): string {
  const lines = [['section', 'name', ...view.runs.map(({ run }) => run.name)]];
  for (const row of rows) {
    if (row.kind !== 'value') continue;
    lines.push([row.section, nameOf(row), ...row.cells().map(({ value }) => value ?? '')]);
  }
  return lines.map((line) => `${line.map(inCsv).join(',')}\r\n`).join('');
}

function nameOf({ name, facet }: { readonly name: string; readonly facet: string }): string {
  return facet === '' ? name : `${name}, ${facet}`;
}

function shown({ text, note }: CompareCell): string {
  return note === undefined ? text : `${text} ${note}`;
}

function inMarkdown(text: string): string {
  return text
    .replaceAll(/[\\`*_{}[\]<>#|~]/g, (character) => `\\${character}`)
    .replaceAll(/\s*[\r\n]+\s*/g, ' ');
}

function inCsv(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
