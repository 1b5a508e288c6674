import { join } from "node:path";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { makeClip } from "../e2e/program.ts";
import { expectAccessible, openPageSite, type PageSite, type PageTab } from "./page-site.ts";
import {
  addUser,
  password,
  uploadVideo,
  waitForExpression,
  waitForPlayer,
  waitForStatus,
  waitUntilPlayable,
  withFolder,
} from "./page-videos.ts";

describe("a shared video of a server that requires authentication", function () {
  this.timeout(180_000);
  let site: PageSite;
  let owner: PageTab;
  let link: string;
  const visitors: PageTab[] = [];
  before(async () => {
    site = await openPageSite("--auth");
    addUser(site, "ann");
    let id = "";
    await withFolder(async (folder) => {
      const path = join(folder, "Lecture 1.mkv");
      await makeClip(path, 12, "640x360");
      id = await uploadVideo(site, path);
    });
    await waitForStatus(site, id, "Complete");
    owner = await site.open(`/watch/${id}`);
    await owner.page.getByLabel("Name").fill("ann");
    await owner.page.getByLabel("Password").fill(password);
    await owner.page.getByRole("button", { name: "Sign in" }).click();
    await waitUntilPlayable(owner.page);
  });
  after(async () => {
    await site?.close();
  });
  afterEach(() => {
    for (const { failures } of [owner, ...visitors]) expect(failures).to.deep.equal([]);
  });
  /** Opens a link as somebody who has never been here. */
  const visit = async (url: string): Promise<Page> => {
    const visitor = await site.open(new URL(url).pathname + new URL(url).search);
    visitors.push(visitor);
    return visitor.page;
  };

  it("has a link whose validity its owner chooses", async () => {
    const { page } = owner;
    await page.getByRole("button", { name: "Share" }).click();
    await page.getByRole("radio", { name: "1 day" }).check();
    await page.getByRole("button", { name: "Create link" }).click();
    const field = page.getByLabel("Link", { exact: true });
    await field.waitFor();
    await waitForExpression(
      page,
      `(({ value, selectionStart, selectionEnd }) => value?.includes("/shares/") && selectionEnd - selectionStart === value.length)(document.activeElement)`,
    );
    await expectAccessible(page);
    link = await field.inputValue();
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("button", { name: "Copy link", exact: true }).click();
    await page.getByText("Copied").waitFor();
    expect(await page.evaluate("navigator.clipboard.readText()")).to.equal(link);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(new URL(link).pathname).to.match(/^\/shares\//);
  });

  it("plays in a fresh profile, with the images of the seek bar, and shows nothing else", async () => {
    const page = await visit(link);
    await waitUntilPlayable(page);
    expect(new URL(page.url()).pathname).to.match(/^\/shared\//);
    expect(await page.getByRole("heading", { level: 1 }).textContent()).to.equal("Lecture 1");
    expect(await page.getByText(/^Shared with you until /).isVisible()).to.equal(true);
    expect(await page.getByRole("navigation").count()).to.equal(0);
    expect(await page.getByRole("link").allTextContents()).to.deep.equal(["Skip to content"]);
    await page.locator("media-play-button").click();
    await waitForPlayer(
      page,
      "video.currentTime > 1 && video.getVideoPlaybackQuality().totalVideoFrames > 0",
    );
    await waitForPlayer(
      page,
      `[...video.textTracks].some((track) => track.label === "thumbnails" && track.cues?.length > 0)`,
    );
    await expectAccessible(page);
    const statuses = await page.evaluate(
      `Promise.all(["/jobs", "/videos"].map(async (path) => (await fetch(path)).status))`,
    );
    expect(statuses).to.deep.equal([401, 401]);
  });

  it("starts at the time of the link", async () => {
    const page = await visit(`${link}?t=5`);
    await waitForPlayer(page, "Math.abs(video.currentTime - 5) < 0.2");
    expect(new URL(page.url()).pathname).to.match(/^\/shared\//);
  });

  it("says that a response was incomplete, and tries again", async () => {
    const visitor = await site.open("/sign-in");
    visitors.push(visitor);
    const { page } = visitor;
    await page.route(
      "**/shares/*",
      (route) => route.fulfill({ contentType: "application/json", body: "{" }),
      {
        times: 1,
      },
    );
    await page.goto(link.replace("/shares/", "/shared/"));
    await page.getByRole("heading", { name: "The video cannot be opened now" }).waitFor();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Try again" }).click();
    await waitUntilPlayable(page);
  });

  it("says that a link is not valid", async () => {
    const page = await visit(link.slice(0, -4));
    await page.getByRole("heading", { name: "This link is not valid" }).waitFor();
    expect(new URL(page.url()).pathname).to.match(/^\/shared\//);
    await expectAccessible(page);
  });

  it("says that a link has expired", async () => {
    const { page: ownerPage } = owner;
    const url = String(
      await ownerPage.evaluate(`(async () => {
        const id = location.pathname.split("/").pop();
        const response = await fetch("/videos/" + id + "/shares", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ expiresInSeconds: 1 }),
        });
        const share = await response.json();
        while ((await fetch(share.url)).ok);
        return share.url;
      })()`),
    );
    const page = await visit(url);
    await page.getByRole("heading", { name: "This link has expired" }).waitFor();
    await expectAccessible(page);
  });

  it("says that the video has been deleted", async () => {
    const { page: ownerPage } = owner;
    await ownerPage.getByRole("button", { name: "Delete" }).click();
    await ownerPage.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await ownerPage.waitForURL(`${site.origin}/`);
    const page = await visit(link);
    await page.getByRole("heading", { name: "The video has been deleted" }).waitFor();
    await expectAccessible(page);
  });
});
