import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import * as z from "zod";
import type { LabelPeriod } from "../../pipeline/highlights/truth-schema.ts";
import {
  demoAppearances,
  demoDetections,
  demoFrameRate,
  demoSeconds,
  encodeDemoChannel,
} from "../../runtime/highlights/demo-channel.ts";
import { type LiveOrigin, serveLiveOrigin } from "../../runtime/highlights/live-origin.ts";
import { packagedPrograms } from "./media-programs.ts";
import { bin, pollUntil, reelway } from "./program.ts";

const document = z.strictObject({
  appearances: z.array(
    z.strictObject({
      label: z.string(),
      start: z.number(),
      end: z.number(),
      matches: z.number().nullable(),
    }),
  ),
  precision: z.number(),
  recall: z.number(),
  edgeErrorFrames: z.strictObject({ median: z.number().nullable(), max: z.number().nullable() }),
  detections: z.number(),
  detectionsPerHour: z.number(),
  usdPerHour: z.number(),
});

describe("reelway highlights", function () {
  this.timeout(180_000);
  let folder: string;
  const run = (...args: readonly string[]) => reelway(["highlights", ...args], folder);
  const writeTruth = (name: string, appearances: readonly LabelPeriod[]) =>
    writeFile(join(folder, name), JSON.stringify({ appearances }));

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-"));
    const { ffmpeg } = packagedPrograms().paths;
    await encodeDemoChannel(ffmpeg, join(folder, "recording"), new AbortController().signal);
    await writeTruth("truth.json", demoAppearances);
    await writeFile(join(folder, "detections.json"), JSON.stringify({ frames: demoDetections }));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  describe("backtest", () => {
    it("prints one document: appearances to the frame, and what they cost", async () => {
      const began = performance.now();
      const { code, stdout, stderr } = await run(
        ...["backtest", "recording", "--truth", "truth.json"],
        ...["--detections", "detections.json", "--json"],
      );
      const elapsedSeconds = (performance.now() - began) / 1000;

      expect(code, stderr).to.equal(0);
      const { appearances, ...figures } = document.parse(JSON.parse(stdout));
      expect(appearances).to.deep.equal(
        demoAppearances.map((appearance, index) => ({ ...appearance, matches: index })),
      );
      expect(figures).to.deep.include({ precision: 1, recall: 1, edgeErrorFrames: { median: 0, max: 0 } });
      expect(figures.detections).to.be.within(demoAppearances.length * 2, 40);
      expect(figures.detectionsPerHour).to.be.closeTo((figures.detections * 3600) / demoSeconds, 0.5);
      expect(figures.usdPerHour).to.be.closeTo(figures.detectionsPerHour / 1000, 1e-6);
      expect(elapsedSeconds).to.be.below(demoSeconds);
    });

    it("shows what was found, missed and not true in a table", async () => {
      const [person, cup] = demoAppearances;
      if (person === undefined || cup === undefined) throw new Error("The demo has no appearances.");
      await writeTruth("other.json", [
        { ...person, start: person.start + 1 / demoFrameRate },
        { ...cup, label: "Dog" },
      ]);
      const { code, stdout, stderr } = await run(
        ...["backtest", "recording/index.m3u8", "--truth", "other.json"],
        ...["--detections", "detections.json", "--label", "person", "--label", "cup"],
      );

      expect(code, stderr).to.equal(0);
      expect(stderr).to.include("the label Dog, which is not searched");
      const rows = stdout.split("\n").map((line) =>
        line
          .split("│")
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
      expect(rows).to.deep.include([
        "person",
        "0:06.200 – 0:12.600",
        "0:06.240 – 0:12.600",
        "-1",
        "0",
        "found",
      ]);
      expect(rows).to.deep.include(["cup", "0:18.400 – 0:24.000", "–", "", "", "not in the truth"]);
      expect(rows).to.deep.include(["Dog", "–", "0:18.400 – 0:24.000", "", "", "missed"]);
      expect(stdout).to.include("Precision:    25 % (1 of 4 found appearances are true)");
      expect(stdout).to.include("Recall:       50 % (1 of 2 true appearances are found)");
    });

    it("takes the settings of a channel, and says when its cap is too low", async () => {
      const project = join(folder, "project");
      await mkdir(project);
      await writeFile(
        join(project, "reelway.config.ts"),
        `import input from ${JSON.stringify(join(import.meta.dirname, "../../reelway.config.ts"))};
         export default { ...input, channels: [{ name: "news", manifestUrl: "https://live.example.com/a.m3u8",
           clipLabels: ["Cup"], minConfidence: 95, maxDetectionsPerHour: 10 }] };`,
      );
      const { code, stdout, stderr } = await reelway(
        [
          ...["highlights", "backtest", "../recording", "--truth", "../truth.json"],
          ...["--detections", "../detections.json", "--channel", "news", "--json"],
        ],
        project,
      );

      expect(code, stderr).to.equal(0);
      const { appearances, recall } = document.parse(JSON.parse(stdout));
      // The minimum confidence of the channel is for Rekognition.
      expect(appearances.map(({ label }) => label)).to.deep.equal(["Cup", "Cup"]);
      expect(recall).to.equal(0.5);
      expect(stderr).to.include("maxDetectionsPerHour, 10, would stop detection");
    });

    const mistakes = [
      ["a recording that does not exist", ["nowhere"], "The recording nowhere does not exist"],
      ["a folder without a manifest", ["empty"], "has no manifest (.m3u8)"],
      ["a live channel", ["live"], "has no end (EXT-X-ENDLIST)"],
      ["a missing segment", ["incomplete"], "The recording incomplete is not complete"],
      ["a private address", ["http://10.0.0.1/a.m3u8"], "which is not a public address"],
      ["a file that is no playlist", ["truth.json"], "is not an HLS playlist"],
      [
        "detections for another detector",
        ["recording", "--detector", "human"],
        "is for the detector recorded",
      ],
      ["a channel that does not exist", ["recording", "--channel", "news"], "has no channel news"],
    ] as const;
    it("explains mistakes", async () => {
      await mkdir(join(folder, "empty"));
      const manifest = await readFile(join(folder, "recording/index.m3u8"), "utf8");
      await cp(join(folder, "recording"), join(folder, "incomplete"), { recursive: true });
      await rm(join(folder, "incomplete/3.ts"));
      await mkdir(join(folder, "live"));
      await writeFile(join(folder, "live/a.m3u8"), manifest.replace("#EXT-X-ENDLIST", ""));
      for (const [title, args, message] of mistakes) {
        const { code, stdout, stderr } = await run(
          ...["backtest", ...args, "--truth", "truth.json", "--detections", "detections.json"],
        );
        expect(stderr, title).to.include(message);
        expect([code, stdout], title).to.deep.equal([
          title.includes("detector") || title.includes("channel that") ? 2 : 1,
          "",
        ]);
      }
    });

    it("asks for a label if the truth has none, instead of searching nothing", async () => {
      await writeTruth("none.json", []);
      const { code, stdout, stderr } = await run(
        ...["backtest", "recording", "--truth", "none.json", "--detections", "detections.json"],
      );

      expect([code, stdout]).to.deep.equal([2, ""]);
      expect(stderr).to.include("Add --label");
    });

    it("names each wrong field of the truth", async () => {
      await writeFile(join(folder, "wrong.json"), '{"appearances":[{"label":"Cup","start":3,"end":1}]}');
      const { code, stderr } = await run("backtest", "recording", "--truth", "wrong.json");

      expect(code).to.equal(1);
      expect(stderr).to.include("appearances.0.end: 1 is not later than start, 3");
    });
  });

  describe("record", () => {
    /** Seconds of the channel in one second: the test need not wait as long as viewers do. */
    const speed = 8;
    let origin: LiveOrigin;
    const startMs = Date.UTC(2026, 10, 21, 12);
    const startOrigin = async () => {
      const began = performance.now();
      origin = await serveLiveOrigin(join(folder, "recording"), {
        startMs,
        windowSize: 15,
        now: () => startMs + 3000 + (performance.now() - began) * speed,
      });
    };
    afterEach(() => origin.close());

    it("copies a live channel into a recording that backtest reads", async () => {
      await startOrigin();
      const { code, stdout, stderr } = await run(
        "record",
        origin.manifestUrl,
        "--minutes",
        "0.5",
        "--out",
        "copy",
        "--json",
      );
      expect(code, stderr).to.equal(0);
      expect(JSON.parse(stdout)).to.deep.include({
        folder: "copy",
        reason: "complete",
        seconds: 30,
        segments: 15,
      });
      const manifest = await readFile(join(folder, "copy/index.m3u8"), "utf8");
      const [, dateTime = ""] = /#EXT-X-PROGRAM-DATE-TIME:(.+)/.exec(manifest) ?? [];
      const offset = (Date.parse(dateTime) - startMs) / 1000;
      const shift = <Period extends Omit<LabelPeriod, "label">>({ start, end, ...rest }: Period) => ({
        ...rest,
        start: Math.max(0, start - offset),
        end: Math.min(30, end - offset),
      });
      const truth = demoAppearances.map(shift).filter(({ start, end }) => end > start) as LabelPeriod[];
      expect(truth.length).to.be.above(1);
      await writeTruth("copy.json", truth);
      await writeFile(
        join(folder, "copied.json"),
        JSON.stringify({
          frames: demoDetections
            .map((frame) => ({ ...frame, time: frame.time - offset }))
            .map((frame, index, all) => ((all[index + 1]?.time ?? 1) <= 0 ? undefined : frame))
            .filter((frame) => frame !== undefined)
            .map((frame) => ({ ...frame, time: Math.max(0, frame.time) })),
        }),
      );

      const backtest = await run(
        ...["backtest", "copy", "--truth", "copy.json", "--detections", "copied.json", "--json"],
      );

      expect(backtest.code, backtest.stderr).to.equal(0);
      const { precision, recall, edgeErrorFrames } = document.parse(JSON.parse(backtest.stdout));
      expect([precision, recall]).to.deep.equal([1, 1]);
      expect(edgeErrorFrames.max).to.be.below(0.1);
    });

    it("keeps what is recorded when it is stopped", async () => {
      await startOrigin();
      const child = spawn(
        process.execPath,
        [bin, "highlights", "record", origin.manifestUrl, "--minutes", "10", "--out", "stopped"],
        { cwd: folder, env: { PATH: "/nonexistent" }, stdio: ["ignore", "pipe", "inherit"] },
      );
      let stdout = "";
      child.stdout.on("data", (text) => {
        stdout += String(text);
      });
      const readManifest = () => readFile(join(folder, "stopped/index.m3u8"), "utf8").catch(() => undefined);
      await pollUntil(readManifest);
      child.kill("SIGINT");
      const [code] = await once(child, "close");

      expect(code).to.equal(0);
      expect(stdout).to.include("Recording was stopped.");
      const manifest = (await readManifest()) ?? "";
      expect(manifest).to.match(/#EXT-X-ENDLIST\n$/);
      for (const [name] of manifest.matchAll(/^\d+\.ts$/gm))
        expect((await readFile(join(folder, "stopped", name))).length).to.be.above(0);
      expect(await run("record", origin.manifestUrl, "--minutes", "1", "--out", "stopped")).to.deep.include({
        code: 1,
        stdout: "",
      });
    });

    it("refuses private addresses and other protocols", async () => {
      await startOrigin();
      for (const [url, message] of [
        ["http://169.254.169.254/a.m3u8", "which is not a public address"],
        ["http://192.168.0.1/a.m3u8", "which is not a public address"],
        ["file:///etc/passwd", "is not the http: or https: URL"],
      ] as const) {
        const { code, stderr } = await run("record", url, "--minutes", "1", "--out", "refused");
        expect(stderr).to.include(message);
        expect(code).to.be.within(1, 2);
        await rm(join(folder, "refused"), { recursive: true, force: true });
      }
    });
  });
});
