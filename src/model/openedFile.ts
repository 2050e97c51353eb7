/** A data file that a script opened for reading, or a folder whose files it read. */
export interface OpenedFile {
  /** Absolute. */
  readonly path: string;
  readonly isFolder: boolean;
  /** Of a folder: how many of its files were read; null when it was read as a whole. */
  readonly fileCount: number | null;
  /** When it was opened; null for a folder. */
  readonly sizeBytes: number | null;
  /** Its change time when it was opened, epoch milliseconds; null for a folder. */
  readonly modifiedAt: number | null;
  /**
   * SHA-256 in hexadecimal: of a file's content, of the names and sizes in a folder. Null while nobody has
   * computed it, and when the problem says why nobody can.
   */
  readonly digest: string | null;
  /** A sentence, when the content that was read is not there any more. */
  readonly problem: string | null;
}
