import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { recipeOptionsSchema } from "../../pipeline/recipes/schema.ts";
import { drivePlan, type ProducedFile } from "../e2e/drive-plan.ts";
import { serveFiles } from "../e2e/file-server.ts";
import { packagedPrograms } from "../e2e/media-programs.ts";
import { buildGraphInput } from "./inputs/graphs.ts";
import { readMediaPlaylist } from "./measure/hls.ts";
import { readMp4Tracks } from "./measure/mp4.ts";

describe("segments of a ladder of 9.9 minutes", function () {
  this.timeout(300_000);
  let folder = "";
  let outputs: readonly ProducedFile[] = [];
  before(async () => {
    const programs = packagedPrograms();
    folder = await mkdtemp(join(tmpdir(), "reelway-segments-"));
    await programs.ffmpeg([
      ...[...buildGraphInput("testsrc=s=64x48:r=10:d=594"), ...buildGraphInput("sine=440:d=594:r=48000")],
      ...["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "flac", join(folder, "long.mkv")],
    ]);
    const server = await serveFiles(folder);
    try {
      const recipe = recipeOptionsSchema.parse({ name: "ladder", heights: [48] });
      if (recipe.name !== "ladder") throw new Error("not a ladder");
      outputs = await drivePlan(programs, {
        recipe,
        url: server.url("long.mkv"),
        outputKeys: ["out/"],
        folder,
      });
    } finally {
      await server.close();
    }
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("begin where the playlists say, to the end, and are at most as long as the target duration", async () => {
    const files = outputs.filter(({ key }) => key.endsWith(".mp4"));
    const targets = new Set<number>();
    expect(files.map(({ probe }) => probe?.audio !== undefined)).to.deep.equal([false, true]);
    for (const [index, { path }] of files.entries()) {
      const text = outputs.find(({ key }) => key === `out/media_${index}.m3u8`)?.text ?? "";
      const { segmentSeconds, targetSeconds } = readMediaPlaylist(text);
      const [track] = await readMp4Tracks(path);
      // The edit leaves out the encoder delay of audio, one frame of 1024 samples.
      const delaySeconds = track?.edits[0]?.mediaSeconds ?? 0;
      const starts =
        track?.fragments.map(({ decodeSeconds }) => Math.max(0, decodeSeconds - delaySeconds)) ?? [];
      let declared = 0;
      expect(starts).to.have.length(segmentSeconds.length);
      for (const [position, seconds] of segmentSeconds.entries()) {
        expect(starts[position], `track ${index}, segment ${position}`).to.be.closeTo(declared, 0.001);
        expect(Math.round(seconds)).to.be.at.most(targetSeconds);
        declared += seconds;
      }
      targets.add(targetSeconds);
    }
    expect([...targets]).to.deep.equal([4]);
  });

  it("have no declared duration in DASH: a player reads it from each file's index", () => {
    const manifest = outputs.find(({ key }) => key === "out/manifest.mpd")?.text ?? "";

    expect(manifest.match(/<SegmentBase indexRange=/g)).to.have.length(2);
    expect(manifest).not.to.match(/SegmentTemplate|\$Number\$/);
  });
});
