import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Makes a folder for what the test files of one process share. It is removed when the process ends. */
export const sharedFolder = (name: string): string => {
  const folder = mkdtempSync(join(tmpdir(), `shared-${name}-`));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
};
