/** A file to upload and its key. */
export interface UploadFile {
  /** Absolute. */
  readonly path: string;
  readonly key: string;
  readonly bytes: number;
}
