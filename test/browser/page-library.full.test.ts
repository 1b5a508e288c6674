import { expect } from "chai";
import { clipSeconds, drop, findCard, makeSampleClip, select, waitForStatus } from "./library-page.ts";
import { expectAccessible, openPageSite, type PageSite } from "./page-site.ts";

/** A name that is markup, a path and a reversed extension at once. */
const hostileTitle = `<img src=x onerror=alert(1)> " ' & \u202egnp`;

describe("the library", function () {
  this.timeout(240_000);
  let site: PageSite;
  let clip: string;
  before(async () => {
    site = await openPageSite();
    clip = await makeSampleClip(site);
  });
  after(() => site?.close());

  it("says how to begin while it is empty, and then shows a dropped file by itself until it is a video", async () => {
    const { page, failures } = await site.open("/");
    await page.getByRole("heading", { name: "No videos yet" }).waitFor();
    await expectAccessible(page);
    await page.getByRole("link", { name: "all jobs", exact: true }).click();
    await page.getByRole("heading", { name: "No jobs yet" }).waitFor();
    expect(await page.locator(".empty-state a[href*='view=jobs']").count()).to.equal(0);
    await page.getByRole("link", { name: "Videos", exact: true }).click();

    await drop(site, "holiday/Sunset.mkv", { path: clip });
    await waitForStatus(page, "Sunset", "Complete");
    const card = findCard(page, "Sunset");
    await card.getByText(`0:0${clipSeconds}`).waitFor();
    await card.locator("img[src*='poster.jpg']").waitFor();
    expect(await page.locator("main").textContent()).to.include("1 video");
    await expectAccessible(page);
    expect(failures).to.deep.equal([]);
  });

  it("shows the video at the pointer's position, and by the keyboard", async () => {
    const { page, failures } = await site.open("/");
    const card = findCard(page, "Sunset");
    const image = page.locator(".library-preview img");
    const readBar = () => page.locator(".library-preview-bar").getAttribute("style");
    const { width = 0 } = (await card.boundingBox()) ?? {};
    await card.hover({ position: { x: width * 0.2, y: 60 } });
    await image.waitFor();
    const early = [await image.getAttribute("style"), await readBar()];
    await card.hover({ position: { x: width * 0.9, y: 60 } });
    const late = [await image.getAttribute("style"), await readBar()];
    expect(late[0]).not.to.equal(early[0]);
    expect(late[1]).not.to.equal(early[1]);
    await page.mouse.move(0, 0);
    await image.waitFor({ state: "detached" });

    await page.getByRole("button", { name: "Select all 1" }).focus();
    await page.keyboard.press("Tab");
    await image.waitFor();
    const start = await readBar();
    await page.keyboard.press("ArrowRight");
    await page.locator(`.library-preview-bar:not([style="${start}"])`).waitFor();
    const isPrevented = page.evaluate(
      `new Promise((resolve) => document.addEventListener("keydown", (event) => event.key === "ArrowLeft" && resolve(event.defaultPrevented)))`,
    );
    await page.keyboard.press("Control+ArrowLeft");
    expect(await isPrevented).to.equal(false);
    await page.keyboard.press("Tab");
    await image.waitFor({ state: "detached" });
    expect(failures).to.deep.equal([]);
  });

  it("shows a hostile name as text, and why its upload failed", async () => {
    await drop(site, `${hostileTitle}.mkv`, { text: "no media" });
    const { page, failures } = await site.open("/");
    page.on("dialog", (dialog) => {
      failures.concat(dialog.message());
      throw new Error("A name ran as a script.");
    });
    await page.getByText("is not media that this route can process").waitFor();
    const title = page.locator(".library-title bdi").first();
    expect(await title.textContent()).to.equal(hostileTitle);
    await page.locator(".library-select input").first().check();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("1 upload, 0 outputs, 8 B").waitFor();
    expect(await dialog.getByRole("heading").textContent()).to.equal(`Delete ${hostileTitle}?`);
    await expectAccessible(page);
    expect(await page.locator("main img[src='x']").count()).to.equal(0);

    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await page.keyboard.press("Escape");
    await page.getByRole("region", { name: "Selected videos" }).waitFor({ state: "detached" });
    expect(failures).to.deep.equal([]);
  });

  it("keeps search and filters in the address, also for back and forward", async () => {
    const { page, failures } = await site.open("/");
    await findCard(page, "Sunset").waitFor();
    await page.getByRole("searchbox").fill("holi");
    await page.waitForURL("**/?q=holi");
    await page.locator(".library-grid[data-stale=false]").waitFor();
    await page.getByText("1 video", { exact: true }).waitFor();
    // A search begins while the user types two words.
    await page.getByRole("searchbox").fill("holiday/ ");
    await page.waitForURL("**/?q=holiday%2F");
    await page.locator(".library-grid[data-stale=false]").waitFor();
    expect(await page.getByRole("searchbox").inputValue()).to.equal("holiday/ ");
    await page.getByRole("searchbox").fill("holi");
    await page.waitForURL("**/?q=holi");
    await page.getByRole("combobox", { name: "Status" }).selectOption("Failed");
    await page.waitForURL("**/?q=holi&status=Error");
    await page.getByRole("heading", { name: "No videos match" }).waitFor();
    await expectAccessible(page);

    await page.reload();
    await page.getByRole("heading", { name: "No videos match" }).waitFor();
    expect(await page.getByRole("searchbox").inputValue()).to.equal("holi");
    await page.goBack();
    await findCard(page, "Sunset").waitFor();
    expect(await page.getByRole("combobox", { name: "Status" }).inputValue()).to.equal("");
    await page.goForward();
    await page.getByRole("link", { name: "Clear the filters" }).click();
    await page.getByText("2 videos", { exact: true }).waitFor();

    await page.getByRole("combobox", { name: "Route" }).selectOption("web");
    await page.getByRole("heading", { name: "No videos match" }).waitFor();
    await page.getByRole("combobox", { name: "Route" }).selectOption("ladder");
    await page.getByRole("combobox", { name: "Engine" }).selectOption("Elastic Transcoder");
    await page.waitForURL("**/?route=ladder&engine=elastic-transcoder");
    await page.getByRole("heading", { name: "No videos match" }).waitFor();
    expect(failures).to.deep.equal([]);
  });

  it("lists all jobs in a table, also those without a route and without a video", async () => {
    await drop(site, "notes.xyz", { text: "text" });
    await drop(site, "thumbnails/Still.mkv", { path: clip });
    const { page, failures } = await site.open("/");
    await page.getByRole("link", { name: "All jobs" }).click();
    await page.waitForURL("**/?view=jobs");
    const row = (key: string) => page.getByRole("row").filter({ hasText: key });
    await row("notes.xyz").getByText("notes.xyz has no route").waitFor();
    await row("thumbnails/Still.mkv").getByText("Complete").waitFor();
    await expectAccessible(page);
    await row(">")
      .getByRole("button", { name: /^Retry anyway/ })
      .click();
    await row(">").getByText("Failed").waitFor();

    await page.getByRole("combobox", { name: "Status" }).selectOption("Complete");
    await page.waitForURL("**/?view=jobs&status=Complete");
    await row("notes.xyz").waitFor({ state: "detached" });
    await page.getByRole("link", { name: "holiday/Sunset.mkv" }).click();
    await page.waitForURL("**/watch/*");
    expect(failures).to.deep.equal([]);
  });

  it("downloads the files of several videos", async () => {
    await drop(site, "lesson.mp3", { path: clip });
    const { page, failures } = await site.open("/?route=audio");
    await waitForStatus(page, "lesson", "Complete");
    await page.goto(`${site.origin}/`);
    await select(page, "lesson", "Sunset");
    const names: string[] = [];
    page.on("download", (download) => names.push(download.suggestedFilename()));
    await page.getByRole("button", { name: "Download" }).click();
    const summary = await page.getByText(/^Started the download of \d+ files\.$/).textContent();
    expect(names).to.include("lesson.mp3.m4a");
    expect(names.filter((name) => name.startsWith("Sunset "))).to.have.length.greaterThan(0);
    expect(summary).to.equal(`Started the download of ${names.length} files.`);
    expect(failures).to.deep.equal([]);
  });

  it("says why the list did not load, loads it again, and goes on after the connection was lost", async () => {
    const { page, failures } = await site.open("/upload");
    await page.route("**/videos?*", (route) => route.abort());
    await page.getByRole("link", { name: "Library" }).click();
    const alert = page.getByRole("alert");
    await alert.getByText("The videos could not be loaded").waitFor();
    expect(await alert.textContent()).to.include("The server cannot be reached");
    await expectAccessible(page);
    await page.unroute("**/videos?*");
    await alert.getByRole("button", { name: "Try again" }).click();
    await findCard(page, "Sunset").waitFor();

    const notice = page.getByText("The server cannot be reached");
    await page.context().setOffline(true);
    await notice.waitFor();
    expect(await notice.textContent()).to.include("The page also tries again by itself.");
    await drop(site, "While offline.mkv", { path: clip });
    await page.context().setOffline(false);
    await notice.waitFor({ state: "detached" });
    await waitForStatus(page, "While offline", "Complete");
    expect(failures).to.deep.equal([]);
  });
});
