import { describeMismatch, type FileIdentity } from "./file-checks.ts";

/** An upload that needs its file again after a reload. */
export interface UnfinishedUpload extends FileIdentity {
  readonly id: string;
  /** Without the user's folder. */
  readonly key: string;
}

/**
 * Finds the unfinished uploads that chosen files belong to: those of the same key and the same file. Each upload takes
 * one file. A file for another key is a new upload.
 *
 * @returns ids of uploads by file
 */
export const matchUnfinished = <Chosen extends FileIdentity & { readonly key: string }>(
  files: readonly Chosen[],
  uploads: readonly UnfinishedUpload[],
): ReadonlyMap<Chosen, string> => {
  const byKey = new Map(uploads.map((upload) => [upload.key, upload]));
  const matches = new Map<Chosen, string>();
  for (const file of files) {
    const upload = byKey.get(file.key);
    if (upload === undefined || describeMismatch(upload, file) !== undefined) continue;
    matches.set(file, upload.id);
    byKey.delete(file.key);
  }
  return matches;
};
