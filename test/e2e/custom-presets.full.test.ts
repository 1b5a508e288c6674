import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { customPresets } from "./custom-presets.ts";
import { drivePlan } from "./drive-plan.ts";
import { type FileServer, serveFiles } from "./file-server.ts";
import { debianPrograms, type MediaPrograms, packagedPrograms } from "./media-programs.ts";

/** Codes of contradictory settings, and of codecs that the build lacks. */
const expectedCodes = new Set([4006, 4008]);
const outputsPerJob = 8;

const describeCustomPresets = (programs: MediaPrograms, seed: number, each: number): void => {
  describe(`custom presets with ${programs.build}`, function () {
    this.timeout(240_000);
    let folder = "";
    let server: FileServer | undefined;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "reelway-custom-"));
      const codecs = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac -ac 2".split(" ");
      await packagedPrograms().ffmpeg([
        ...["-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=0.6", "-f", "lavfi", "-i", "sine=r=44100:d=0.6"],
        ...[...codecs, join(folder, "clip.mp4")],
      ]);
      server = await serveFiles(folder);
    });
    after(async () => {
      await server?.close();
      await rm(folder, { recursive: true, force: true });
    });

    it("produce what they declare or fail with a reason, for everything CreatePreset accepts", async () => {
      const presets = customPresets(seed, each);
      const faults: unknown[] = [];
      let fileCount = 0;
      for (let at = 0; at < presets.length; at += outputsPerJob) {
        const outputs = presets
          .slice(at, at + outputsPerJob)
          .map((preset, index) => ({ key: String(at + index), preset, rotate: "auto" as const }));
        const files = await drivePlan(programs, {
          recipe: { name: "transcode", outputs },
          url: server?.url("clip.mp4") ?? "",
          outputKeys: outputs.map(({ key }) => key),
          folder,
          onFailOutput: ({ outputGroup, failure }) => {
            if (!expectedCodes.has(failure.code))
              faults.push([presets[Number(outputGroup)], failure.message]);
          },
        });
        fileCount += files.length;
        for (const { key, problems } of files)
          if (problems.length > 0) faults.push([presets[Number(key)], problems]);
      }

      expect(faults).to.deep.equal([]);
      expect(fileCount).to.be.greaterThan(presets.length / 2);
    });
  });
};

describeCustomPresets(packagedPrograms(), 100, 6);
describeCustomPresets(debianPrograms(), 200, 5);
