import { join } from "node:path";
import { expect } from "chai";
import type { Page } from "playwright-core";
import * as z from "zod";
import { expectAccessible, openPageSite, type PageSite, type PageTab } from "./page-site.ts";
import {
  filmSeconds,
  makeFilm,
  readPlayer,
  tileSeconds,
  uploadVideo,
  waitForExpression,
  waitForPlayer,
  waitForStatus,
  waitUntilPlayable,
  withFolder,
} from "./page-videos.ts";

/** Color of the middle of the preview on the seek bar, as the browser paints it. */
const readPreviewColor = async (page: Page): Promise<readonly number[]> =>
  z.array(z.number()).parse(
    await page.evaluate(`(async () => {
      const preview = document.querySelector("media-preview-thumbnail");
      const [, left, top, width, height] = preview.mediaPreviewCoords ? [0, ...preview.mediaPreviewCoords] : [];
      const image = new Image();
      image.src = preview.mediaPreviewImage;
      await image.decode();
      const canvas = document.createElement("canvas");
      const context = canvas.getContext("2d");
      context.drawImage(image, left + width / 2, top + height / 2, 1, 1, 0, 0, 1, 1);
      return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
    })()`),
  );

const expectColor = (color: readonly number[], expected: readonly number[]): void => {
  color.forEach((value, index) => {
    expect(value, `${color}`).to.be.closeTo(expected[index] ?? -1, 40);
  });
};

describe("the player of the page", function () {
  this.timeout(240_000);
  let site: PageSite;
  let id: string;
  let tab: PageTab;
  before(async () => {
    site = await openPageSite();
    await withFolder(async (folder) => {
      const path = join(folder, "Film.mkv");
      await makeFilm(path);
      id = await uploadVideo(site, path);
    });
    await waitForStatus(site, id, "Complete");
  });
  after(() => site?.close());
  const open = async (query = "") => {
    tab = await site.open(`/watch/${id}${query}`, { viewport: { width: 1280, height: 900 } });
    await waitUntilPlayable(tab.page);
    return tab.page;
  };
  afterEach(async () => {
    expect(tab.failures).to.deep.equal([]);
    await tab.page.context().close();
  });
  it("plays a ladder to its end, with every frame decoded", async () => {
    const page = await open();
    await page.locator("media-play-button").click();
    await waitForPlayer(page, "video.currentTime > 1");
    const early = await readPlayer(page);
    await expectAccessible(page);
    await waitForPlayer(page, "video.ended");
    const late = await readPlayer(page);

    expect(early.frames).to.be.greaterThan(0);
    expect(late.frames).to.be.greaterThan(early.frames);
    expect(late.currentTime).to.be.closeTo(filmSeconds, 0.2);
    // A busy machine may skip some.
    expect(late.frames).to.be.greaterThan(filmSeconds * 24 * 0.8);
  });

  it("changes the quality by its menu", async () => {
    const page = await open();
    const menuButton = page.locator("media-rendition-menu-button");
    const select = async (name: RegExp) => {
      await menuButton.click();
      await page.getByRole("menuitemradio", { name }).click();
    };
    await page.locator("media-play-button").click();
    await select(/^360p/);
    await waitForPlayer(page, "video.videoHeight === 360");
    await select(/^720p/);
    await waitForPlayer(page, "video.videoHeight === 720");
    await menuButton.click();
    await expectAccessible(page);
    expect(await page.getByRole("menuitemradio", { checked: true }).allTextContents()).to.deep.equal([
      "720p",
    ]);
    expect(await page.getByRole("menuitemradio").allTextContents()).to.deep.equal([
      "720p",
      "480p",
      "360p",
      "Auto",
    ]);
  });

  it("changes the speed by its menu, with the keyboard alone", async () => {
    const page = await open();
    await page.locator("media-playback-rate-menu-button").focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menuitemradio", { name: "1.5x" }).waitFor();
    await expectAccessible(page);
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await waitForPlayer(page, "video.playbackRate === 1.5");
  });

  it("shows the images of the sprite sheet over the seek bar", async () => {
    const page = await open();
    const bar = await page.locator("media-time-range").boundingBox();
    if (bar === null) throw new Error("The seek bar is not visible.");
    const colors = [
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
      [255, 255, 0],
    ];
    for (const [index, color] of colors.entries()) {
      const seconds = (index + 0.5) * tileSeconds;
      await page.mouse.move(bar.x + (bar.width * seconds) / filmSeconds, bar.y + bar.height / 2);
      await waitForExpression(
        page,
        `Math.abs(document.querySelector("media-preview-time-display").mediaPreviewTime - ${seconds}) < 1`,
      );
      expectColor(await readPreviewColor(page), color);
    }
    await page.locator("media-time-range > media-preview-thumbnail").waitFor();
  });

  it("follows the keyboard, wherever the focus is outside of controls", async () => {
    const page = await open();
    const press = async (key: string, expression: string) => {
      await page.keyboard.press(key);
      await waitForPlayer(page, expression);
    };
    /** The time from which the controls seek follows that of the element. */
    const pressSeek = async (key: string, seconds: number) => {
      await press(key, `Math.abs(video.currentTime - ${seconds}) < 0.2`);
      await waitForExpression(
        page,
        `Math.abs(document.querySelector("media-time-display").mediaCurrentTime - ${seconds}) < 0.2`,
      );
    };
    await pressSeek("ArrowRight", 10);
    await pressSeek("l", 20);
    await pressSeek("j", 10);
    await press("m", "video.muted");
    await press(">", "video.playbackRate === 1.25");
    await waitForExpression(
      page,
      `document.querySelector("media-playback-rate-menu-button").mediaPlaybackRate === 1.25`,
    );
    await press("<", "video.playbackRate === 1");
    await press(
      " ",
      `!video.paused && !document.querySelector("media-controller").hasAttribute("mediapaused")`,
    );
    await press("k", "video.paused");
    await page.keyboard.press("f");
    await waitForExpression(
      page,
      `document.fullscreenElement !== null && document.querySelector("media-controller").hasAttribute("mediaisfullscreen")`,
    );
    await page.keyboard.press("f");
    await waitForExpression(page, "document.fullscreenElement === null");
    await page.getByText("Keyboard shortcuts").click();
    expect(await page.getByText("Back 10 seconds").isVisible()).to.equal(true);
    // In a field, keys are text.
    await page.getByRole("button", { name: "Share" }).click();
    const { muted } = await readPlayer(page);
    await page.keyboard.press("m");
    // Behind a dialog, the player has no keys, also if no element has the focus, as when its button is disabled.
    await page.evaluate("document.activeElement.blur()");
    await waitForExpression(page, "document.activeElement === document.body");
    await page.keyboard.press("m");
    expect((await readPlayer(page)).muted).to.equal(muted);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByRole("heading", { level: 1 }).focus();
    await press("m", `video.muted === ${!muted}`);
  });

  it("starts at the time of the link, and copies links to its time", async () => {
    const page = await open("?t=12s");
    await waitForPlayer(page, "Math.abs(video.currentTime - 12) < 0.2");
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.keyboard.press("ArrowLeft");
    await page.getByRole("button", { name: "Copy link at 0:02" }).click();
    await page.getByText("Copied").waitFor();
    expect(await page.evaluate("navigator.clipboard.readText()")).to.equal(`${site.origin}/watch/${id}?t=2`);
  });

  it("has buttons for picture in picture and full screen, and for captions only where the video has them", async () => {
    const page = await open();
    expect(await page.locator("media-pip-button").isVisible()).to.equal(true);
    expect(await page.locator("media-fullscreen-button").isVisible()).to.equal(true);
    expect(await page.locator("media-captions-menu-button").isVisible()).to.equal(false);
  });

  it("says that the browser cannot decode a file, and offers to download it", async () => {
    tab = await site.open("/");
    const { page } = tab;
    await page.route("**/playback", async (route) => {
      const response = await route.fetch();
      const playback = z.looseObject({ kind: z.string() }).parse(await response.json());
      // A file that is not a video.
      const file = { kind: "file", url: `${site.origin}/openapi.json`, contentType: "video/mp4" };
      await route.fulfill({ response, json: { ...playback, ...file } });
    });
    await page.goto(`${site.origin}/watch/${id}`);
    await page.getByText("This browser cannot play the video").waitFor();
    // Without a player, the keys are the browser's.
    await page.evaluate(`document.addEventListener("keydown", (event) => {
      document.body.dataset.isPrevented = String(event.defaultPrevented);
    })`);
    await page.keyboard.press(" ");
    expect(await page.evaluate("document.body.dataset.isPrevented")).to.equal("false");
    const link = page.getByRole("link", { name: "Download", exact: true });
    expect(await link.getAttribute("href")).to.equal(`${site.origin}/openapi.json`);
    const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
    expect(download.suggestedFilename()).to.equal("Film.json");
    await expectAccessible(page);
  });

  it("requests access again when it has expired, and goes on at the same time", async () => {
    tab = await site.open("/");
    const { page } = tab;
    let refusals = 0;
    let requests = 0;
    page.on("request", (request) => {
      if (request.url().endsWith("/playback")) requests += 1;
    });
    // As after 12 hours: segments are refused once.
    await page.route("**/rendition-*.mp4", async (route) => {
      if (refusals > 0 || !page.url().includes("/watch/")) return route.fallback();
      refusals += 1;
      return route.fulfill({ status: 403, contentType: "application/problem+json", body: "{}" });
    });
    await page.goto(`${site.origin}/watch/${id}?t=8`);
    await waitUntilPlayable(page);
    await page.locator("media-play-button").click();
    await waitForPlayer(page, "video.currentTime > 9");

    expect([refusals, requests]).to.deep.equal([1, 2]);
  });
});
