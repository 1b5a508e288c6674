import { join } from "node:path";
import { expect } from "chai";
import type { Page, Request, Route } from "playwright-core";
import { makeClip } from "../e2e/program.ts";
import { expectAccessible, openPageSite, type PageSite, type PageTab } from "./page-site.ts";
import {
  uploadVideo,
  waitForExpression,
  waitForStatus,
  waitUntilPlayable,
  withFolder,
} from "./page-videos.ts";

/** A response that ends too early, as after a lost connection. */
const breakOff = (route: Route) => route.fulfill({ contentType: "application/json", body: '{"id":' });

describe("the watch view of the page, when something fails", function () {
  this.timeout(240_000);
  let site: PageSite;
  let tab: PageTab;
  let page: Page;
  let first: string;
  let second: string;
  before(async () => {
    site = await openPageSite();
    await withFolder(async (folder) => {
      const upload = async (name: string) => {
        const path = join(folder, name);
        await makeClip(path, 6);
        return uploadVideo(site, path);
      };
      [first, second] = [await upload("First.mkv"), await upload("Second.mkv")];
    });
    for (const id of [first, second]) await waitForStatus(site, id, "Complete");
  });
  after(() => site?.close());
  beforeEach(async () => {
    tab = await site.open("/openapi.json", { viewport: { width: 1280, height: 900 } });
    ({ page } = tab);
  });
  afterEach(async () => {
    expect(tab.failures).to.deep.equal([]);
    await page.context().close();
  });
  const open = (path: string) => page.goto(`${site.origin}${path}`);
  /** Opens a view as a link of the page does, without loading the page again. */
  const follow = (path: string) =>
    page.evaluate(`(() => {
      const link = document.createElement("a");
      link.href = ${JSON.stringify(path)};
      document.body.append(link);
      link.click();
      link.remove();
    })()`);

  it("shows the video of its address, also if an earlier request takes longer", async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route(`**/videos/${first}`, async (route) => {
      const response = await route.fetch();
      await held;
      // The page may have given the request up.
      await route.fulfill({ response }).catch(() => undefined);
    });
    await Promise.all([page.waitForRequest(`**/videos/${first}`), open(`/watch/${first}?t=3`)]);
    const isFirst = { predicate: (request: Request) => request.url().endsWith(`/videos/${first}`) };
    const ended = Promise.race([
      page.waitForEvent("requestfinished", isFirst),
      page.waitForEvent("requestfailed", isFirst),
    ]);
    await follow(`/watch/${second}`);
    await page.getByRole("heading", { level: 1, name: "Second" }).waitFor();
    release();
    await ended;
    await waitUntilPlayable(page);

    expect(await page.getByRole("heading", { level: 1 }).textContent()).to.equal("Second");
    await page.getByRole("button", { name: "Copy link at 0:00" }).waitFor();
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog", { name: "Delete Second?" }).waitFor();
  });

  it("closes the dialogs of a video that it leaves", async () => {
    await open(`/watch/${first}`);
    await page.getByRole("button", { name: "Share" }).click();
    await page.getByRole("dialog").waitFor();
    await follow(`/watch/${second}`);
    await page.getByRole("heading", { level: 1, name: "Second" }).waitFor();
    expect(await page.getByRole("dialog").count()).to.equal(0);
  });

  it("says that a response was incomplete, and tries again", async () => {
    await page.route(`**/videos/${first}`, breakOff, { times: 1 });
    await page.route("**/jobs/*/cost", breakOff, { times: 1 });
    await page.route("**/videos/*/outputs", breakOff, { times: 1 });
    await open(`/watch/${first}`);
    await page.getByText("The video could not be loaded").waitFor();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { level: 1, name: "First" }).waitFor();
    await page.getByText("The cost cannot be shown.").waitFor();
    await page.getByText("The outputs cannot be listed").waitFor();
    await waitUntilPlayable(page);
  });

  it("says that an operation has failed, and why", async () => {
    await page.route("**/videos/*/shares", breakOff, { times: 1 });
    await open(`/watch/${first}`);
    await page.getByRole("button", { name: "Share" }).click();
    await page.getByRole("button", { name: "Create link" }).click();
    await page.getByText("The link could not be created").waitFor();
    await waitForExpression(page, `document.activeElement?.textContent === "Create link"`);
    await page.keyboard.press("Enter");
    await page.getByLabel("Link", { exact: true }).waitFor();
    expect(await page.getByText("The link could not be created").count()).to.equal(0);
  });

  for (const [storage, script] of [
    ["with", ""],
    [
      "without",
      `Object.defineProperty(window, "sessionStorage", { get() { throw new DOMException("", "SecurityError"); } });`,
    ],
  ] as const)
    it(`says that the player's program cannot be loaded, ${storage} the browser's storage`, async () => {
      await page.addInitScript(script);
      await page.route("**/assets/player-*.js", (route) => route.abort());
      await open(`/watch/${first}`);
      await page.getByText("This view cannot be shown").waitFor();
      await page.getByRole("button", { name: "Reload" }).waitFor();
      expect(await page.getByRole("heading", { level: 1 }).textContent()).to.equal("First");
      await expectAccessible(page);
    });

  it("requests the upload again when its URL has expired", async () => {
    await page.clock.install();
    let isExpired = true;
    await page.route("**/input/**", async (route) => {
      if (!isExpired) return route.fallback();
      isExpired = false;
      await page.clock.fastForward(3_600_000);
      return route.fulfill({ status: 403, contentType: "application/problem+json", body: "{}" });
    });
    await open(`/watch/${first}`);
    await Promise.all([
      page.waitForResponse((response) => response.url().includes("/input/") && response.ok()),
      page.getByRole("button", { name: "Compare side by side" }).click(),
    ]);
    await waitForExpression(page, `document.querySelector(".watch-compare video").readyState >= 2`);
    expect(isExpired).to.equal(false);
    expect(await page.getByText("This browser cannot play the format of the upload.").count()).to.equal(0);
  });
});
