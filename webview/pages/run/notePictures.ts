import type { ArtifactPreview } from '../../../src/api/runPage';
import { t } from '../../ui/l10n';

/** Shows the pictures of a note, which lie among the run's artifacts, as soon as they were read; each is read once. */
export class NotePictures {
  private readonly sources = new Map<string, Promise<string | null>>();

  constructor(
    private readonly preview: (path: string) => Promise<ArtifactPreview>,
    private readonly open: (path: string) => void,
  ) {}

  /** Fills those below `root` that have no source yet. One that cannot be read leaves its name and its path. */
  fill(root: ParentNode): void {
    for (const image of root.querySelectorAll<HTMLImageElement>('img[data-artifact]:not([src])')) {
      const path = image.dataset['artifact'] ?? '';
      image.onclick = () => this.open(path);
      image.title = t('Open {0}', path);
      void this.sourceOf(path).then((source) => {
        if (source !== null) image.src = source;
        else image.replaceWith(t('{0} (no picture at {1})', image.alt, path));
      });
    }
  }

  private sourceOf(path: string): Promise<string | null> {
    const known = this.sources.get(path);
    if (known !== undefined) return known;
    const read = this.preview(path).then(
      (found) => (found.kind === 'image' ? found.source : null),
      () => {
        this.sources.delete(path); // The server may be back when the note is drawn again.
        return null;
      },
    );
    this.sources.set(path, read);
    return read;
  }
}
