import { randomUUID } from "node:crypto";
import { rename, writeFile } from "node:fs/promises";

/** Writes a file so that a reader, or a crash, sees the old text or the new, never a part. */
export const writeAtomically = async (path: string, text: string, mode = 0o644): Promise<void> => {
  const temporary = `${path}.${randomUUID()}.part`;
  await writeFile(temporary, text, { mode });
  await rename(temporary, path);
};
