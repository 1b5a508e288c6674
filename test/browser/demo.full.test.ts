import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import type { Browser } from "playwright-core";
import * as z from "zod";
import { type FileServer, serveFiles } from "../e2e/file-server.ts";
import { reelway } from "../e2e/program.ts";
import { openBrowser } from "./browser.ts";
import { playHls } from "./hls-page.ts";

const document = z.object({
  jobs: z.array(
    z.object({
      route: z.string(),
      status: z.literal("Complete"),
      outputs: z.array(z.object({ key: z.string(), durationSeconds: z.number().nullable() })),
    }),
  ),
});
const media = z.array(
  z.object({ source: z.string(), error: z.string().nullable(), seconds: z.number(), width: z.number() }),
);

/** In the report's page: every image and player, once it has loaded or failed. */
const loadMedia = `Promise.all([...document.querySelectorAll("img, video, audio")].map(async (element) => {
  const settled = new Promise((resolve) => {
    for (const name of ["load", "loadeddata", "error"]) element.addEventListener(name, resolve, { once: true });
  });
  if (element.tagName === "IMG") {
    element.loading = "eager";
    if (!element.complete) await settled;
  } else if (element.readyState < 2 && element.error === null) {
    element.preload = "auto";
    element.load();
    await settled;
  }
  return {
    source: element.currentSrc || element.src,
    error: element.error ? element.error.message : null,
    seconds: element.duration || 0,
    width: element.naturalWidth || element.videoWidth || 0,
  };
}))`;

describe("the demo in a browser", function () {
  this.timeout(120_000);
  let folder: string;
  let browser: Browser;
  let server: FileServer;
  let jobs: z.infer<typeof document>["jobs"];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-browser-"));
    browser = await openBrowser();
    const { code, stdout, stderr } = await reelway(["demo", "--json"], folder);
    expect(code, stderr).to.equal(0);
    jobs = document.parse(JSON.parse(stdout)).jobs;
    server = await serveFiles(join(folder, ".reelway/demo/output/output"));
  });
  after(async () => {
    await server.close();
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("plays the ladder through hls.js to its last frame", async () => {
    const outputs = jobs.find(({ route }) => route === "ladder")?.outputs ?? [];
    const master = outputs.find(({ key }) => key.endsWith("master.m3u8"))?.key ?? "";
    const longest = Math.max(...outputs.map(({ durationSeconds }) => durationSeconds ?? 0));
    const played = await playHls(browser, new URL(master.replace(/^output\//, ""), server.url("")).href);
    expect(played.errors).to.deep.equal([]);
    expect(played.endedAt).to.be.closeTo(longest, 0.25);
    expect(played.frames).to.be.greaterThan(10);
  });

  it("writes a report that shows every image and plays every output from disk", async () => {
    const page = await browser.newPage();
    const requestedUrls: string[] = [];
    page.on("request", (request) => requestedUrls.push(request.url()));
    await page.goto(pathToFileURL(join(folder, ".reelway/demo/report.html")).href);
    const elements = media.parse(await page.evaluate(loadMedia));
    expect(elements).to.have.length.greaterThan(8);
    expect(elements.filter(({ error }) => error !== null)).to.deep.equal([]);
    expect(elements.filter(({ width, seconds }) => width === 0 && seconds === 0)).to.deep.equal([]);
    expect(requestedUrls.filter((url) => !/^(file|data|blob):/.test(url))).to.deep.equal([]);
  });
});
