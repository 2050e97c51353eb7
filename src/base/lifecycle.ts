/** Something that holds a resource until it is disposed of. Disposing twice does nothing. */
export interface Disposable {
  dispose(): void;
}

/** Owns what it is given, and gives it back in reverse order: `const server = owned.add(listen(app))`. */
export class Owned implements Disposable {
  private readonly items: Disposable[] = [];
  private disposed = false;

  add<T extends Disposable>(item: T): T {
    if (this.disposed) item.dispose();
    else this.items.push(item);
    return item;
  }

  /** Registers a function to be called once at the end. */
  onDispose(run: () => void): void {
    this.add({ dispose: run });
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    for (const item of this.items.reverse()) item.dispose();
    this.items.length = 0;
  }
}
