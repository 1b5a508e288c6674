import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import type { Page } from "playwright-core";
import * as z from "zod";
import { makeClip, reelway } from "../e2e/program.ts";
import { findCard } from "./library-page.ts";
import { expectAccessible, openPageSite, type PageSite, type PageTab } from "./page-site.ts";
import {
  makeVideoWithEmptySubtitles,
  uploadVideo,
  waitForExpression,
  waitForStatus,
  waitUntilPlayable,
  withFolder,
} from "./page-videos.ts";

const videoList = /\/videos\?/;
const hostileName = "<img src=x onerror=alert(1)> \u202Egpj.mkv";

describe("the watch view of the page", function () {
  this.timeout(240_000);
  let site: PageSite;
  let tab: PageTab;
  let id: string;
  before(async () => {
    site = await openPageSite();
    await withFolder(async (folder) => {
      const path = join(folder, hostileName);
      await makeClip(path, 6, "640x360");
      id = await uploadVideo(site, path);
    });
    await waitForStatus(site, id, "Complete");
  });
  after(() => site?.close());
  const open = async (path = `/watch/${id}`): Promise<Page> => {
    tab = await site.open(path, { viewport: { width: 1280, height: 900 } });
    return tab.page;
  };
  afterEach(async () => {
    expect(tab.failures).to.deep.equal([]);
    await tab.page.context().close();
  });

  it("shows a hostile name as text, the outputs, the timeline and the cost", async () => {
    const page = await open();
    await waitUntilPlayable(page);
    expect(await page.getByRole("heading", { level: 1 }).textContent()).to.equal(hostileName.slice(0, -4));
    expect(await page.locator('img[src="x"]').count()).to.equal(0);
    await page.getByRole("cell", { name: "640 × 360" }).first().waitFor();
    const steps = page.getByRole("region", { name: "Timeline of the job" }).getByRole("listitem");
    expect(await steps.count()).to.equal(3);
    expect(await steps.last().textContent()).to.include("Complete");
    await page.getByText("The job runs on this machine, for which nothing is billed.").waitFor();
    expect(await page.getByRole("region", { name: "Cost so far" }).textContent()).to.include("$0.00");
    const facts = page.getByRole("region", { name: "Source and output" });
    expect(await facts.getByRole("row", { name: "Resolution" }).textContent()).to.equal(
      "Resolution640 × 360640 × 360",
    );
    await expectAccessible(page);
  });

  it("lists the warnings of a job as text, as the command does", async () => {
    let subtitled = "";
    await withFolder(async (folder) => {
      const path = join(folder, "Subtitled.mkv");
      await makeVideoWithEmptySubtitles(path, "<b>Notes</b>");
      subtitled = await uploadVideo(site, path);
    });
    await waitForStatus(site, subtitled, "Complete");
    const warning = "Subtitle track 1 (<b>Notes</b>) is not included: it has no text that could be read.";

    const page = await open(`/watch/${subtitled}`);
    const warnings = page.getByRole("region", { name: "Warnings" }).getByRole("listitem");
    await warnings.first().waitFor();
    expect(await warnings.allTextContents()).to.deep.equal([warning]);
    await expectAccessible(page);
    const { stdout } = await reelway(["job", subtitled, "--data", site.data]);
    expect(stdout).to.include(`\nwarning    ${warning}\n`);
  });

  it("saves an output under its name", async () => {
    const page = await open();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download poster.jpg" }).click(),
    ]);
    expect(download.suggestedFilename()).to.equal("poster.jpg");
    const bytes = await readFile(await download.path());
    expect(bytes.subarray(0, 3).toString("hex")).to.equal("ffd8ff");
  });

  it("plays the upload beside the output, at the same time", async () => {
    const page = await open();
    await waitUntilPlayable(page);
    await page.getByRole("button", { name: "Compare side by side" }).click();
    const both = (condition: string) =>
      waitForExpression(
        page,
        `(([source, output]) => source !== undefined && (${condition}))([...document.querySelectorAll(".watch-compare video")])`,
      );
    await both("source.readyState >= 2 && output.readyState >= 2");
    await page.getByRole("slider", { name: "Time of both players" }).fill("3");
    await both("Math.abs(source.currentTime - 3) < 0.1 && Math.abs(output.currentTime - 3) < 0.1");
    await page.getByRole("button", { name: "Play both" }).click();
    await both("output.currentTime > 4 && Math.abs(source.currentTime - output.currentTime) < 0.3");
    await page.getByRole("button", { name: "Pause both" }).click();
    await both("source.paused && output.paused && source.muted && !output.muted");
    await expectAccessible(page);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download the upload" }).click(),
    ]);
    expect(download.suggestedFilename()).to.match(/\.mkv$/);
  });

  it("says that the browser cannot play the upload", async () => {
    tab = await site.open("/");
    const { page } = tab;
    await page.route("**/videos/*/source", async (route) => {
      const response = await route.fetch();
      const source = z
        .object({ url: z.string() })
        .loose()
        .parse(await response.json());
      // A file that is not a video.
      await route.fulfill({ response, json: { ...source, url: "/openapi.json" } });
    });
    await page.goto(`${site.origin}/watch/${id}`);
    await page.getByRole("button", { name: "Compare side by side" }).click();
    await page.getByText("This browser cannot play the format of the upload.").waitFor();
    await expectAccessible(page);
  });

  it("shows progress while the job runs, and cancels and restarts it", async () => {
    let running = "";
    await withFolder(async (folder) => {
      const path = join(folder, "Long film.mkv");
      await makeClip(path, 60, "1280x720");
      running = await uploadVideo(site, path);
    });
    await waitForStatus(site, running, "Progressing");
    tab = await site.open("/");
    const { page } = tab;
    await page.route("**/cost", (route) => route.fulfill({ status: 503 }), { times: 1 });
    const card = findCard(page, "Long film");
    await card.getByRole("link", { name: "Long film" }).click();
    await page.getByText("The video is being made").waitFor();
    await page.getByText("The cost cannot be shown.").waitFor();
    await expectAccessible(page);
    await page.getByText(/^[1-9]\d* % – /).waitFor();
    await page.getByRole("button", { name: "Cancel job" }).click();
    await page.getByText("The job was canceled").waitFor();
    await page.getByRole("heading", { level: 1 }).and(page.locator(":focus")).waitFor();
    await expectAccessible(page);
    await page.getByText("The cost cannot be shown.").waitFor({ state: "detached" });
    // The library shows it before it has asked the server.
    await page.route(videoList, (route) => route.abort());
    await page.getByRole("link", { name: "Library" }).click();
    await card.getByText("Canceled").waitFor();
    await page.unroute(videoList);
    await card.getByRole("link", { name: "Long film" }).click();
    await page.getByRole("button", { name: "Retry", exact: true }).click();
    await page.getByText("The video is being made").waitFor();
    // Without loading the page again.
    await page.locator("media-controller").waitFor({ timeout: 120_000 });
    await waitUntilPlayable(page);
    expect(await page.getByText("attempt 2").count()).to.be.greaterThan(0);
  });

  it("says why a job failed, and what to do", async () => {
    let failed = "";
    await withFolder(async (folder) => {
      const path = join(folder, "broken.mkv");
      await writeFile(path, "This is no video.");
      failed = await uploadVideo(site, path);
    });
    await waitForStatus(site, failed, "Error");
    const page = await open(`/watch/${failed}`);
    await page.getByText(/^The job failed: \w+ \(\d{4}\)$/).waitFor();
    await page.getByRole("button", { name: "Retry anyway" }).waitFor();
    await expectAccessible(page);
  });

  it("offers the newer version of an upload", async () => {
    let [first, second] = ["", ""];
    await withFolder(async (folder) => {
      const path = join(folder, "Lecture.mkv");
      await makeClip(path, 1);
      first = await uploadVideo(site, path);
      await waitForStatus(site, first, "Complete");
      await makeClip(path, 2);
      second = await uploadVideo(site, path);
      await waitForStatus(site, second, "Complete");
    });
    const page = await open(`/watch/${first}`);
    await page.getByText("A newer version of this upload has replaced the video").waitFor();
    await expectAccessible(page);
    await page.getByRole("link", { name: "Watch the newer version" }).click();
    await page.waitForURL(`**/watch/${second}`);
    await waitUntilPlayable(page);
  });

  it("says that a video does not exist", async () => {
    const page = await open(`/watch/${"z".repeat(52)}`);
    await page.getByRole("heading", { name: "This page does not exist" }).waitFor();
    await expectAccessible(page);
  });

  it("deletes a video after it has said what goes", async () => {
    let deleted = "";
    await withFolder(async (folder) => {
      const path = join(folder, "Old film.mkv");
      await makeClip(path, 1);
      deleted = await uploadVideo(site, path);
    });
    await waitForStatus(site, deleted, "Complete");
    const page = await open("/");
    const card = findCard(page, "Old film");
    await card.getByRole("link", { name: "Old film" }).click();
    await page.getByRole("button", { name: "Delete" }).click();
    const dialog = page.getByRole("dialog", { name: "Delete Old film?" });
    await dialog.getByText(/^1 upload, \d+ outputs, /).waitFor();
    await expectAccessible(page);
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Delete" }).click();
    await page.route(videoList, (route) => route.abort());
    await dialog.getByRole("button", { name: "Delete" }).click();
    await page.waitForURL(`${site.origin}/`);
    await page.getByRole("checkbox").first().waitFor();
    expect(await card.count()).to.equal(0);
    const { stdout } = await reelway(["jobs", "--json", "--data", site.data]);
    expect(stdout).to.not.include(deleted);
  });
});
