import { readFile } from "node:fs/promises";
import { extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Creates a `fetch` that reads files of one folder by `file:` URLs and rejects everything else, so that a library that
 * loads its models by `fetch` reads them from the disk and never downloads any.
 *
 * @param folder absolute path
 */
export const createModelFetch =
  (folder: string) =>
  async (resource: unknown): Promise<Response> => {
    const url = new URL(String(resource));
    const path = url.protocol === "file:" ? relative(folder, fileURLToPath(url)) : "..";
    if (path === "" || path.startsWith(".."))
      throw new Error(`Models are read from ${folder} only, got: ${url.href}`);
    return new Response(await readFile(join(folder, path)), {
      headers: {
        "content-type": extname(path) === ".json" ? "application/json" : "application/octet-stream",
      },
    });
  };
