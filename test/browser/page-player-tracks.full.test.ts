import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { findMediaPrograms } from "../../adapters/local/media-programs.ts";
import { expectAccessible, openPageSite, type PageSite, type PageTab } from "./page-site.ts";
import { uploadVideo, waitForPlayer, waitForStatus, waitUntilPlayable, withFolder } from "./page-videos.ts";

const run = promisify(execFile);

/** A video with two audio tracks and two subtitle tracks. */
const makeFilm = async (folder: string): Promise<string> => {
  const path = join(folder, "Tracks.mkv");
  const cues = ["Hello", "Hallo"];
  for (const [index, text] of cues.entries())
    await writeFile(join(folder, `${index}.srt`), `1\n00:00:00,000 --> 00:00:07,000\n${text}\n`);
  await run(findMediaPrograms("").ffmpeg, [
    ...["-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=24:d=8"],
    ...["-f", "lavfi", "-i", "sine=300:d=8", "-f", "lavfi", "-i", "sine=900:d=8"],
    ...cues.flatMap((_, index) => ["-i", join(folder, `${index}.srt`)]),
    ...["-map", "0", "-map", "1", "-map", "2", "-map", "3", "-map", "4"],
    ...["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", "-c:s", "srt"],
    ...["-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "title=Commentary"],
    ...["-metadata:s:s:0", "language=eng", "-metadata:s:s:1", "language=ger", "-disposition:s", "0"],
    path,
  ]);
  return path;
};

describe("the player's menus of audio and captions", function () {
  this.timeout(240_000);
  let site: PageSite;
  let id: string;
  let tab: PageTab;
  before(async () => {
    site = await openPageSite();
    await withFolder(async (folder) => {
      id = await uploadVideo(site, await makeFilm(folder));
    });
    await waitForStatus(site, id, "Complete");
  });
  after(() => site?.close());
  beforeEach(async () => {
    tab = await site.open(`/watch/${id}`, { viewport: { width: 1280, height: 900 } });
    await waitUntilPlayable(tab.page);
  });
  afterEach(async () => {
    expect(tab.failures).to.deep.equal([]);
    await tab.page.context().close();
  });
  const listItems = (page: Page) => page.getByRole("menuitemradio");
  const listChecked = (page: Page) => page.getByRole("menuitemradio", { checked: true }).allTextContents();

  it("change the audio track", async () => {
    const { page } = tab;
    const button = page.locator("media-audio-track-menu-button");
    await button.click();
    expect(await listItems(page).allTextContents()).to.deep.equal(["English", "Commentary"]);
    expect(await listChecked(page)).to.deep.equal(["English"]);
    await expectAccessible(page);
    const commentary = page.waitForResponse((response) => response.url().endsWith("/rendition-2.mp4"));
    await page.getByRole("menuitemradio", { name: "Commentary" }).click();
    expect((await commentary).status()).to.equal(206);
    await button.click();
    expect(await listChecked(page)).to.deep.equal(["Commentary"]);
    await page.keyboard.press("Escape");
    await page.locator("media-play-button").click();
    await waitForPlayer(page, "video.currentTime > 1");
  });

  it("show and hide captions", async () => {
    const { page } = tab;
    const button = page.locator("media-captions-menu-button");
    await button.click();
    expect(await listItems(page).allTextContents()).to.deep.equal(["Off", "English", "German"]);
    expect(await listChecked(page)).to.deep.equal(["Off"]);
    await page.getByRole("menuitemradio", { name: "German" }).click();
    await page.locator("media-play-button").click();
    const active = (mode: string) =>
      `[...video.textTracks].some((track) => track.kind === "subtitles" && track.mode === "${mode}" && track.label === "German" && track.activeCues?.[0]?.text === "Hallo")`;
    await waitForPlayer(page, active("showing"));
    await button.click();
    await page.getByRole("menuitemradio", { name: "Off" }).click();
    await waitForPlayer(page, `![...video.textTracks].some(({ mode }) => mode === "showing")`);
  });
});
