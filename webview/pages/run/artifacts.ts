import { type TemplateResult, html, nothing } from 'lit';
import type { ArtifactFolder, ArtifactPreview } from '../../../src/api/runPage';
import type { ArtifactEntry } from '../../../src/api/runPageSchemas';
import { messageOf } from '../../../src/base/errors';
import { artifactKind } from '../../../src/model/artifactKind';
import { formatBytes, formatCount } from '../../../src/model/format';
import { t } from '../../ui/l10n';

export interface ArtifactsHost {
  list(folder: string, offset: number): Promise<ArtifactFolder>;
  preview(path: string): Promise<ArtifactPreview>;
  open(path: string, asText: boolean): void;
  isOpen(folder: string): boolean;
  toggle(folder: string): void;
  changed(): void;
}

interface Loaded {
  entries: readonly ArtifactEntry[];
  hasMore: boolean;
  flavours: readonly string[] | null;
}

const MOST_THUMBNAILS = 12; // Pictures that show by themselves.
const MOST_THUMBNAIL_BYTES = 2_000_000;

/** The tree of a run's files: a folder is read when it is opened, a page at a time. */
export class ArtifactsView {
  private readonly folders = new Map<string, Loaded | { problem: string } | 'reading'>();
  private readonly previews = new Map<string, ArtifactPreview | { problem: string } | 'reading'>();
  /** Previews that a person opened or closed; pictures are open at first. */
  private readonly chosen = new Map<string, boolean>();
  private thumbnails = 0;

  constructor(private readonly host: ArtifactsHost) {}

  /** How many files the top has, for the heading; null until it is known. */
  get note(): string {
    const top = this.folders.get('');
    if (top === undefined || top === 'reading' || 'problem' in top) return '';
    const files = top.entries.filter((entry) => !entry.isFolder);
    const folders = top.entries.length - files.length;
    const bytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
    const more = top.hasMore ? '+' : '';
    return [
      ...(folders === 0 ? [] : [folders === 1 ? t('1 folder') : t('{0} folders', formatCount(folders))]),
      ...(files.length === 0
        ? []
        : [
            files.length === 1
              ? t('1 file, {0}', formatBytes(bytes))
              : t('{0} files, {1}', `${formatCount(files.length)}${more}`, formatBytes(bytes)),
          ]),
    ].join(', ');
  }

  /** Reads what is open again: the run may have written more. */
  async refresh(): Promise<void> {
    this.thumbnails = 0;
    const open = [
      '',
      ...[...this.folders.keys()].filter((folder) => folder !== '' && this.host.isOpen(folder)),
    ];
    await Promise.all(open.map((folder) => this.read(folder, 0)));
  }

  render(): TemplateResult {
    return html`<ul class="files tree" aria-label=${t('Artifacts')}>
      ${this.folder('', 0)}
    </ul>`;
  }

  private async read(folder: string, offset: number): Promise<void> {
    const before = this.folders.get(folder);
    if (before === 'reading') return;
    // What is known stays on the screen while it is read again.
    if (before === undefined || 'problem' in before) this.folders.set(folder, 'reading');
    try {
      const found = await this.host.list(folder, offset);
      const known = offset > 0 && before !== undefined && !('problem' in before) ? before.entries : [];
      this.folders.set(folder, {
        ...found,
        entries: [...known, ...found.entries],
        flavours:
          found.flavours ??
          (offset > 0 && before !== undefined && 'flavours' in before ? before.flavours : null),
      });
    } catch (error) {
      this.folders.set(folder, { problem: messageOf(error) });
    }
    this.host.changed();
  }

  private folder(folder: string, level: number): unknown {
    const found = this.folders.get(folder);
    if (found === undefined) {
      void this.read(folder, 0);
      return nothing;
    }
    if (found === 'reading') return nothing;
    if ('problem' in found) {
      return html`<li class="error">
        ${found.problem}
        <button class="link" @click=${() => void this.read(folder, 0)}>${t('Try Again')}</button>
      </li>`;
    }
    if (found.entries.length === 0) {
      return html`<li class="dim">
        ${folder === '' ? t('No files: the script logged none.') : t('Empty')}
      </li>`;
    }
    const sorted = [...found.entries].sort((a, b) => Number(b.isFolder) - Number(a.isFolder));
    return html`${sorted.map((entry) => this.entry(entry, folder === '' ? entry.name : `${folder}/${entry.name}`, level))}
    ${
      found.hasMore
        ? html`<li>
            <button
              class="link indent${Math.min(level, 6)}"
              @click=${() => void this.read(folder, found.entries.length)}
            >
              ${t('Show More')}
            </button>
          </li>`
        : nothing
    }`;
  }

  private entry(entry: ArtifactEntry, path: string, level: number): TemplateResult {
    const indent = `indent${Math.min(level, 6)}`;
    if (entry.isFolder) {
      const isOpen = this.host.isOpen(path);
      const inside = this.folders.get(path);
      const flavours =
        inside !== undefined && inside !== 'reading' && 'flavours' in inside ? (inside.flavours ?? []) : [];
      return html`<li>
        <button
          class="row ${indent}"
          title=${entry.name}
          aria-expanded=${isOpen}
          @click=${() => this.host.toggle(path)}
        >
          <i class="codicon codicon-chevron-${isOpen ? 'down' : 'right'}" aria-hidden="true"></i>
          <i class="codicon codicon-folder${isOpen ? '-opened' : ''}" aria-hidden="true"></i>
          <span class="file-name">${entry.name}</span>
          ${flavours.length === 0 ? nothing : html`<span class="dim fact">${t('{0} model', flavours.join(', '))}</span>`}
        </button>
        ${
          isOpen
            ? html`<ul>
                ${this.folder(path, level + 1)}
              </ul>`
            : nothing
        }
      </li>`;
    }
    return this.file(entry, path, indent);
  }

  private file(entry: ArtifactEntry, path: string, indent: string): TemplateResult {
    const kind = artifactKind(entry.name);
    const canPreview = kind === 'image' || kind === 'table' || kind === 'json' || kind === 'text';
    const isOpen = this.chosen.get(path) ?? this.showsItself(entry, path, kind);
    const label = isOpen ? t('Hide Preview of {0}', entry.name) : t('Preview {0}', entry.name);
    return html`<li>
      <div class="row ${indent}">
        <span class="twistie" aria-hidden="true"></span>
        <button
          class="file-open"
          title=${kind === 'html' ? t('Show {0}: its scripts do not run', entry.name) : t('Open {0}', entry.name)}
          @click=${() => this.host.open(path, false)}
        >
          <i class="codicon codicon-${ICONS[kind]}" aria-hidden="true"></i>
          <span class="file-name">${entry.name}</span>
        </button>
        ${
          kind === 'html'
            ? html`<button
                class="icon codicon codicon-code"
                title=${t('Open as Text')}
                aria-label=${t('Open {0} as Text', entry.name)}
                @click=${() => this.host.open(path, true)}
              ></button>`
            : nothing
        }
        ${
          canPreview
            ? html`<button
                class="icon codicon codicon-${isOpen ? 'eye-closed' : 'eye'}"
                title=${label}
                aria-label=${label}
                aria-expanded=${isOpen}
                @click=${() => this.togglePreview(path, isOpen)}
              ></button>`
            : nothing
        }
        <span class="dim size">${formatBytes(entry.sizeBytes)}</span>
      </div>
      ${isOpen ? html`<div class="preview">${this.preview(path, entry)}</div>` : nothing}
    </li>`;
  }

  /** Small pictures show without a click, the first dozen of them. */
  private showsItself(entry: ArtifactEntry, path: string, kind: string): boolean {
    if (kind !== 'image' || entry.sizeBytes > MOST_THUMBNAIL_BYTES) return false;
    if (this.previews.has(path)) return true;
    if (this.thumbnails >= MOST_THUMBNAILS) return false;
    this.thumbnails += 1;
    return true;
  }

  private togglePreview(path: string, isOpen: boolean): void {
    this.chosen.set(path, !isOpen);
    if (!isOpen) this.previews.delete(path); // Read anew: it may have changed.
    this.host.changed();
  }

  private async readPreview(path: string): Promise<void> {
    this.previews.set(path, 'reading');
    try {
      this.previews.set(path, await this.host.preview(path));
    } catch (error) {
      this.previews.set(path, { problem: messageOf(error) });
    }
    this.host.changed();
  }

  private preview(path: string, { name }: ArtifactEntry): unknown {
    const found = this.previews.get(path);
    if (found === undefined) {
      void this.readPreview(path);
      return nothing;
    }
    if (found === 'reading') return nothing;
    if ('problem' in found) return html`<p class="error">${found.problem}</p>`;
    switch (found.kind) {
      case 'image':
        return html`<button
          class="thumbnail"
          title=${t('Open {0}', name)}
          @click=${() => this.host.open(path, false)}
        >
          <img src=${found.source} alt=${name} />
        </button>`;
      case 'text':
        return html`<pre tabindex="0">${found.text}</pre>
          ${found.isWhole ? nothing : html`<p class="dim small">${t('The beginning of {0}.', formatBytes(found.sizeBytes))}</p>`}`;
      case 'table':
        return html`${tablePreview(found.rows, name)}
        ${
          found.isWhole
            ? nothing
            : html`<p class="dim small">
                ${t('The first {0} rows of {1}.', formatCount(Math.max(0, found.rows.length - 1)), formatBytes(found.sizeBytes))}
              </p>`
        }`;
      case 'none':
        return html`<p class="dim">${found.why}</p>`;
    }
  }
}

const ICONS = {
  image: 'file-media',
  table: 'table',
  json: 'json',
  text: 'file',
  html: 'globe',
  other: 'file-binary',
} as const;

/** The first row names the columns; numbers stand to the right. */
function tablePreview(rows: readonly (readonly string[])[], name: string): TemplateResult {
  const [head = [], ...body] = rows;
  const isNumber = head.map((_, column) =>
    body.every((row) => (row[column] ?? '') === '' || Number.isFinite(Number(row[column]))),
  );
  return html`<div class="table-preview" tabindex="0">
    <table aria-label=${name}>
      <thead>
        <tr>
          ${head.map((cell, column) => html`<th scope="col" class=${isNumber[column] === true ? 'number' : ''}>${cell}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${body.map(
          (row) =>
            html`<tr>
              ${head.map((_, column) => html`<td class=${isNumber[column] === true ? 'number' : ''}>${row[column] ?? ''}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
