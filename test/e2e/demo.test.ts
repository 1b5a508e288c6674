import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import * as z from "zod";
import { packagedPrograms } from "./media-programs.ts";
import { colorsAt } from "./pixels.ts";
import { bin, makeClip, makeImage, reelway } from "./program.ts";

const output = z.strictObject({
  key: z.string(),
  path: z.string(),
  bytes: z.number().positive(),
  durationSeconds: z.number().nullable(),
  width: z.number().nullable(),
  height: z.number().nullable(),
  videoCodec: z.string().nullable(),
  audioCodec: z.string().nullable(),
});
const failure = z.strictObject({
  code: z.number(),
  name: z.string(),
  message: z.string(),
  retryable: z.boolean(),
});
const document = z.strictObject({
  jobs: z.array(
    z.strictObject({
      id: z.string(),
      source: z.strictObject({ bucket: z.string(), key: z.string(), bytes: z.number() }),
      route: z.string().nullable(),
      engine: z.string().nullable(),
      recipe: z.string().nullable(),
      status: z.enum(["Complete", "Error", "Canceled"]),
      outputs: z.array(output),
      error: failure.nullable(),
      elapsedSeconds: z.number(),
    }),
  ),
});

const videosSchema = z.object({ videos: z.array(z.object({ title: z.string(), status: z.string() })) });

describe("reelway demo", function () {
  this.timeout(180_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-"));
    await makeClip(join(folder, "my clip.mp4"), 2);
    await writeFile(join(folder, "text.mp4"), "no film at all");
    await writeFile(join(folder, "notes.txt"), "no film either");
    await writeFile(join(folder, "empty.mp4"), "");
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("prints one document for the given files and writes the report next to the outputs", async () => {
    const { code, stdout, stderr } = await reelway(["demo", "my clip.mp4", "--json"], folder);
    expect(code, stderr).to.equal(0);
    const { jobs } = document.parse(JSON.parse(stdout));
    expect(jobs.map(({ route, status }) => [route, status])).to.deep.equal([["web", "Complete"]]);
    const [firstOutput] = jobs[0]?.outputs ?? [];
    expect(firstOutput).to.include({ key: "output/web/my clip.mp4", videoCodec: "h264", audioCodec: "aac" });
    expect((await stat(firstOutput?.path ?? "")).size).to.equal(firstOutput?.bytes);
    const report = await readFile(join(folder, ".reelway/demo/report.html"), "utf8");
    expect(report).to.include('src="./output/output/web/my%20clip.mp4"');
  });

  it("generates a watermark for a route that needs one, or uses the given image", async () => {
    await makeImage(join(folder, "logo.png"), "red");
    const run = async (...options: readonly string[]) => {
      const { code, stdout, stderr } = await reelway(
        ["demo", "my clip.mp4", "--prefix", "unprocessed-videos/", "--json", ...options],
        folder,
      );
      expect(code, stderr).to.equal(0);
      const [job] = document.parse(JSON.parse(stdout)).jobs;
      expect([job?.route, job?.status]).to.deep.equal(["watermarks", "Complete"]);
      const [output] = job?.outputs ?? [];
      return {
        stderr,
        color: (await colorsAt(packagedPrograms(), output?.path ?? "", [[0.9, 0.9]]))[0] ?? [],
      };
    };

    expect((await run()).stderr).to.include("Pass your own with --watermark FILE.");
    const { stderr, color } = await run("--watermark", "logo.png");
    expect(stderr).not.to.include("generated watermark");
    expect(color[0]).to.be.greaterThan(150);
    expect(color[2]).to.be.lessThan(110);
  });

  it("refuses --watermark without files, and a file that does not exist", async () => {
    expect(await reelway(["demo", "--watermark", "my clip.mp4"], folder)).to.include({ code: 2 });
    expect((await reelway(["demo", "my clip.mp4", "--watermark", "no.png"], folder)).stderr).to.include(
      "File no.png does not exist.",
    );
  });

  it("gives every video of the report a poster", async () => {
    const report = await readFile(join(folder, ".reelway/demo/report.html"), "utf8");
    const [, poster = ""] = /<video [^>]*poster="\.\/([^"]+)"/.exec(report) ?? [];
    const image = await readFile(join(folder, ".reelway/demo", poster));
    expect(image.subarray(0, 2).toString("hex")).to.equal("ffd8");
  });

  it("says how to see the results on the page", async () => {
    const { stdout } = await reelway(["demo", "my clip.mp4"], folder);
    expect(stdout).to.include("Page:     npx reelway start --data .reelway/demo\n");
  });

  it("keeps the page open until Ctrl+C with --serve", async () => {
    const child = spawn(process.execPath, [bin, "demo", "my clip.mp4", "--serve"], {
      cwd: folder,
      env: { PATH: "/nonexistent", TMPDIR: tmpdir() },
      stdio: ["ignore", "pipe", "ignore"],
    });
    const exited = once(child, "exit");
    let text = "";
    let url: string | undefined;
    for await (const chunk of child.stdout) {
      text += String(chunk);
      url = /Page: +(http:\S+)/.exec(text)?.[1];
      if (url !== undefined && text.includes("Finished in")) break;
    }
    const response = await fetch(url ?? "");
    expect(response.headers.get("content-type")).to.equal("text/html; charset=utf-8");
    const { videos } = videosSchema.parse(await (await fetch(new URL("/videos", url))).json());
    expect(videos).to.deep.include({ title: "my clip", status: "Complete" });
    child.kill("SIGINT");
    expect(await exited).to.deep.equal([0, null]);
  });

  it("exits with 1 and the reason if a file is not media or has no route", async () => {
    const { code, stdout } = await reelway(["demo", "text.mp4", "notes.txt", "--json"], folder);
    expect(code).to.equal(1);
    const { jobs } = document.parse(JSON.parse(stdout));
    expect(jobs.map(({ status, error }) => [status, error?.code])).to.deep.equal([
      ["Error", 4000],
      ["Error", 4000],
    ]);
    expect(jobs[1]?.error?.message).to.include("mp4");
  });

  it("processes the other files where one is empty, and reports that one as Error", async () => {
    const { code, stdout, stderr } = await reelway(["demo", "empty.mp4", "my clip.mp4"], folder);
    expect(code, stderr).to.equal(1);
    expect(stdout)
      .to.match(/│ empty\.mp4 +│ web +│ Error /)
      .and.to.match(/│ my clip\.mp4 +│ web +│ Complete /)
      .and.to.match(/^empty\.mp4: 4002 BrokenMedia: .*empty\.mp4 is empty/m);
    const report = await readFile(join(folder, ".reelway/demo/report.html"), "utf8");
    expect(report)
      .to.include("1 of 2 jobs complete")
      .and.to.match(/<p class="error">4002 BrokenMedia: .*empty\.mp4 is empty/);
  });

  it("exits with 2 and one line for wrong usage", async () => {
    for (const [words, text] of [
      [["demo", "missing.mp4"], "File missing.mp4 does not exist."],
      [["demo", "."], "is a folder"],
      [["start", "--port", "http"], "port"],
      [["fly"], "unknown command"],
    ] as const) {
      const { code, stdout, stderr } = await reelway(words, folder);
      expect({ code, stdout }).to.deep.equal({ code: 2, stdout: "" });
      expect(stderr).to.include(text).and.not.to.include("    at ");
    }
  });
});
