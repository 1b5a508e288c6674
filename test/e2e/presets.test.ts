import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { systemPresets } from "../../pipeline/transcoder/system-presets.ts";
import { drivePlan } from "./drive-plan.ts";
import { type FileServer, serveFiles } from "./file-server.ts";
import { ffmpeg } from "./media-programs.ts";

/** One of each container, codec, sizing and scanning that the system presets have; the rest differ in numbers. */
const kinds = [
  "1351620000001-000061",
  "1351620000001-100070",
  "1351620000001-100130",
  "1351620000001-100160",
  "1351620000001-100180",
  "1351620000001-100200",
  "1351620000001-100210",
  "1351620000001-100220",
  "1351620000001-100240",
  "1351620000001-100260",
  "1351620000001-200050",
  "1351620000001-200055",
  "1351620000001-200071",
  "1351620000001-300040",
  "1351620000001-300110",
  "1351620000001-300200",
  "1351620000001-400080",
  "1351620000001-500050",
  "1351620000001-500060",
];

describe("system presets on real ffmpeg", function () {
  this.timeout(60_000);
  let folder: string;
  let server: FileServer;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-presets-"));
    await ffmpeg([
      ..."-f lavfi -i testsrc2=s=320x180:r=25:d=2 -f lavfi -i sine=d=2 -c:v libx264 -preset ultrafast -c:a aac -shortest".split(
        " ",
      ),
      join(folder, "clip.mp4"),
    ]);
    server = await serveFiles(folder);
  });
  after(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  for (const id of kinds) {
    const preset = systemPresets.find((one) => one.Id === id);
    it(`${id} (${preset?.Name}) makes what it says`, async () => {
      if (preset === undefined) throw new Error(`There is no preset ${id}.`);
      const [made] = await drivePlan(
        { name: "transcode", outputs: [{ key: "out", preset, rotate: "auto" }] },
        server.url("clip.mp4"),
        ["out"],
        folder,
      );
      expect(made?.problems).to.deep.equal([]);
      if (preset.Audio !== undefined)
        expect(made?.probe?.audio?.sampleRate).to.equal(Number(preset.Audio.SampleRate));
    });
  }

  for (const [rotate, width, height] of [
    ["0", 320, 180],
    ["90", 180, 320],
    ["180", 320, 180],
    ["270", 180, 320],
  ] as const)
    it(`turns the picture by ${rotate} degrees`, async () => {
      const preset = systemPresets.find((one) => one.Id === "1351620000001-100070");
      if (preset === undefined) throw new Error("There is no preset Web.");
      const [made] = await drivePlan(
        { name: "transcode", outputs: [{ key: "out", preset, rotate }] },
        server.url("clip.mp4"),
        ["out"],
        folder,
      );
      expect(made?.problems).to.deep.equal([]);
      expect([made?.probe?.video?.width, made?.probe?.video?.height]).to.deep.equal([width, height]);
    });
});
