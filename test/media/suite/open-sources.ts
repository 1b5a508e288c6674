import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serveFiles } from "../../e2e/file-server.ts";
import { debianPrograms, packagedPrograms } from "../../e2e/media-programs.ts";
import { buildGraphInput } from "../inputs/graphs.ts";
import { createInputs, type MediaInput } from "../inputs/media-input.ts";
import type { SuiteSources } from "./recipe-run.ts";

const watermark = "mark.png";

/** Creates inputs in a temporary folder and serves them on loopback, as the worker's source server does. */
export const openSources = async (
  inputs: readonly MediaInput[],
): Promise<SuiteSources & { readonly close: () => Promise<void> }> => {
  const folder = await mkdtemp(join(tmpdir(), "reelway-media-"));
  const packaged = packagedPrograms();
  await createInputs(inputs, folder, ({ isMadeByDebian }) =>
    isMadeByDebian === true ? debianPrograms() : packaged,
  );
  await packaged.ffmpeg([
    ...[...buildGraphInput("color=0xC03020:s=128x128:d=1,format=rgb24"), "-frames:v", "1"],
    join(folder, watermark),
  ]);
  const server = await serveFiles(folder);
  return {
    folder,
    watermark,
    url: server.url,
    async close() {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
