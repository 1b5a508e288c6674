import { expect } from "chai";
import type { Route } from "playwright-core";
import * as z from "zod";
import { seedVideos } from "../../bench/seed-videos.ts";
import { findCard } from "./library-page.ts";
import { expectAccessible, openPageSite, type PageSite, type PageTab } from "./page-site.ts";

const listSchema = z.looseObject({ videos: z.array(z.record(z.string(), z.unknown())) });
const videoCount = 10_000;
/** A window of 1360 × 900 pixels shows about 16 cards. */
const maxCards = 60;

describe("the library with 10,000 videos", function () {
  this.timeout(400_000);
  let site: PageSite;
  let tab: PageTab;
  before(async () => {
    site = await openPageSite();
    await site.restart((data) => seedVideos(data, videoCount));
    tab = await site.open("/", { viewport: { width: 1360, height: 900 } });
  });
  after(() => site?.close());

  const countCards = () => tab.page.getByRole("listitem").count();

  it("loads all of them while the user scrolls, with few cards in the document", async () => {
    const { page, failures } = tab;
    await findCard(page, "lesson 9999").waitFor();
    const counts = page.locator(".library-count p");
    for (
      let text = await counts.textContent();
      text?.includes("more below");
      text = await counts.textContent()
    ) {
      // As a user who holds the key: the end moves away with each page that arrives.
      await page.evaluate(`new Promise((resolve) => {
        const scroll = () => window.scrollTo(0, document.documentElement.scrollHeight);
        const hasChanged = () => document.querySelector(".library-count p").textContent !== ${JSON.stringify(text)};
        const observer = new MutationObserver(() => {
          scroll();
          if (!hasChanged()) return;
          observer.disconnect();
          resolve();
        });
        observer.observe(document.body, { subtree: true, childList: true, characterData: true });
        scroll();
        if (hasChanged()) resolve();
      })`);
      expect(await countCards()).to.be.within(1, maxCards);
    }
    await page.keyboard.press("End");
    await findCard(page, "lesson 0").waitFor();
    await page.getByText("10,000 videos", { exact: true }).waitFor();
    expect(await findCard(page, "lesson 0").getAttribute("aria-posinset")).to.equal("10000");
    expect(await findCard(page, "lesson 0").getAttribute("aria-setsize")).to.equal("10000");
    await expectAccessible(page);
    expect(failures).to.deep.equal([]);
  });

  it("selects, scrolls and searches without a task that blocks the page", async () => {
    const { page, failures } = tab;
    await page.evaluate(`{
      globalThis.longTasks = [];
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) globalThis.longTasks.push(duration);
      }).observe({ type: "longtask" });
    }`);
    const findCheckbox = (title: string) =>
      page.getByRole("checkbox", { name: `Select ${title}`, exact: true });
    await page.keyboard.press("Home");
    await findCheckbox("lesson 9999").check();
    await findCheckbox("lesson 9994").click({ modifiers: ["Shift"] });
    await page.getByText("6 videos selected").waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Home");
    await page.getByRole("button", { name: "Select all 10,000" }).click();
    await page.getByText("10,000 videos selected").waitFor();
    await page.getByRole("button", { name: "Clear the selection" }).click();
    for (let step = 0; step < 10; step += 1) await page.mouse.wheel(0, 800);
    await page.getByRole("searchbox").fill("lesson 777");
    await page.getByText("11 videos", { exact: true }).waitFor();
    const longTasks = z.array(z.number()).parse(await page.evaluate("globalThis.longTasks"));
    // The bench `page` measures times; a task of a list that renders all cards takes seconds.
    expect(Math.max(0, ...longTasks)).to.be.lessThan(500);
    expect(failures).to.deep.equal([]);
  });

  it("stops the check of a deletion when the dialog is closed", async () => {
    const { page, failures } = tab;
    await page.getByRole("searchbox").fill("");
    await page.getByText("10,000 videos", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Select all 10,000" }).click();
    let requestCount = 0;
    const deletions = (url: URL) => /^\/videos\/\w+$/.test(url.pathname);
    // These requests have no response.
    await page.route(deletions, () => {
      requestCount += 1;
    });
    const failedRequest = page.waitForEvent("requestfailed");
    const request = page.waitForRequest((sent) => sent.method() === "DELETE");
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Delete 10,000 videos?" });
    await dialog.getByText("Checking what will be removed").waitFor();
    await request;
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await failedRequest;
    await dialog.waitFor({ state: "detached" });
    await page.unroute(deletions);
    await page.getByRole("button", { name: "Clear the selection" }).click();
    expect(requestCount).to.be.within(1, 4);
    expect(failures).to.deep.equal([]);
  });

  it("removes a video below the first page that was deleted elsewhere", async () => {
    const { page, failures } = await site.open("/upload", { viewport: { width: 1360, height: 900 } });
    // The page has read this video before its deletion.
    const addDeletedVideo = async (route: Route) => {
      const response = await route.fetch();
      const list = listSchema.parse(await response.json());
      const [first, ...others] = list.videos;
      const deleted = { ...first, id: "a".repeat(52), title: "Deleted", status: "Progressing" };
      await route.fulfill({ response, json: { ...list, videos: [deleted, ...others] } });
    };
    await page.route(/\/videos\?.*cursor=/, addDeletedVideo, { times: 1 });
    await page.getByRole("link", { name: "Library" }).click();
    await findCard(page, "lesson 9999").waitFor();
    await page.mouse.move(600, 600);
    await page.mouse.wheel(0, 1500);
    await findCard(page, "Deleted").waitFor();
    await findCard(page, "Deleted").waitFor({ state: "detached" });
    await page.mouse.wheel(0, 100);
    expect(await findCard(page, "Deleted").count()).to.equal(0);
    expect(failures).to.deep.equal([]);
  });

  it("comes back from a video to the same place", async () => {
    const { page, failures } = tab;
    await page.getByRole("searchbox").fill("");
    await page.getByText("10,000 videos", { exact: true }).waitFor();
    await page.evaluate("window.scrollTo(0, 100000)");
    const card = page.getByRole("listitem").nth(20);
    await findCard(page, "lesson 9999").waitFor({ state: "detached" });
    const title = (await card.getByRole("link").textContent()) ?? "";
    await card.getByRole("link").click();
    await page.waitForURL("**/watch/*");
    await page.goBack();
    await findCard(page, title).waitFor();
    const scrollTop = z.number().parse(await page.evaluate("window.scrollY"));
    expect(scrollTop).to.be.greaterThan(50_000);
    expect(await countCards()).to.be.within(1, maxCards);
    expect(failures).to.deep.equal([]);
  });
});
