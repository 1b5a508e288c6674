import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { makeMedia } from "../../../adapters/local/lavfi.ts";
import { findMediaPrograms } from "../../../adapters/local/media-programs.ts";
import { imageProgram } from "../../../build/package-directory.ts";
import { probeFile } from "../../../docker/ffmpeg/programs/probe-file.ts";
import { parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import { isImage } from "../../../pipeline/uploads/content-type.ts";
import defaults from "../../../reelway.config.ts";
import { buildClipArguments, listFormats } from "../../../terraform/smoke/clip-formats.ts";

const { routes, limits } = parseConfiguration(defaults);
const formats = new Map(
  routes.flatMap(listFormats).map((format) => [`${format.kind} ${format.extension}`, format]),
);

describe("the clips of a smoke test", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-clips-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("cover every extension of the routes but AVIF, which the packaged ffmpeg does not write", () => {
    const taken = new Set(routes.flatMap(({ extensions }) => extensions));
    expect(new Set(["avif", ...[...formats.values()].map(({ extension }) => extension)])).to.deep.equal(
      taken,
    );
  });

  for (const [build, path] of [
    ["the packaged ffmpeg", ""],
    ["Debian's", process.env.PATH ?? ""],
  ] as const)
    for (const [title, format] of formats)
      it(`can be created by ${build}: ${title}`, async () => {
        const programs = findMediaPrograms(path);
        const file = join(folder, `clip.${format.extension}`);
        await makeMedia(
          programs.ffmpeg,
          [...buildClipArguments(format, 1), file],
          AbortSignal.timeout(60_000),
        );
        const probe = await probeFile(file, isImage(file), {
          ffprobe: programs.ffprobe,
          imageProgram,
          limits,
        });
        expect([probe?.video !== undefined, probe?.audio !== undefined]).to.deep.equal(
          {
            video: [true, true],
            audio: [false, true],
            image: [true, false],
          }[format.kind],
        );
      });
});
