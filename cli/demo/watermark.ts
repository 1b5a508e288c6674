import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { buildLavfiInputs, makeMedia, watermarkGraph } from "../../adapters/local/lavfi.ts";
import { CommandError, formatError } from "../../pipeline/errors/errors.ts";
import { matchRoute, type RoutingTable } from "../../pipeline/routing/match.ts";
import type { UploadFile } from "../../runtime/upload-file.ts";

/** Arguments that generate the watermark image, without its path. */
export const watermarkArguments: readonly string[] = [...buildLavfiInputs(watermarkGraph), "-frames:v", "1"];

/** Keys of the watermark images that the files' routes require and that are not among the files. */
const listMissingWatermarks = (routing: RoutingTable, files: readonly UploadFile[]): readonly string[] => {
  const keys = new Set<string>();
  for (const { key } of files) {
    const match = matchRoute(routing, key);
    if (match.kind !== "route" || match.route.engine !== "ffmpeg") continue;
    const { recipe } = match.route;
    if (recipe.name === "watermark") keys.add(recipe.image);
  }
  return [...keys].filter((key) => !files.some((file) => file.key === key));
};

/**
 * Adds the watermark images that the user's files need: an image of the user, else a generated one.
 *
 * @param image path of the user's image
 * @throws CommandError if no image can be generated; the signal's reason if aborted
 */
export const addWatermarks = async (
  files: readonly UploadFile[],
  image: string | undefined,
  options: {
    readonly routing: RoutingTable;
    readonly ffmpeg: string;
    /** Folder of a generated image. */
    readonly folder: string;
    readonly report: (line: string) => void;
    readonly signal: AbortSignal;
  },
): Promise<readonly UploadFile[]> => {
  const keys = listMissingWatermarks(options.routing, files);
  if (keys.length === 0) {
    if (image !== undefined)
      options.report("--watermark is not used: no file has a route that adds a watermark.");
    return files;
  }
  const path = image ?? join(options.folder, "watermark.png");
  if (image === undefined) {
    options.report("Using a generated watermark. Pass your own with --watermark FILE.");
    await mkdir(options.folder, { recursive: true });
    try {
      await makeMedia(options.ffmpeg, [...watermarkArguments, path], options.signal);
    } catch (cause) {
      options.signal.throwIfAborted();
      throw new CommandError(`Could not generate a watermark: ${formatError(cause)}`, { cause });
    }
  }
  const { size } = await stat(path);
  return [...keys.map((key) => ({ path, key, bytes: size })), ...files];
};
