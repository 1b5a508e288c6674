import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Browser } from "playwright-core";
import * as z from "zod";
import { type FileServer, serveFiles } from "../e2e/file-server.ts";
import { debianPrograms, packagedPrograms } from "../e2e/media-programs.ts";
import { lateTracks } from "../media/inputs/timing.ts";
import { openSources } from "../media/suite/open-sources.ts";
import { publishFiles } from "../media/suite/publish-files.ts";
import { runRecipe, suiteRecipes } from "../media/suite/recipe-run.ts";
import { openBrowser } from "./browser.ts";

const measured = z.object({
  /** Media times in seconds, in the order in which they are seen and heard. */
  flashes: z.array(z.number()),
  beeps: z.array(z.number()),
  errors: z.array(z.string()),
});

/** Plays a ladder in Chromium and measures its flashes and beeps. */
const measureSync = async (browser: Browser, url: string, rounds: number) => {
  const page = await browser.newPage();
  try {
    await page.route("**/player.html", (route) =>
      route.fulfill({ contentType: "text/html", body: "<!doctype html><video></video>" }),
    );
    const worklet = await readFile(join(import.meta.dirname, "av-sync-worklet.js"), "utf8");
    await page.goto(new URL("/player.html", url).href);
    await page.addScriptTag({ path: createRequire(import.meta.url).resolve("hls.js/dist/hls.min.js") });
    await page.addScriptTag({ path: join(import.meta.dirname, "av-sync.js") });
    return measured.parse(
      await page.evaluate(`measureSync(${JSON.stringify(url)}, ${rounds}, ${JSON.stringify(worklet)})`),
    );
  } finally {
    await page.close();
  }
};

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
/** The median of times near an expected one. */
const medianNear = (times: readonly number[], expected: number): number =>
  median(times.filter((time) => Math.abs(time - expected) < 0.5));

describe("flash and beep of late tracks in a browser", function () {
  this.timeout(120_000);
  const rounds = 3;
  const inputs = lateTracks.inputs.filter(({ name }) => ["late-audio.mkv", "late-video.mkv"].includes(name));
  let folder: string;
  let browser: Browser;
  let server: FileServer;
  let sources: Awaited<ReturnType<typeof openSources>>;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-sync-"));
    [browser, server, sources] = await Promise.all([openBrowser(), serveFiles(folder), openSources(inputs)]);
  });
  after(async () => {
    await browser.close();
    await server.close();
    await sources.close();
    await rm(folder, { recursive: true, force: true });
  });

  const ladder = suiteRecipes.find(({ name }) => name === "ladder");
  if (ladder === undefined) throw new Error("There is no ladder.");
  for (const programs of [packagedPrograms(), debianPrograms()])
    for (const input of inputs)
      it(`come together within 20 ms: ${input.name} with ${programs.build}`, async () => {
        const own = await mkdtemp(join(folder, "ladder-"));
        await publishFiles(await runRecipe(programs, sources, ladder, input, own), own);
        const path = `/${own.slice(folder.length + 1)}/published/output/a/master.m3u8`;
        const { flashes, beeps, errors } = await measureSync(
          browser,
          new URL(path, server.url("")).href,
          rounds,
        );

        expect(errors).to.deep.equal([]);
        const flash = medianNear(flashes, 3);
        const beep = medianNear(beeps, 3);
        expect(flash, `flashes at ${flashes.join(", ")}`).to.be.closeTo(3, 0.021);
        expect(beep, `beeps at ${beeps.join(", ")}`).to.be.closeTo(flash, 0.02);
      });
});
