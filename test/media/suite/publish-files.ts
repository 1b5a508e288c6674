import { link, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ProducedFile } from "../../e2e/drive-plan.ts";

/** Puts outputs where their keys say, so that playlists find their segments: in `published` of a folder. */
export const publishFiles = (
  files: readonly ProducedFile[],
  folder: string,
): Promise<readonly ProducedFile[]> =>
  Promise.all(
    files.map(async (file) => {
      const path = join(folder, "published", file.key);
      await mkdir(dirname(path), { recursive: true });
      await link(file.path, path);
      return { ...file, path };
    }),
  );
