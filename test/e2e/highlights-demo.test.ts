import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import * as z from "zod";
import { demoAppearances, demoFrameRate } from "../../runtime/highlights/demo-channel.ts";
import { packagedPrograms } from "./media-programs.ts";
import { bin } from "./program.ts";

const document = z.strictObject({
  detector: z.string(),
  segments: z.number(),
  detections: z.number(),
  appearances: z.array(
    z.strictObject({
      label: z.string(),
      trueStart: z.number(),
      trueEnd: z.number(),
      start: z.number(),
      end: z.number(),
      clip: z.strictObject({ path: z.string(), durationSeconds: z.number() }),
    }),
  ),
});

describe("reelway highlights demo", function () {
  this.timeout(180_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("finds the photographs of a live channel to the frame, clips them, and serves the page until it is stopped", async () => {
    const child = spawn(process.execPath, [bin, "highlights", "demo", "--json", "--serve"], {
      cwd: folder,
      env: { PATH: "/nonexistent", TMPDIR: tmpdir() },
      stdio: ["ignore", "pipe", "pipe"],
    });
    try {
      const stdout = text(child.stdout);
      let stderr = "";
      const page = new Promise<string>((resolve, reject) => {
        child.stderr.on("data", (chunk: Buffer) => {
          stderr += chunk.toString();
          const url = /^Page: (\S+) \(Ctrl/m.exec(stderr)?.[1];
          if (url !== undefined) resolve(url);
        });
        child.once("exit", () => reject(new Error(stderr)));
      });
      const url = await page;
      expect((await fetch(url)).status).to.equal(200);
      const channels = await (await fetch(new URL("/channels", url))).text();
      expect(channels).to.include('"demo"');
      child.kill("SIGINT");
      const [code] = await once(child, "exit");
      expect(code, stderr).to.equal(0);

      const { detector, segments, detections, appearances } = document.parse(JSON.parse(await stdout));
      expect(detector).to.equal("human");
      expect(segments).to.be.within(23, 25);
      expect(detections).to.be.within(demoAppearances.length * 2, 40);
      expect(appearances.map(({ label }) => label)).to.deep.equal(demoAppearances.map(({ label }) => label));
      const { ffmpeg } = packagedPrograms();
      for (const { trueStart, trueEnd, start, end, clip } of appearances) {
        expect(Math.abs(start - trueStart) * demoFrameRate).to.be.at.most(1.001);
        expect(Math.abs(end - trueEnd) * demoFrameRate).to.be.at.most(1.001);
        expect(clip.durationSeconds).to.be.closeTo(end - start, 0.001);
        const log = await ffmpeg(["-i", clip.path, "-map", "0:v", "-f", "null", "-"]);
        const frames = [...log.matchAll(/frame=\s*(\d+)/g)].at(-1)?.[1];
        expect(Number(frames)).to.equal(Math.round((end - start) * demoFrameRate));
      }
    } finally {
      child.kill("SIGKILL");
    }
  });
});
